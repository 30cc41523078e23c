/* SPDX-License-Identifier: MIT */
/* What can be said of a model without changing it. */
#include "bench/model.h"

#include <math.h>

const char *const cell_state_names[] = {
	[CELL_QUEUED] = "queued",
	[CELL_STARTING] = "starting",
	[CELL_WARMING] = "warming",
	[CELL_RUNNING] = "running",
	[CELL_WAITING] = "waiting",
	[CELL_DONE] = "done",
	[CELL_FAILED] = "failed",
	[CELL_WRONG] = "wrong",
	[CELL_SKIPPED] = "skipped",
	[CELL_INTERRUPTED] = "interrupted",
};

double model_best_p50_ns(const struct model *model, const struct shape *shape)
{
	double best = NAN;

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell->state == CELL_DONE && cell->plan->load <= 0 &&
		    shape_equal(&cell->plan->type.shape, shape))
			best = fmin(best, cell->summary.p50_ns); /* passes over NaN */
	}
	return best;
}

enum cell_state model_state_so_far(const struct cell *cell)
{
	if (cell_state_final(cell->state))
		return cell->state;
	return cell->summary.samples > 0 ? CELL_INTERRUPTED : CELL_QUEUED;
}
