/* SPDX-License-Identifier: MIT */
/* The state of the interface, and what follows from it. */
#include "tui/ui/ui.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TOAST_NS UINT64_C(2000000000)

void ui_init(struct ui *ui)
{
	*ui = (struct ui){
		.columns = 80,
		.rows = 24,
		.follow = true,
		.mark = UI_NO_CELL,
		.sort = SORT_MEDIAN,
		.zoom = {0, 1, 0.5},
		.own_cpu = (double)NAN,
		.theme = "auto",
		.mouse = true,
		.mouse_setting = true,
	};
	keymap_init(&ui->keymap);
	picker_init(&ui->picker);
}

void ui_note(struct ui *ui, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(ui->notes[ui->note_count % UI_NOTES], UI_TEXT_BYTES, format, args);
	va_end(args);
	ui->note_count++;
}

void ui_toast(struct ui *ui, enum role role, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(ui->toast.text, sizeof(ui->toast.text), format, args);
	va_end(args);
	ui->toast.role = role;
	/* What went wrong takes longer to read. */
	ui->toast.until_ns = ui->now_ns + (role == ROLE_BAD ? 3 : 1) * TOAST_NS;
	ui_note(ui, "%s", ui->toast.text);
}

void ui_show(struct ui *ui, enum screen screen)
{
	ui->log = false;
	if (screen == SCREEN_DETAIL && ui->screen != SCREEN_DETAIL)
		ui->detail_from = ui->screen;
	ui->screen = screen;
	if (screen == SCREEN_SETUP)
		ui->picker.stale = true; /* what is free may have changed */
}

enum key_context ui_screen_context(enum screen screen)
{
	return (enum key_context)(1 << screen);
}

enum key_context ui_context(const struct ui *ui)
{
	if (ui->ask != ASK_NOTHING)
		return IN_ASK;
	if (ui->prompt.kind != PROMPT_NONE)
		return IN_PROMPT;
	return ui->help.open ? IN_HELP : ui_screen_context(ui->screen);
}

const struct cell *ui_cell(const struct ui *ui, const struct model *model)
{
	return ui->cell < model->cell_count ? &model->cells[ui->cell] : NULL;
}

const struct array_type *ui_type(const struct ui *ui, const struct model *model)
{
	struct row_types types;

	rows_types(model, &types);
	return ui->type < types.count ? types.types[ui->type] : NULL;
}

bool ui_more(const struct model *model, size_t cell, struct ranking_more *more)
{
	struct ranking ranking;

	more->rows.count = 0;
	if (cell >= model->cell_count)
		return false;
	ranking_make(&ranking, model, &model->cells[cell].plan->type, RANKING_SO_FAR);
	if (ranking.best)
		ranking_more(&ranking, more);
	return more->rows.count > 0;
}

void ui_rows(const struct ui *ui, const struct model *model, struct rows *rows)
{
	const struct array_type *type = ui_type(ui, model);

	if (ui->screen == SCREEN_COMPARE)
		rows_of_type(model, type, ui->sort, ui->sort_inverted, rows);
	else if (ui->screen == SCREEN_DETAIL && ui->cell < model->cell_count)
		rows_with_steps(model, ui->cell, rows);
	else
		rows_of_type(model, type, SORT_PLAN, false, rows);
}

static bool same_transport(const struct model *model, size_t a, size_t b)
{
	const struct transport *x = &model->cells[a].plan->transport;
	const struct transport *y = &model->cells[b].plan->transport;

	return x->carrier == y->carrier && x->encoding == y->encoding;
}

static int row_of(const struct rows *rows, size_t cell)
{
	for (size_t i = 0; i < rows->count; i++)
		if (rows->cells[i] == cell)
			return (int)i;
	return -1;
}

int ui_selected_row(const struct ui *ui, const struct model *model, const struct rows *rows)
{
	int row = row_of(rows, ui->cell);

	if (row < 0 && ui->cell < model->cell_count)
		row = row_of(rows, rows_rival(model, ui->cell));
	return row;
}

/* Selects the selected cell's shape, unless compare shows all types. */
static void select_shape(struct ui *ui, const struct model *model)
{
	struct row_types types;
	struct rows rows;
	size_t i = 0;

	rows_types(model, &types);
	if (ui->type < types.count) {
		ui->type = rows_type_of(&types, &model->cells[ui->cell]);
		return;
	}
	ui->type = types.count;
	if (ui->screen != SCREEN_COMPARE) {
		ui->type = rows_type_of(&types, &model->cells[ui->cell]);
		return;
	}
	/* A row over all types stands for a transport: its first cell is selected. */
	rows_of_type(model, NULL, SORT_PLAN, false, &rows);
	while (i < rows.count && !same_transport(model, rows.cells[i], ui->cell))
		i++;
	if (i < rows.count)
		ui->cell = rows.cells[i];
}

void ui_forget_cells(struct ui *ui)
{
	ui->mark = UI_NO_CELL;
	if (ui->ask == ASK_DUEL)
		ui->ask = ASK_NOTHING;
}

void ui_follow(struct ui *ui, const struct model *model)
{
	if (model->cell_count == 0) {
		ui->cell = 0;
		ui->type = 0;
		return;
	}
	if (ui->cell >= model->cell_count)
		ui->cell = 0;
	if (ui->mark >= model->cell_count)
		ui->mark = UI_NO_CELL;
	if (ui->follow && ui->screen == SCREEN_LIVE && model->current < model->cell_count)
		ui->cell = model->current;
	select_shape(ui, model);
}
