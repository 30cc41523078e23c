/* SPDX-License-Identifier: MIT */
/* The state of the interface: events go to what is on top, the selection stays valid. */
#include "tui/ui/ui.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "transports/unused.h"
#include "tui/ui/ui_actions.h"

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

enum key_context ui_screen_context(enum screen screen)
{
	static const enum key_context contexts[SCREEN_COUNT] = {
		IN_SETUP,
		IN_LIVE,
		IN_COMPARE,
		IN_DETAIL,
	};

	return contexts[screen];
}

enum key_context ui_context(const struct ui *ui)
{
	if (ui->ask != ASK_NOTHING)
		return IN_ASK;
	if (ui->prompt.kind != PROMPT_NONE)
		return IN_PROMPT;
	return ui->help.open ? IN_HELP : ui_screen_context(ui->screen);
}

static bool can_skip(const struct ui *ui UNUSED, const struct model *model)
{
	return model->current < model->cell_count;
}

static bool can_retry(const struct ui *ui, const struct model *model)
{
	const struct cell *cell = ui_cell(ui, model);

	return cell && cell_state_final(cell->state);
}

static bool can_drop(const struct ui *ui, const struct model *model)
{
	const struct cell *cell = ui_cell(ui, model);

	return cell && !cell_state_final(cell->state) && ui->cell != model->current;
}

/* Its rounds are pairs of blocks: one side cannot begin again. */
static bool is_no_duel(const struct ui *ui UNUSED, const struct model *model)
{
	return model->cell_count == 0 || !model->plan->duel;
}

static bool can_duel(const struct ui *ui, const struct model *model)
{
	struct rows rows;

	if (!ui_shape(ui, model))
		return false;
	rows_of_shape(model, ui_shape(ui, model), SORT_PLAN, false, &rows);
	return rows.count > 1;
}

/* Small compare screens show a shape without the table over all of them. */
static bool can_unit(const struct ui *ui, const struct model *model)
{
	return layout_size(ui->columns, ui->rows) >= SIZE_WIDE || !ui_shape(ui, model);
}

static bool can_plot(const struct ui *ui, const struct model *model)
{
	if (ui->screen != SCREEN_COMPARE)
		return true;
	return layout_size(ui->columns, ui->rows) >= SIZE_WIDE && ui_shape(ui, model);
}

static bool can_help_do(const struct ui *ui, const struct model *model UNUSED)
{
	return !ui->help.notes;
}

/* What some actions need beyond their row of keys.def, once there is a run. */
static const struct ui_need {
	enum action action;
	bool (*met)(const struct ui *ui, const struct model *model);
	const char *otherwise;
} need_table[] = {
	{ACTION_SKIP, can_skip, "no cell is under way just now"},
	{ACTION_RETRY, is_no_duel, "a duel's rounds are pairs: D D fights it again"},
	{ACTION_RETRY, can_retry, "this cell is not finished yet"},
	{ACTION_DUEL, can_duel, "a duel takes two transports of one shape"},
	{ACTION_DROP, can_drop, "only a cell that waits can be dropped"},
	{ACTION_UNIT, can_unit, "the unit is that of the tab \"all\""},
	{ACTION_PLOT, can_plot, "there are no plots here"},
	{ACTION_HELP_DO, can_help_do, "notes only tell: Esc closes them"},
};

static bool when_met(const struct model *model, enum action action)
{
	enum key_when when = key_table[action].when;

	if (when == WHEN_RUNNING)
		return model->running;
	return when == WHEN_ALWAYS || model->cell_count > 0;
}

const char *ui_why_not(const struct ui *ui, const struct model *model, enum action action)
{
	if (!when_met(model, action))
		return model->cell_count ? "nothing is running" :
					   "nothing has run yet: r on the setup screen";
	for (size_t i = 0; i < sizeof(need_table) / sizeof(need_table[0]); i++)
		if (need_table[i].action == action && !need_table[i].met(ui, model))
			return need_table[i].otherwise;
	return NULL;
}

bool ui_works(const struct ui *ui, const struct model *model, enum action action)
{
	return !ui_why_not(ui, model, action);
}

const struct cell *ui_cell(const struct ui *ui, const struct model *model)
{
	return ui->cell < model->cell_count ? &model->cells[ui->cell] : NULL;
}

const struct shape *ui_shape(const struct ui *ui, const struct model *model)
{
	struct row_shapes shapes;

	rows_shapes(model, &shapes);
	return ui->shape < shapes.count ? shapes.shapes[ui->shape] : NULL;
}

void ui_rows(const struct ui *ui, const struct model *model, struct rows *rows)
{
	const struct shape *shape = ui_shape(ui, model);

	if (ui->screen == SCREEN_COMPARE)
		rows_of_shape(model, shape, ui->sort, ui->sort_inverted, rows);
	else if (ui->screen == SCREEN_DETAIL && ui->cell < model->cell_count)
		rows_with_steps(model, ui->cell, rows);
	else
		rows_of_shape(model, shape, SORT_PLAN, false, rows);
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

/* The shape belongs to the selected cell, unless compare shows all of them. */
static void select_shape(struct ui *ui, const struct model *model)
{
	struct row_shapes shapes;
	struct rows rows;
	size_t i = 0;

	rows_shapes(model, &shapes);
	if (ui->shape < shapes.count) {
		ui->shape = rows_shape_of(&shapes, &model->cells[ui->cell]);
		return;
	}
	ui->shape = shapes.count;
	if (ui->screen != SCREEN_COMPARE) {
		ui->shape = rows_shape_of(&shapes, &model->cells[ui->cell]);
		return;
	}
	/* Rows over all shapes stand for a transport: its first cell is the one selected. */
	rows_of_shape(model, NULL, SORT_PLAN, false, &rows);
	while (i < rows.count && !same_transport(model, rows.cells[i], ui->cell))
		i++;
	if (i < rows.count)
		ui->cell = rows.cells[i];
}

void ui_follow(struct ui *ui, const struct model *model)
{
	if (model->cell_count == 0) {
		ui->cell = 0;
		ui->shape = 0;
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

static struct command on_key(struct ui *ui, const struct model *model, const struct event *event)
{
	enum key_context context = ui_context(ui);
	enum action action = keymap_find(&ui->keymap, context, event->key);

	if (action != ACTION_NONE)
		return ui_act(ui, model, action);
	return ui_type(ui, model, context, event->key);
}

static struct command on_resize(struct ui *ui, const struct model *model UNUSED,
				const struct event *event)
{
	ui->columns = event->x;
	ui->rows = event->y;
	return (struct command){0};
}

static struct command on_interrupt(struct ui *ui, const struct model *model,
				   const struct event *event UNUSED)
{
	return ui_act(ui, model, ACTION_STOP);
}

static struct command on_wheel_up(struct ui *ui, const struct model *model,
				  const struct event *event UNUSED)
{
	return ui_context(ui) & IN_SCREENS ? ui_act(ui, model, ACTION_UP) : (struct command){0};
}

static struct command on_wheel_down(struct ui *ui, const struct model *model,
				    const struct event *event UNUSED)
{
	return ui_context(ui) & IN_SCREENS ? ui_act(ui, model, ACTION_DOWN) : (struct command){0};
}

struct command ui_update(struct ui *ui, const struct model *model, const struct event *event)
{
	static struct command (*const handlers[])(struct ui * ui, const struct model *model,
						  const struct event *event) = {
		[EVENT_NONE] = NULL,
		[EVENT_KEY] = on_key,
		[EVENT_CLICK] = ui_click,
		[EVENT_WHEEL_UP] = on_wheel_up,
		[EVENT_WHEEL_DOWN] = on_wheel_down,
		[EVENT_RESIZE] = on_resize,
		[EVENT_INTERRUPT] = on_interrupt,
		[EVENT_TICK] = NULL,
	};
	struct command command = {0};

	ui->now_ns = event->now_ns;
	if (ui->toast.text[0] && ui->now_ns >= ui->toast.until_ns)
		ui->toast.text[0] = '\0';
	ui_follow(ui, model);
	if (handlers[event->kind])
		command = handlers[event->kind](ui, model, event);
	ui_follow(ui, model);
	return command;
}
