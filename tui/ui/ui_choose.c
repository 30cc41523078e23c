/* SPDX-License-Identifier: MIT */
/* What the keys of the setup screen and of a run under way do. */
#include "tui/ui/ui_choose.h"

#include <string.h>

#include "bench/plan/preset.h"
#include "bench/report/rows.h"
#include "transports/unused.h"
#include "tui/ui/ui_prompt.h"

/* Choosing. */

struct command act_toggle(struct ui *ui, const struct model *model UNUSED,
			  enum action action UNUSED)
{
	const char *why = "";
	enum picker_option option = picker_option_at(&ui->picker);

	if (option != OPTION_COUNT)
		picker_option_step(&ui->picker, option, 1);
	else if (!picker_toggle(&ui->picker, &why))
		ui_toast(ui, ROLE_WARN, "cannot run here: %s", why);
	return NO_COMMAND;
}

struct command act_matrix(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	struct picker *picker = &ui->picker;

	if (action == ACTION_TOGGLE_ALL)
		picker_toggle_all(picker);
	else if (action == ACTION_INVERT)
		picker_invert(picker);
	else if (picker->column < 0 || !picker_remove_shape(picker, (size_t)picker->column))
		ui_toast(ui, ROLE_WARN, "only columns of your own shapes can be removed");
	return NO_COMMAND;
}

struct command act_edit(struct ui *ui, const struct model *model, enum action action)
{
	enum picker_option option = picker_option_at(&ui->picker);
	char value[64];

	if (option == OPTION_COUNT || picker_option_words(option))
		return act_toggle(ui, model, action);
	prompt_open(ui, PROMPT_OPTION,
		    picker_option_value(&ui->picker, option, value, sizeof(value)));
	ui->prompt.option = option;
	return NO_COMMAND;
}

struct command act_add_shape(struct ui *ui, const struct model *model UNUSED,
			     enum action action UNUSED)
{
	prompt_open(ui, PROMPT_SHAPE, "");
	return NO_COMMAND;
}

struct command act_preset(struct ui *ui, const struct model *model UNUSED,
			  enum action action UNUSED)
{
	const struct preset *preset = preset_table;
	struct err err = {0};

	while (preset->name && strcmp(preset->name, ui->picker.preset) != 0)
		preset++;
	/* The first preset follows the last one, and no preset. */
	if (!preset->name || !(++preset)->name)
		preset = preset_table;
	if (picker_apply_preset(&ui->picker, preset, &err) == 0)
		ui_toast(ui, ROLE_TEXT, "%s: %s", preset->name, preset->help);
	else
		ui_toast(ui, ROLE_BAD, "%s: %s", preset->name, err.message);
	return NO_COMMAND;
}

/* The best cell of that shape, or the second best if cell is the best. */
static size_t best_opponent(const struct model *model, size_t cell)
{
	struct rows rows;

	rows_of_type(model, &model->cells[cell].plan->type, SORT_MEDIAN, false, &rows);
	return rows.cells[rows.cells[0] == cell];
}

/* The marked transport's cell in the shape of `cell`, or UI_NO_CELL. */
static size_t marked_beside(const struct ui *ui, const struct model *model, size_t cell)
{
	const struct cell *marked;

	/*
	 * A duel's two cells may have the same transport, so a mark in this shape is taken
	 * as it is.
	 */
	if (ui->mark >= model->cell_count || array_type_equal(&model->cells[ui->mark].plan->type,
							 &model->cells[cell].plan->type))
		return ui->mark;
	marked = rows_cell(model, &model->cells[ui->mark].plan->transport,
			   &model->cells[cell].plan->type);
	return marked ? (size_t)(marked - model->cells) : UI_NO_CELL;
}

struct command act_duel(struct ui *ui, const struct model *model, enum action action UNUSED)
{
	size_t cell = rows_rival(model, ui->cell);
	size_t marked = marked_beside(ui, model, cell);
	char name[TRANSPORT_NAME_BYTES];

	if (marked >= model->cell_count) {
		ui->mark = cell;
		ui_toast(ui, ROLE_TEXT,
			 "%s is marked: D on another duels the two, D again the best; Esc undoes",
			 transport_format(&model->cells[cell].plan->transport, name));
		return NO_COMMAND;
	}
	ui->mark = marked;
	ui->opponent = marked == cell ? best_opponent(model, cell) : cell;
	ui->ask = ASK_DUEL;
	return NO_COMMAND;
}

struct command act_run(struct ui *ui, const struct model *model, enum action action UNUSED)
{
	if (model->running) {
		ui_toast(ui, ROLE_WARN, "a run is under way: Ctrl-C stops it, 2 shows it");
		return NO_COMMAND;
	}
	if (picker_total(&ui->picker).cells == 0) {
		ui_toast(ui, ROLE_WARN, "nothing is chosen that can run: Space turns cells on");
		return NO_COMMAND;
	}
	ui->follow = true;
	ui->mark = UI_NO_CELL;
	ui_show(ui, SCREEN_LIVE);
	return (struct command){.kind = COMMAND_START};
}

/* While running. */

struct command act_pause(struct ui *ui UNUSED, const struct model *model UNUSED,
			 enum action action UNUSED)
{
	return (struct command){.kind = COMMAND_PAUSE};
}

struct command act_skip(struct ui *ui UNUSED, const struct model *model, enum action action UNUSED)
{
	return (struct command){.kind = COMMAND_SKIP, .cell = model->current};
}

struct command act_retry(struct ui *ui, const struct model *model UNUSED, enum action action UNUSED)
{
	return (struct command){.kind = COMMAND_RETRY, .cell = ui->cell};
}

struct command act_more(struct ui *ui, const struct model *model UNUSED, enum action action UNUSED)
{
	return (struct command){.kind = COMMAND_MORE, .cell = ui->cell};
}

struct command act_drop(struct ui *ui, const struct model *model UNUSED, enum action action UNUSED)
{
	return (struct command){.kind = COMMAND_DROP, .cell = ui->cell};
}
