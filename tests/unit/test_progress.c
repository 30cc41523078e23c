/* SPDX-License-Identifier: MIT */
/* How far a run is: by what blocks took, and by estimates where none has ended. */
#include "bench/run/progress.h"

#include "tests/support/test.h"

static struct plan plan = {.options = {.blocks = 2}};
static struct cell cells[2];
static struct schedule_block order[] = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
static const struct plan_cell plan_cell = {.blocks = 2, .clients = 1, .budget_ns = 20000000000};
static struct model model;

static void begin(void)
{
	cells[0] = (struct cell){.plan = &plan_cell, .estimate_ns = 2e9};
	cells[1] = (struct cell){.plan = &plan_cell, .estimate_ns = 6e9};
	model = (struct model){
		.plan = &plan,
		.cells = cells,
		.cell_count = 2,
		.current = 2,
		.started_ns = 1000,
		.running = true,
	};
}

static void test_estimates(void)
{
	struct schedule schedule = {.blocks = order, .count = 4};

	begin();
	progress_update(&model, &schedule, 0, 1000);
	CHECK(model.left_ns == 8e9 && model.progress == 0 && model.elapsed_ns == 0);
	cells[1].state = CELL_SKIPPED;
	progress_update(&model, &schedule, 0, 1000);
	CHECK(model.left_ns == 2e9);
}

static void test_measured(void)
{
	struct schedule schedule = {.blocks = order, .count = 4, .next = 2};

	begin();
	cells[0].blocks_done = 1;
	cells[0].blocks_wall_ns = 4000000000;
	model.current = 1; /* its first block has taken one of three seconds */
	progress_update(&model, &schedule, 4000001000, 5000001000);
	CHECK(model.elapsed_ns == 5000000000 && model.left_ns == 2e9 + 3e9 + 4e9);
	CHECK(fabs(model.progress - 5.0 / 14) < 1e-6);
	progress_update(&model, &schedule, 4000001000, 9000001000); /* five: more than expected */
	CHECK(model.left_ns == 3e9 + 4e9);
	model.running = false;
	progress_update(&model, &schedule, 0, 9000001000);
	CHECK(model.progress == 1);
}

/* With a precision, the rounds to come too: by the blocks wanted, or by the budget. */
static void test_precision(void)
{
	struct schedule schedule = {.blocks = order, .count = 4, .next = 4};

	begin();
	plan.options.precision_pct = 2;
	for (size_t i = 0; i < 2; i++) {
		cells[i].blocks_done = 2;
		cells[i].blocks_wall_ns = 2000000000;
		cells[i].tally.wall_ns = 1000000000;
	}
	cells[1].state = CELL_DONE;
	progress_update(&model, &schedule, 0, 1000);
	CHECK_MSG(model.left_ns == 2 * 19e9, "%g", model.left_ns);
	cells[0].blocks_wanted = 12;
	progress_update(&model, &schedule, 0, 1000);
	CHECK_MSG(model.left_ns == 10e9, "%g", model.left_ns);
	plan.options.precision_pct = 0;
}

static const struct test tests[] = {
	{"progress by estimates", test_estimates},
	{"progress by what blocks took", test_measured},
	{"progress of rounds that are added", test_precision},
};

TEST_MAIN(tests)
