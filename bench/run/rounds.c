/* SPDX-License-Identifier: MIT */
/* Limits of blocks, and the reference in every round. */
#include "bench/run/rounds.h"

#include <stdio.h>

#include "bench/model/reference.h"
#include "bench/run/progress.h"

/* More would make a median no better than the blocks are, and cost a slow clock its time. */
#define REFERENCE_SAMPLES 200
#define REFERENCE_SHARE 0.05
#define REFERENCE_BUDGET_LEAST_NS 1e6

struct begin rounds_limits(const struct model *model, const struct cell *cell)
{
	const struct plan_options *options = &model->plan->options;
	uint64_t blocks_left =
		cell->plan->blocks > cell->blocks_done ? cell->plan->blocks - cell->blocks_done : 1;
	uint64_t samples_done = cell->latency ? cell->latency->count : 0;
	uint64_t samples_left =
		cell->plan->samples > samples_done ? cell->plan->samples - samples_done : 0;
	uint64_t samples = (samples_left + blocks_left - 1) / blocks_left / cell->plan->clients;

	return (struct begin){
		.warmup = options->warmup,
		.samples = samples ? samples : 1,
		.budget_ns = options->budget_ns / cell->plan->blocks,
		.timeout_ns = options->timeout_ns,
	};
}

struct cell *rounds_reference_due(const struct model *model, const struct schedule_block *next)
{
	const struct array_type *type = &model->cells[next->cell].plan->type;
	struct cell *reference = reference_of(model, type);

	if (!reference || cell_state_final(reference->state))
		return NULL;
	if (reference->blocks_done &&
	    reference->blocks[reference->blocks_done - 1].round == next->round)
		return NULL;
	return reference;
}

/* What the blocks of the round that comes next are expected to take, of that type. */
static double round_ns(const struct model *model, const struct schedule *schedule,
		       const struct array_type *type)
{
	size_t round = schedule->blocks[schedule->next].round;
	double ns = 0;

	for (size_t i = schedule->next; i < schedule->count; i++) {
		const struct cell *cell = &model->cells[schedule->blocks[i].cell];

		if (schedule->blocks[i].round == round && !cell_state_final(cell->state) &&
		    array_type_equal(&cell->plan->type, type))
			ns += progress_block_ns(cell);
	}
	return ns;
}

/* What a block of the reference takes besides its samples and their warm-up. */
static double set_up_ns(const struct cell *reference)
{
	double wall_ns = (double)reference->blocks_wall_ns - (double)reference->measured_ns;

	return reference->blocks_done ? wall_ns / (double)reference->blocks_done : 0;
}

struct begin rounds_reference_limits(const struct model *model, const struct schedule *schedule,
				     const struct cell *reference)
{
	double budget_ns = REFERENCE_SHARE * round_ns(model, schedule, &reference->plan->type) -
			   set_up_ns(reference);

	return (struct begin){
		.warmup = PLAN_WARMUP_AUTO,
		.samples = REFERENCE_SAMPLES,
		.budget_ns = (uint64_t)(budget_ns > REFERENCE_BUDGET_LEAST_NS ?
						budget_ns :
						REFERENCE_BUDGET_LEAST_NS),
		.timeout_ns = model->plan->options.timeout_ns,
	};
}

void rounds_fail_reference(struct cell *reference, const struct err *err)
{
	reference->state = CELL_FAILED;
	(void)snprintf(reference->reason, sizeof(reference->reason), "%.*s",
		       CELL_REASON_BYTES - 1, err->message);
}

void rounds_end_reference(struct cell *reference, const struct cast *cast)
{
	reference->state = CELL_WAITING;
	if (cast->outcome.kind != ERR_NONE)
		rounds_fail_reference(reference, &cast->outcome);
}
