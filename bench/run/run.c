/* SPDX-License-Identifier: MIT */
/* The engine: a schedule of blocks, the one under way, and what its owner asks for. */
#include "bench/run/run.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/machine/host.h"
#include "bench/model/cell.h"
#include "bench/model/duel.h"
#include "bench/model/reference.h"
#include "bench/plan/estimate.h"
#include "bench/run/block.h"
#include "bench/run/floor.h"
#include "bench/run/progress.h"
#include "bench/run/rounds.h"
#include "bench/run/schedule.h"

struct run {
	const struct plan *plan;
	struct model model;
	struct schedule schedule;
	struct floors floors;
	struct block block;
	struct world_watch watch; /* what the owner of the run polls */
	/* What the owner has asked for: of the run, and of the block under way. */
	bool stop_wanted;
	bool skip_wanted;
	bool retry_wanted;
};

/* What the clock says; a model that runs has its events at that time from there on. */
static uint64_t run_now_ns(struct run *run)
{
	uint64_t now_ns = run->watch.world->now_ns(run->watch.world);

	if (run->model.running)
		run->model.elapsed_ns = now_ns - run->model.started_ns;
	return now_ns;
}

/* Setting up. */

static void run_describe(struct run *run)
{
	struct model *model = &run->model;
	time_t now = run->watch.world->date_s(run->watch.world);
	struct tm utc;

	(void)gmtime_r(&now, &utc);
	(void)strftime(model->started_utc, sizeof(model->started_utc), "%Y-%m-%dT%H:%M:%SZ", &utc);
	(void)strftime(model->run_id, sizeof(model->run_id), "%Y%m%dT%H%M%SZ", &utc);
	(void)snprintf(model->run_id + strlen(model->run_id),
		       sizeof(model->run_id) - strlen(model->run_id), "-%d", (int)getpid());
	host_facts_read(&model->host);
	model->host.one_core = run->plan->options.pin == PIN_SPLIT &&
			       host_same_core(model->cpu[END_SERVER], model->cpu[END_CLIENT]);
}

/* What cannot run here is said before anything is measured. */
static void run_skip_unfit(struct run *run)
{
	for (size_t i = 0; i < run->model.cell_count; i++) {
		struct err err = {0};
		const struct plan_cell *plan = run->model.cells[i].plan;

		if (plan_check_wait(&plan->transport, run->plan->options.wait, &err) != 0 ||
		    plan_cell_fits(plan, &err) != 0)
			cell_finish(&run->model.cells[i], &run->model, CELL_SKIPPED, err.message);
	}
}

static int run_make_schedule(struct run *run, struct err *err)
{
	uint64_t *blocks = calloc(run->plan->cell_count + 1, sizeof(*blocks));
	int status;

	if (!blocks)
		return err_set(err, ERR_MEMORY, "no memory for the schedule");
	for (size_t i = 0; i < run->plan->cell_count; i++)
		blocks[i] = run->plan->cells[i].blocks;
	status = schedule_init(&run->schedule, run->plan->cell_count, blocks,
			       run->plan->options.seed, err);
	free(blocks);
	return status;
}

static int run_make_cells(struct run *run, struct err *err)
{
	struct model *model = &run->model;

	model->cell_count = model->current = run->plan->cell_count;
	model->cells = calloc(model->cell_count + 1, sizeof(model->cells[0]));
	if (!model->cells)
		return err_set(err, ERR_MEMORY, "no memory for %zu cells", model->cell_count);
	for (size_t i = 0; i < model->cell_count; i++)
		cell_init(&model->cells[i], &run->plan->cells[i], &run->plan->options);
	if (floors_init(&run->floors, &model->floors, model->cell_count, &run->watch, err) != 0)
		return -1;
	if (references_make(model) != 0)
		return err_set(err, ERR_MEMORY, "no memory for the references");
	return run_make_schedule(run, err);
}

struct run *run_new(const struct plan *plan, const struct world *world, struct err *err)
{
	struct run *run = calloc(1, sizeof(*run));

	if (!run) {
		(void)err_set(err, ERR_MEMORY, "no memory for a run");
		return NULL;
	}
	run->plan = run->model.plan = plan;
	run->model.running = true;
	run->model.left_ns = NAN;
	sequential_init(&run->model.duel, DUEL_ALPHA, DUEL_MARGIN);
	run->model.started_ns = world->now_ns(world);
	world->sweep(world, NULL);
	run->watch = (struct world_watch){world, world->watch_open(world)};
	if (run->watch.set < 0)
		(void)err_system(err, "making an epoll set");
	else if (setup_choose_cpus(plan->options.pin, run->model.cpu, err) == 0 &&
		 run_make_cells(run, err) == 0 &&
		 block_init(&run->block, &run->model, &run->watch, err) == 0) {
		run_describe(run);
		run_skip_unfit(run);
		return run;
	}
	run_free(run);
	return NULL;
}

void run_free(struct run *run)
{
	if (!run)
		return;
	block_fini(&run->block);
	floors_free(&run->floors);
	for (size_t i = 0; run->model.cells && i < run->model.cell_count; i++)
		cell_free(&run->model.cells[i]);
	run->watch.world->close(run->watch.world, &run->watch.set);
	free(run->model.cells);
	references_free(&run->model);
	sequential_free(&run->model.duel);
	schedule_free(&run->schedule);
	free(run);
}

/* How a block ends. */

/* What becomes of a cell whose block has ended. */
static void run_conclude(struct run *run, struct cell *cell)
{
	const struct cast *cast = &run->block.cast;
	const struct err *outcome = &cast->outcome;
	struct model *model = &run->model;

	if (outcome->kind != ERR_NONE)
		cell_finish(cell, model, outcome->kind == ERR_WRONG ? CELL_WRONG : CELL_FAILED,
			    outcome->message);
	else if (cell->blocks_done >= cell_blocks_asked(cell) && !cast->cut_short &&
		 !(run->plan->options.precision_pct > 0))
		cell_finish_done(cell, model, cast->remark);
	else if (run->stop_wanted)
		cell_finish(cell, model, CELL_INTERRUPTED, "the run was stopped");
	else if (run->skip_wanted && cell->latency->count)
		cell_finish_done(cell, model, "ended early by the user");
	else if (run->skip_wanted)
		cell_finish(cell, model, CELL_SKIPPED, "by the user");
	else
		cell->state = CELL_WAITING;
}

static void run_end_block(struct run *run)
{
	struct cell *cell = run->block.cell;

	block_keep(&run->block);
	if (reference_is(cell)) {
		rounds_end_reference(cell, &run->block.cast);
	} else if (run->retry_wanted && !run->stop_wanted) {
		cell_reset(cell);
	} else {
		rounds_judge(&run->model, cell);
		run_conclude(run, cell);
		if (run->plan->duel)
			duel_round(&run->model);
	}
	block_end(&run->block);
}

static void run_end(struct run *run)
{
	struct model *model = &run->model;

	assert(!run->block.cell && run->block.begun == run->block.ended);
	floors_stop(&run->floors);
	for (size_t i = 0; i < model->cell_count; i++)
		cell_finish(&model->cells[i], model, CELL_INTERRUPTED, "the run was stopped");
	for (size_t i = 0; i < model->reference_count; i++)
		if (model->references[i].state == CELL_WAITING)
			model->references[i].state = CELL_DONE;
	model->running = false;
	model->generation++;
}

/* What comes next. */

/*
 * A cell that asks for a share of another's rate waits for that one. Returns false if
 * it is not its turn: its block then comes last.
 */
static bool run_resolve_load(struct run *run, struct cell *cell)
{
	const struct cell *base = &run->model.cells[cell->plan->base];

	if (cell->plan->load <= 0 || cell->rate > 0)
		return true;
	if (!cell_state_final(base->state)) {
		schedule_defer(&run->schedule);
		return false;
	}
	if (base->state != CELL_DONE)
		cell_finish(cell, &run->model, CELL_SKIPPED,
			    "the closed loop, whose rate it is a share of, was not measured");
	cell->rate = cell->plan->load * base->summary.achieved_rate;
	return true;
}

static void run_start_block(struct run *run, struct cell *cell, size_t round)
{
	struct begin begin = rounds_limits(&run->model, cell);
	struct err err = {0};

	run->skip_wanted = run->retry_wanted = false;
	if (plan_cell_fits(cell->plan, &err) != 0)
		cell_finish(cell, &run->model, cell->blocks_done ? CELL_FAILED : CELL_SKIPPED,
			    err.message);
	else if (block_start(&run->block, cell, round, &begin, &err) != 0)
		cell_finish(cell, &run->model, CELL_FAILED, err.message);
}

/* Starts the reference of the next block's type, if this round has none yet. */
static bool run_start_reference(struct run *run, const struct schedule_block *next)
{
	struct cell *reference = rounds_reference_due(&run->model, next);
	struct begin begin;
	struct err err = {0};

	if (!reference)
		return false;
	begin = rounds_reference_limits(&run->model, &run->schedule, reference);
	if (plan_cell_fits(reference->plan, &err) == 0 &&
	    block_start(&run->block, reference, next->round, &begin, &err) == 0)
		return true;
	rounds_fail_reference(reference, &err);
	return false;
}

/* Starts what comes next; the floor of a payload's size is measured before its first block. */
static void run_advance(struct run *run)
{
	while (!run->block.cell && (run->schedule.next < run->schedule.count ||
				    rounds_extend(&run->model, &run->schedule))) {
		const struct schedule_block *next = &run->schedule.blocks[run->schedule.next];
		struct cell *cell = &run->model.cells[next->cell];
		struct worker_setup setup;

		if (run->model.paused)
			return;
		if (!run_resolve_load(run, cell))
			continue;
		if (!cell_state_final(cell->state)) {
			setup = block_setup(&run->block, cell);
			if (floors_begin(&run->floors, &setup) || run_start_reference(run, next))
				return;
			run_start_block(run, cell, next->round);
		}
		run->schedule.next++;
	}
	assert(run->schedule.next <= run->schedule.count);
	if (!run->block.cell)
		run_end(run);
}

bool run_step(struct run *run)
{
	uint64_t now_ns;

	if (!run->model.running)
		return false;
	now_ns = run_now_ns(run);
	run->watch.world->await(run->watch.world, run->watch.set, 0);
	if (block_step(&run->block, now_ns))
		run_end_block(run);
	if (!run->block.cell && run->stop_wanted)
		run_end(run);
	else if (!run->block.cell && !floors_step(&run->floors, now_ns))
		run_advance(run);
	progress_update(&run->model, &run->schedule, run->block.started_ns, now_ns);
	return run->model.running;
}

int run_fd(const struct run *run)
{
	return run->watch.set;
}

int run_timeout_ms(const struct run *run)
{
	uint64_t wait_ns;

	if (!run->model.running)
		return -1;
	if (!run->block.cell && run->stop_wanted)
		return 0;
	if (run->floors.worker)
		return 1000;
	if (!run->block.cell)
		return run->model.paused ? -1 : 0;
	wait_ns = cast_wait_ns(&run->block.cast, run->watch.world->now_ns(run->watch.world));
	return wait_ns > 1000000000u ? 1000 : (int)(wait_ns / 1000000u) + 1;
}

const struct model *run_model(const struct run *run)
{
	return &run->model;
}

/* What the owner asks for. */

void run_log_samples(struct run *run, FILE *file)
{
	intake_log_samples(&run->block.intake, file);
}

uint64_t run_samples_lost(const struct run *run)
{
	return run->block.intake.samples_lost;
}

void run_pause(struct run *run, bool pause)
{
	if (run->model.paused == pause)
		return;
	run->model.paused = pause;
	(void)run_now_ns(run);
	cast_pause(&run->block.cast, pause);
	model_note(&run->model, pause ? "paused" : "going on");
}

void run_skip(struct run *run, size_t index)
{
	if (!run->block.cell || index != run->model.current)
		return;
	run->skip_wanted = true;
	cast_stop(&run->block.cast, run_now_ns(run));
}

void run_retry(struct run *run, size_t index)
{
	struct cell *cell;

	/* A duel's rounds are pairs of blocks: one side cannot begin again. */
	if (index >= run->model.cell_count || run->stop_wanted || run->plan->duel)
		return;
	cell = &run->model.cells[index];
	if (schedule_again(&run->schedule, index, cell->plan->blocks) != 0)
		return;
	if (cell_state_final(cell->state))
		run->model.finals--;
	run->model.running = true;
	if (cell != run->block.cell) {
		cell_reset(cell);
		return;
	}
	run->retry_wanted = true;
	cast_stop(&run->block.cast, run_now_ns(run));
}

size_t run_more(struct run *run, const size_t *cells, size_t count, size_t rounds)
{
	struct model *model = &run->model;
	size_t added = 0;

	/* A duel has as many rounds as its test may look at. */
	if (count == 0 || run->stop_wanted || run->plan->duel)
		return 0;
	while (added < rounds && schedule_add_round(&run->schedule, cells, count) == 0)
		added++;
	if (added == 0)
		return 0;
	for (size_t i = 0; i < count; i++) {
		struct cell *cell = &model->cells[cells[i]];
		struct cell *reference = reference_of(model, &cell->plan->type);

		cell_ask_more(cell, model, added);
		if (reference && reference->state == CELL_DONE)
			reference->state = CELL_WAITING;
	}
	model->running = true;
	return added;
}

void run_drop(struct run *run, size_t index)
{
	struct model *model = &run->model;

	(void)run_now_ns(run);
	if (index < model->cell_count && index != model->current)
		cell_finish(&model->cells[index], model, CELL_SKIPPED, "dropped by the user");
}

void run_stop(struct run *run)
{
	if (!run->model.running)
		return;
	run->stop_wanted = true;
	cast_stop(&run->block.cast, run_now_ns(run));
}
