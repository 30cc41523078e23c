/* SPDX-License-Identifier: MIT */
/* Limits of blocks, and the reference in every round. */
#include "bench/run/rounds.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/model/cell.h"
#include "bench/model/reference.h"
#include "bench/stats/balance.h"

static_assert(PLAN_PRECISION_BLOCKS >= BALANCE_BLOCKS_LEAST, "a width is not judged before");

/* More would make a median no better than the blocks are, and cost a slow clock its time. */
#define REFERENCE_SAMPLES 200
#define REFERENCE_SHARE 0.05
#define REFERENCE_BUDGET_LEAST_NS 1e6

/* What a cell's clients have spent on samples, side by side. */
static double sampled_ns(const struct cell *cell)
{
	return (double)cell->tally.wall_ns / (double)cell->plan->clients;
}

static bool has_time(const struct cell *cell)
{
	return sampled_ns(cell) < (double)cell->plan->budget_ns;
}

static double clamp(double value, double low, double high)
{
	return value > low ? (value < high ? value : high) : low;
}

/* What the cell's blocks so far say; there are some. */
static struct balance balance_of(const struct cell *cell)
{
	struct moments logs = {0};
	struct moments within = {0};
	double blocks = (double)cell->blocks_done;
	double samples = (double)cell->tally.samples / (double)cell->plan->clients;

	for (size_t i = 0; i < cell->blocks_done; i++) {
		moments_add(&logs, log(cell->blocks[i].p50_ns));
		moments_add(&within, cell->blocks[i].spread * cell->blocks[i].spread);
	}
	return (struct balance){
		.within2 = within.mean,
		.between2 = logs.squares / (blocks - 1),
		.samples = samples / blocks,
		.set_up_ns = fmax(0, (double)cell->blocks_wall_ns - sampled_ns(cell)) / blocks,
		.exchange_ns = sampled_ns(cell) / samples,
	};
}

#define BLOCK_SAMPLES_LEAST 10.0
#define BLOCK_FIRST_NS 250e6     /* while nothing is known of how blocks vary */
#define BLOCK_SHARE_MOST (1.0 / 12) /* of the cell's budget */
#define BLOCK_SLACK 2            /* what its samples take, for a block that is slower */

/* With a precision: at first blocks of a quarter of a second, then balanced ones. */
static struct begin balanced_limits(const struct model *model, const struct cell *cell)
{
	double most_ns = (double)cell->plan->budget_ns * BLOCK_SHARE_MOST;
	struct begin begin = {
		.warmup = model->plan->options.warmup,
		.samples = cell->plan->samples,
		.budget_ns = (uint64_t)fmin(most_ns, BLOCK_FIRST_NS),
		.timeout_ns = model->plan->options.timeout_ns,
	};
	struct balance balance;
	double samples;

	if (cell->blocks_done < PLAN_PRECISION_BLOCKS)
		return begin;
	balance = balance_of(cell);
	samples = clamp(balance_samples(&balance), BLOCK_SAMPLES_LEAST,
			most_ns / balance.exchange_ns / BLOCK_SLACK);
	begin.samples = (uint64_t)fmax(1, samples);
	begin.budget_ns = (uint64_t)fmin(most_ns, samples * balance.exchange_ns * BLOCK_SLACK);
	return begin;
}

struct begin rounds_limits(const struct model *model, const struct cell *cell)
{
	uint64_t blocks_left =
		cell->plan->blocks > cell->blocks_done ? cell->plan->blocks - cell->blocks_done : 1;
	uint64_t samples_done = cell->latency ? cell->latency->count : 0;
	uint64_t samples_left =
		cell->plan->samples > samples_done ? cell->plan->samples - samples_done : 0;
	uint64_t samples;

	/* A block more than was planned is like those that were. */
	if (cell->blocks_done >= cell->plan->blocks) {
		samples_left = cell->plan->samples;
		blocks_left = cell->plan->blocks;
	}
	samples = (samples_left + blocks_left - 1) / blocks_left / cell->plan->clients;
	if (model->plan->options.precision_pct > 0 && cell->plan->samples == PLAN_SAMPLES_ANY)
		return balanced_limits(model, cell);
	return (struct begin){
		.warmup = model->plan->options.warmup,
		.samples = samples ? samples : 1,
		.budget_ns = cell->plan->budget_ns / cell->plan->blocks,
		.timeout_ns = model->plan->options.timeout_ns,
	};
}

/* Its interval has been within the precision for long enough. */
static bool is_precise(const struct cell *cell)
{
	return cell->rounds_within >= BALANCE_ROUNDS_WITHIN;
}

static bool is_rival(const struct cell *cell, const struct array_type *type)
{
	return !cell_state_final(cell->state) && array_type_equal(&cell->plan->type, type);
}

/* What all that are still measured of the type are expected to need, for each of them. */
static void want_blocks(struct model *model, const struct array_type *type)
{
	double half_width = log1p(model->plan->options.precision_pct / 100);
	size_t most = 0;

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];
		struct moments logs = {0};
		size_t blocks;

		if (!is_rival(cell, type) || is_precise(cell))
			continue;
		for (size_t block = 0; block < cell->blocks_done; block++)
			moments_add(&logs, log(cell->blocks[block].p50_ns));
		blocks = balance_blocks(&logs, half_width);
		if (blocks)
			blocks += BALANCE_ROUNDS_WITHIN - 1 - cell->rounds_within;
		most = blocks > most ? blocks : most;
	}
	for (size_t i = 0; i < model->cell_count; i++)
		if (is_rival(&model->cells[i], type))
			model->cells[i].blocks_wanted = most;
}

void rounds_judge(struct model *model, struct cell *cell)
{
	double precision_pct = model->plan->options.precision_pct;

	if (!(precision_pct > 0) || reference_is(cell))
		return;
	cell->rounds_within = balance_rounds_within(cell->rounds_within, cell->blocks_done,
						    cell->summary.precision_pct, precision_pct);
	want_blocks(model, &cell->plan->type);
}

/* Whether a cell of the type has not what was asked for, and time to get it. */
static bool wants_more(const struct model *model, const struct array_type *type)
{
	for (size_t i = 0; i < model->cell_count; i++)
		if (is_rival(&model->cells[i], type) && !is_precise(&model->cells[i]) &&
		    has_time(&model->cells[i]))
			return true;
	return false;
}

bool rounds_extend(struct model *model, struct schedule *schedule)
{
	size_t *cells = calloc(model->cell_count + 1, sizeof(*cells));
	size_t count = 0;
	bool added;

	for (size_t i = 0; model->plan->options.precision_pct > 0 && i < model->cell_count; i++) {
		struct cell *cell = &model->cells[i];

		if (cell_state_final(cell->state))
			continue;
		if (cells && has_time(cell) && wants_more(model, &cell->plan->type))
			cells[count++] = i;
		else
			cell_finish_rounds(cell, model);
	}
	added = count && schedule_add_round(schedule, cells, count) == 0;
	for (size_t i = 0; !added && i < count; i++)
		cell_finish_rounds(&model->cells[cells[i]], model);
	free(cells);
	return added;
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
			ns += cell_block_ns(cell);
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
