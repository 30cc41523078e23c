/* SPDX-License-Identifier: MIT */
/* How an end waits, which carriers can, and when spinning is not what it seems. */
#include "bench/run/run.h"
#include "tests/support/test.h"
#include "transports/wait.h"

#define LOOKS 100000000u /* pauses of years: only a wait that never ends makes so many */

static void test_block(void)
{
	struct wait wait = wait_begin(WAIT_BLOCK);

	CHECK(!wait_spins(&wait) && !wait_spins(&wait));
}

static void test_spin(void)
{
	struct wait wait = wait_begin(WAIT_SPIN);

	for (unsigned i = 0; i < 1000; i++)
		CHECK(wait_spins(&wait));
}

static void test_hybrid(void)
{
	struct wait wait = wait_begin(WAIT_HYBRID);
	unsigned looks = 0;

	CHECK(wait_spins(&wait));
	while (looks < LOOKS && wait_spins(&wait))
		looks++;
	CHECK(looks < LOOKS);
	CHECK(!wait_spins(&wait)); /* once asleep, asleep until something comes */
	wait = wait_begin(wait.mode);
	CHECK(wait_spins(&wait));
}

static void test_crowded(void)
{
	struct plan_options options = plan_defaults;

	CHECK(!plan_spins_crowded(&options, 1, 1));
	options.wait = WAIT_SPIN;
	CHECK(plan_spins_crowded(&options, 1, 1) && !plan_spins_crowded(&options, 1, 2));
	options.wait = WAIT_HYBRID;
	CHECK(plan_spins_crowded(&options, 1, 1) && !plan_spins_crowded(&options, 1, 2));
	CHECK(plan_spins_crowded(&options, 3, 5) && !plan_spins_crowded(&options, 3, 6));
	CHECK(!plan_spins_crowded(&options, 3, 0)); /* who knows */
	options.pin = PIN_SAME;
	CHECK(plan_spins_crowded(&options, 1, 64));
	options.wait = WAIT_BLOCK;
	CHECK(!plan_spins_crowded(&options, 1, 64));
}

/* The run says so and goes on: nothing of such a cell is started. */
static void test_cell_skipped(void)
{
	struct plan_options options = plan_defaults;
	struct plan plan;
	struct carrier sleeper;
	struct err err = {0};
	struct run *run;

	options.wait = WAIT_HYBRID;
	CHECK(plan_make(&plan, "unix+bytes,tcp+bytes", "2x3", &options, NULL, &err) == 0);
	CHECK(plan_check_wait(&plan.cells[0].transport, WAIT_HYBRID, &err) == 0);
	sleeper = *plan.cells[0].transport.carrier;
	sleeper.waits = WAIT_BIT(WAIT_BLOCK) | WAIT_BIT(WAIT_SPIN);
	plan.cells[0].transport.carrier = &sleeper;
	CHECK(plan_check_wait(&plan.cells[0].transport, WAIT_SPIN, &err) == 0);
	run = run_new(&plan, &world_real, &err);
	CHECK_MSG(run, "%.200s", err.message);
	CHECK(run_model(run)->cells[0].state == CELL_SKIPPED);
	CHECK_STR(run_model(run)->cells[0].reason, "unix has no --wait hybrid (see ipctop list)");
	CHECK(run_model(run)->cells[1].state == CELL_QUEUED);
	run_free(run);
	plan_free(&plan);
}

static const struct test tests[] = {
	{"block", test_block},
	{"spin", test_spin},
	{"hybrid", test_hybrid},
	{"crowded", test_crowded},
	{"cell skipped", test_cell_skipped},
};

TEST_MAIN(tests)
