/* SPDX-License-Identifier: MIT */
/* Rankings: what counts, who is apart, who wins, and how often luck decides among equals. */
#include <math.h>

#include "bench/report/ranking.h"
#include "tests/support/drift.h"
#include "tests/support/test.h"

static const struct carrier unix_carrier = {.name = "unix"};
static const struct encoding bytes = {.name = "bytes"};
static const struct encoding shm = {.name = "shm", .flags = ENCODING_BY_REFERENCE};

#define CELLS DRIFT_CELLS_MAX
#define ROUNDS 12

static struct plan plan;
static struct plan_cell plan_cells[CELLS];
static struct cell cells[CELLS];
static struct block_result blocks[CELLS][DRIFT_ROUNDS_MAX];
static struct model model;
static struct ranking ranking;

/* So many cells of one type that are done, a block a round, read in no time. */
static void reset(size_t count, size_t rounds, double medians_ns[CELLS][DRIFT_ROUNDS_MAX])
{
	plan = (struct plan){.options = plan_defaults, .cells = plan_cells, .cell_count = count};
	model = (struct model){.plan = &plan, .cells = cells, .cell_count = count};
	for (size_t i = 0; i < count; i++) {
		double sum = 0;

		plan_cells[i] = (struct plan_cell){.transport = {&unix_carrier, &bytes}};
		cells[i] = (struct cell){
			.plan = &plan_cells[i],
			.state = CELL_DONE,
			.blocks = blocks[i],
			.blocks_done = rounds,
		};
		for (size_t round = 0; round < rounds; round++) {
			double ns = medians_ns[i][round];

			blocks[i][round] = (struct block_result){
				.round = round, .p50_ns = ns, .p50_with_read_ns = ns};
			sum += log(ns);
		}
		cells[i].summary.samples = 1000;
		cells[i].summary.p50_ns = cells[i].summary.p50_with_read_ns =
			exp(sum / (double)rounds);
	}
}

static void make(void)
{
	ranking_make(&ranking, &model, &plan_cells[0].type, RANKING_DONE);
}

/* Cells whose medians are 1 ms, 2 ms and so on, with 1 % of scatter. */
static void steps(size_t count)
{
	static double medians_ns[CELLS][DRIFT_ROUNDS_MAX];
	uint64_t seed = 3;

	for (size_t i = 0; i < count; i++)
		for (size_t round = 0; round < ROUNDS; round++)
			medians_ns[i][round] =
				1e6 * (double)(i + 1) * exp(0.01 * noise_normal(&seed));
	reset(count, ROUNDS, medians_ns);
}

/* More is measured of the best and of what is undecided against it, at what that took so far. */
static void test_more(void)
{
	static struct cell reference = {
		.plan = &plan_cells[0],
		.blocks_done = 2,
		.blocks_wall_ns = 2000,
	};
	struct ranking_more more;

	steps(4);
	make();
	ranking_more(&ranking, &more);
	CHECK(more.rows.count == 0 && more.ns == 0);
	for (size_t i = 0; i < 4; i++)
		cells[i].blocks_wall_ns = ROUNDS * UINT64_C(1000000000);
	/* The third scatters so that nothing can be said; the fourth would, but for its trust. */
	for (size_t round = 0; round < ROUNDS; round++) {
		blocks[2][round].p50_ns *= round % 2 ? 0.2 : 5;
		blocks[3][round].p50_ns *= round % 2 ? 0.2 : 5;
	}
	cells[3].trust.grade = 'F';
	model.references = &reference;
	model.reference_count = 1;
	make();
	ranking_more(&ranking, &more);
	CHECK(more.rows.count == 2 && more.rows.cells[0] == 2 && more.rows.cells[1] == 0);
	CHECK(more.rounds == 12 && more.ns == 12 * (2e9 + 1000));
	reference.state = CELL_FAILED;
	ranking_more(&ranking, &more);
	CHECK(more.ns == 12 * 2e9);
}

static void test_order(void)
{
	steps(4);
	cells[2].state = CELL_FAILED;
	make();
	CHECK(ranking.count == 3 && ranking.best == &cells[0] && ranking.second == &cells[1] &&
	      ranking.last == &cells[3]);
	CHECK(ranking_winner(&ranking) == &cells[0]);
	CHECK(ranking_compare(&ranking, &cells[1], &cells[3]) < 0);
	CHECK(ranking_compare(&ranking, &cells[2], &cells[3]) > 0);
	CHECK(fabs(ranking_versus_best(&ranking, &cells[3]).ratio - 4) < 0.1);
	CHECK(ranking_versus_best(&ranking, &cells[3]).state == RATIO_SLOWER);
	cells[0].state = CELL_RUNNING;
	make();
	CHECK(ranking.best == &cells[1]);
	ranking_make(&ranking, &model, &plan_cells[0].type, RANKING_SETTLED);
	CHECK(ranking.count == 0 && !ranking.best && !ranking_winner(&ranking));
	ranking_make(&ranking, &model, &plan_cells[0].type, RANKING_SO_FAR);
	CHECK(ranking.best == &cells[0]);
}

/* One rival by reference is enough: all go by latency with read, unless it failed. */
static void test_with_read(void)
{
	steps(3);
	plan_cells[0].transport.encoding = &shm;
	cells[0].summary.p50_with_read_ns = 5e6;
	for (size_t i = 0; i < ROUNDS; i++)
		blocks[0][i].p50_with_read_ns *= 5;
	make();
	CHECK(ranking.with_read && ranking.best == &cells[1] && ranking.last == &cells[0]);
	CHECK(ranking_winner(&ranking) == &cells[1]);
	cells[2].summary.p50_with_read_ns = NAN; /* a foreign program need not tell */
	make();
	CHECK(ranking.count == 2 && isnan(ranking_versus_best(&ranking, &cells[2]).ratio));
	cells[0].state = CELL_FAILED;
	make();
	CHECK(!ranking.with_read && ranking.count == 2 && ranking.best == &cells[1]);
}

static void test_distrusted(void)
{
	steps(3);
	cells[0].trust.grade = 'F';
	make();
	CHECK(ranking.count == 2 && ranking.best == &cells[1]);
	CHECK(ranking_sets_apart(&ranking, &cells[0]) && !ranking_has(&ranking, &cells[0]));
	CHECK(ranking_compare(&ranking, &cells[0], &cells[2]) > 0);
	CHECK(ranking_versus_best(&ranking, &cells[0]).state == RATIO_UNDECIDED);
	CHECK(ranking_winner(&ranking) == &cells[1]);
	cells[1].trust.grade = cells[2].trust.grade = 'F';
	make();
	CHECK(ranking.count == 3 && ranking_winner(&ranking) == &cells[0]);
}

/* A cell that was measured again, by itself, shares no round: its ratio is shown, undecided. */
static void test_measured_again(void)
{
	steps(2);
	for (size_t i = 0; i < ROUNDS; i++)
		blocks[1][i].round += ROUNDS;
	make();
	CHECK(fabs(ranking_versus_best(&ranking, &cells[1]).ratio - 2) < 0.1);
	CHECK(ranking_versus_best(&ranking, &cells[1]).state == RATIO_UNDECIDED);
	CHECK(!ranking_winner(&ranking) && ranking_top(&ranking).rounds_least == 0);
}

/* A duel has a test of its own, and what that says stands everywhere. */
static void test_duel(void)
{
	steps(2);
	plan.duel = true;
	model.duel = (struct sequential){
		.state = SEQUENTIAL_UNDECIDED,
		.rounds = ROUNDS,
		.ratio = 1.02,
		.low = 0.9,
		.high = 1.1,
		.alpha = 0.01,
	};
	make();
	CHECK(ranking.best == &cells[1] && !ranking_winner(&ranking));
	CHECK(ranking_ratio(&ranking, &cells[0], &cells[1]).high == 1.1);
	CHECK(fabs(ranking_ratio(&ranking, &cells[1], &cells[0]).high - 1 / 0.9) < 1e-12);
	model.duel.state = SEQUENTIAL_B_FASTER;
	make();
	CHECK(ranking_winner(&ranking) == &cells[1]);
}

#define SEEDS 1000

/*
 * Eight equals while the state of the machine drifts: the luckiest is in front, is named in none
 * but a few runs, and of the verdicts of the others against it at most 5 of 100 are wrong.
 */
static void test_equals(void)
{
	const struct drift_world world = {
		.cells = CELLS, .drift = 0.05, .wobble = 0.05, .bias = 0.05, .factor = 1};
	size_t winners = 0;
	size_t losers = 0;

	for (uint64_t i = 0; i < SEEDS; i++) {
		static double medians_ns[CELLS][DRIFT_ROUNDS_MAX];
		uint64_t seed = i;

		drift_run(&world, ROUNDS, &seed, medians_ns);
		reset(CELLS, ROUNDS, medians_ns);
		make();
		winners += ranking_winner(&ranking) != NULL;
		losers += CELLS - 1 - ranking_top(&ranking).count;
	}
	CHECK_MSG(winners <= SEEDS / 100, "%zu winners", winners);
	CHECK_MSG(losers <= SEEDS * (CELLS - 1) * 5 / 100, "%zu losers of %d", losers,
		  SEEDS * (CELLS - 1));
}

/* The one that is 15 % faster than seven others is found, and named. */
static void test_winner(void)
{
	const struct drift_world world = {
		.cells = CELLS, .drift = 0.03, .wobble = 0.03, .factor = 0.85};
	size_t found = 0;

	for (uint64_t i = 0; i < SEEDS; i++) {
		static double medians_ns[CELLS][DRIFT_ROUNDS_MAX];
		uint64_t seed = i;

		drift_run(&world, 2 * ROUNDS, &seed, medians_ns);
		reset(CELLS, 2 * ROUNDS, medians_ns);
		make();
		found += ranking_winner(&ranking) == &cells[CELLS - 1];
	}
	CHECK_MSG(found >= SEEDS * 9 / 10, "%zu of %d", found, SEEDS);
}

static const struct test tests[] = {
	{"more", test_more},
	{"ranking in order", test_order},
	{"ranking by latency with read", test_with_read},
	{"ranking below the rest", test_distrusted},
	{"ranking of what was measured again", test_measured_again},
	{"ranking of a duel", test_duel},
	{"ranking of equals", test_equals},
	{"ranking finds the winner", test_winner},
};

TEST_MAIN(tests)
