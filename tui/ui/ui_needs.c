/* SPDX-License-Identifier: MIT */
/* What actions need besides their key's context. */
#include "tui/ui/ui_needs.h"

#include "bench/report/rows.h"
#include "transports/unused.h"
#include "tui/ui/layout.h"

static bool can_skip(const struct ui *ui UNUSED, const struct model *model)
{
	return model->current < model->cell_count;
}

static bool can_retry(const struct ui *ui, const struct model *model)
{
	const struct cell *cell = ui_cell(ui, model);

	return cell && cell_state_final(cell->state);
}

static bool can_more(const struct ui *ui, const struct model *model)
{
	struct ranking_more more;

	return ui_more(model, ui->cell, &more);
}

/* A run that was stopped is over for good. */
static bool is_not_stopped(const struct ui *ui UNUSED, const struct model *model)
{
	for (size_t i = 0; !model->running && i < model->cell_count; i++)
		if (model->cells[i].state == CELL_INTERRUPTED)
			return false;
	return true;
}

static bool can_drop(const struct ui *ui, const struct model *model)
{
	const struct cell *cell = ui_cell(ui, model);

	return cell && !cell_state_final(cell->state) && ui->cell != model->current;
}

/* A duel's rounds are pairs of blocks: one side cannot begin again. */
static bool is_no_duel(const struct ui *ui UNUSED, const struct model *model)
{
	return model->cell_count == 0 || !model->plan->duel;
}

static bool can_duel(const struct ui *ui, const struct model *model)
{
	struct rows rows;

	if (!ui_type(ui, model))
		return false;
	rows_of_type(model, ui_type(ui, model), SORT_PLAN, false, &rows);
	return rows.count > 1;
}

/* Small compare screens show a shape without the table over all of them. */
static bool can_unit(const struct ui *ui, const struct model *model)
{
	return layout_size(ui->columns, ui->rows) >= SIZE_WIDE || !ui_type(ui, model);
}

static bool can_plot(const struct ui *ui, const struct model *model)
{
	if (ui->screen != SCREEN_COMPARE)
		return true;
	return layout_size(ui->columns, ui->rows) >= SIZE_WIDE && ui_type(ui, model);
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
	{ACTION_MORE, is_no_duel, "a duel has its own rounds: D D fights it again"},
	{ACTION_MORE, is_not_stopped, "this run was stopped: r on setup starts another"},
	{ACTION_MORE, can_more, "nothing is undecided at this shape (~)"},
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
