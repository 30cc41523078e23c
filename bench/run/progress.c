/* SPDX-License-Identifier: MIT */
/* How far a run has come. */
#include "bench/run/progress.h"

#include <math.h>

#include "bench/model/cell.h"

/*
 * With a precision, what the rounds will take that are not on the schedule yet: those that are
 * expected to be needed, or what is left of the budget, whichever is less.
 */
static double progress_added_ns(const struct cell *cell)
{
	double sampled_ns = (double)cell->tally.wall_ns / (double)cell->plan->clients;
	double budget_ns = fmax(0, (double)cell->plan->budget_ns - sampled_ns);
	double planned = fmax((double)cell->blocks_done, (double)cell_blocks_asked(cell));

	if (sampled_ns > 0) /* a block takes longer than its samples do */
		budget_ns *= (double)cell->blocks_wall_ns / sampled_ns;
	if (cell->blocks_wanted == 0)
		return budget_ns;
	return fmin(budget_ns,
		    fmax(0, (double)cell->blocks_wanted - planned) * cell_block_ns(cell));
}

void progress_update(struct model *model, const struct schedule *schedule, uint64_t block_start_ns,
		     uint64_t now_ns)
{
	double elapsed_ns = (double)(now_ns - model->started_ns);
	double left_ns = 0;

	for (size_t i = schedule->next; i < schedule->count; i++) {
		const struct cell *cell = &model->cells[schedule->blocks[i].cell];

		if (!cell_state_final(cell->state))
			left_ns += cell_block_ns(cell);
	}
	for (size_t i = 0; model->plan->options.precision_pct > 0 && i < model->cell_count; i++)
		if (!cell_state_final(model->cells[i].state))
			left_ns += progress_added_ns(&model->cells[i]);
	if (model->current < model->cell_count) {
		double spent_ns = (double)(now_ns - block_start_ns);

		left_ns += fmax(0, cell_block_ns(&model->cells[model->current]) -
					   spent_ns);
	}
	model->elapsed_ns = now_ns - model->started_ns;
	model->left_ns = left_ns;
	model->progress = model->running ? elapsed_ns / (elapsed_ns + left_ns + 1) : 1;
}
