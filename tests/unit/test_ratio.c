/* SPDX-License-Identifier: MIT */
/* Student's t against its table, and ratios of medians against worked examples and coverage. */
#include <stdint.h>

#include "bench/stats/ratio.h"
#include "bench/stats/student.h"
#include "tests/support/drift.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

static bool near(double got, double want, double relative)
{
	return fabs(got - want) <= relative * fabs(want);
}

/* Abramowitz and Stegun, table 26.10: three decimals. */
static void test_table(void)
{
	static const struct {
		double degrees, confidence, t;
	} cases[] = {
		{1, 0.95, 12.706},  {2, 0.95, 4.303},   {3, 0.95, 3.182},  {4, 0.95, 2.776},
		{5, 0.95, 2.571},   {9, 0.95, 2.262},   {10, 0.95, 2.228}, {30, 0.95, 2.042},
		{120, 0.95, 1.980}, {1, 0.99, 63.657},  {2, 0.99, 9.925},  {5, 0.99, 4.032},
		{30, 0.99, 2.750},  {2, 0.999, 31.598}, {4, 0.50, 0.741},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		double t = student_two_sided(cases[i].confidence, cases[i].degrees);

		CHECK_MSG(fabs(t - cases[i].t) < 0.002, "case %zu: %g", i, t);
	}
	CHECK(near(student_two_sided(0.95, 1e7), 1.959964, 1e-5));
	CHECK(isnan(student_two_sided(0.95, 0)) && isnan(student_two_sided(0.95, (double)NAN)));
}

/* One and two degrees of freedom have closed forms. */
static void test_closed_forms(void)
{
	for (double t = -40; t <= 40; t += 0.37) {
		double one = 0.5 + atan(t) / acos(-1);
		double two = 0.5 + t / (2 * sqrt(2 + t * t));

		CHECK_MSG(fabs(student_cdf(t, 1) - one) < 1e-12, "t %g", t);
		CHECK_MSG(fabs(student_cdf(t, 2) - two) < 1e-12, "t %g", t);
	}
	CHECK(student_cdf(0, 7) == 0.5);
}

static struct ratio ratio_make(const double *a, size_t a_count, const double *b, size_t b_count)
{
	struct ratio_side a_side = {.medians_ns = a, .count = a_count};
	struct ratio_side b_side = {.medians_ns = b, .count = b_count};

	return ratio_of_rounds(&a_side, &b_side, 1);
}

/* Logs 0.1, 0.2, 0.3 apart: mean 0.2, standard error 0.1 / sqrt(3), t 4.3027. */
static void test_paired(void)
{
	double a[3] = {exp(7.1), exp(3.2), exp(5.3)};
	double b[3] = {exp(7.0), exp(3.0), exp(5.0)};
	struct ratio ratio = ratio_make(a, 3, b, 3);
	double margin = 4.302653 * 0.1 / sqrt(3);

	CHECK(ratio.rounds == 3 && near(ratio.ratio, exp(0.2), 1e-9));
	CHECK_MSG(near(ratio.low, exp(0.2 - margin) / 1.001, 1e-6), "%g", ratio.low);
	CHECK_MSG(near(ratio.high, exp(0.2 + margin) * 1.001, 1e-6), "%g", ratio.high);
	CHECK(ratio.state == RATIO_UNDECIDED && near(ratio.deviation, 0.1, 1e-9));
	b[0] = exp(7.0) / 1.5;
	b[1] = exp(3.0) / 1.4;
	b[2] = exp(5.0) / 1.3;
	CHECK(ratio_make(a, 3, b, 3).state == RATIO_SLOWER);
	CHECK(ratio_make(b, 3, a, 3).state == RATIO_FASTER);
}

/* Three verdicts at once: each at 1 - 0.05 / 3, t(0.98333, 2 degrees) = 7.6488. */
static void test_together(void)
{
	double a[3] = {exp(7.1), exp(3.2), exp(5.3)};
	double b[3] = {exp(7.0), exp(3.0), exp(5.0)};
	struct ratio_side a_side = {.medians_ns = a, .count = 3};
	struct ratio_side b_side = {.medians_ns = b, .count = 3};
	struct ratio ratio = ratio_of_rounds(&a_side, &b_side, 3);

	CHECK_MSG(near(log(ratio.high / ratio.ratio) - log(1.001), 7.6488 * 0.1 / sqrt(3), 1e-4),
		  "%g", ratio.high);
}

static void test_states(void)
{
	CHECK(ratio_judge(0.9, 0.99) == RATIO_FASTER && ratio_judge(1.001, 2) == RATIO_SLOWER);
	CHECK(ratio_judge(0.981, 1.019) == RATIO_SAME && ratio_judge(1, 1) == RATIO_SAME);
	CHECK(ratio_judge(0.97, 1.01) == RATIO_UNDECIDED);
	CHECK(ratio_judge(0.99, 1.03) == RATIO_UNDECIDED);
	CHECK(ratio_judge((double)NAN, (double)NAN) == RATIO_UNDECIDED);
	CHECK_STR(ratio_state_names[RATIO_UNDECIDED], "undecided");
	CHECK_STR(ratio_state_names[RATIO_SAME], "same");
}

/* A block that failed, or was measured again after the others, shifts nobody else's pairs. */
static void test_rounds(void)
{
	struct {
		size_t other, round;
		double ns;
	} a[] = {{7, 0, 100}, {7, 2, 400}, {7, 3, 800}, {7, 9, 1}},
	  b[] = {{7, 0, 100}, {7, 1, 5}, {7, 2, 400}, {7, 3, 800}, {7, 8, 1}};
	struct ratio_side a_side = {&a[0].ns, &a[0].round, 4, sizeof(a[0])};
	struct ratio_side b_side = {&b[0].ns, &b[0].round, 5, sizeof(b[0])};
	struct ratio ratio = ratio_of_rounds(&a_side, &b_side, 1);

	CHECK(ratio.rounds == 3 && near(ratio.ratio, 1, 1e-12) && ratio.state == RATIO_SAME);
	a_side = (struct ratio_side){&a[3].ns, &a[3].round, 1, sizeof(a[0])};
	ratio = ratio_of_rounds(&a_side, &b_side, 1);
	CHECK(ratio.rounds == 0 && isnan(ratio.ratio) && ratio.state == RATIO_UNDECIDED);
}

/* No interval without two rounds; equal blocks do not prove less than the clock shows. */
static void test_edges(void)
{
	double a[3] = {1000, 1000, 1000};
	double b[3] = {1000.5, 1000.5, 1000.5};
	struct ratio ratio = ratio_make(a, 1, b, 3);

	CHECK(near(ratio.ratio, 1000 / 1000.5, 1e-12) && isnan(ratio.low) && isnan(ratio.high));
	CHECK(ratio.state == RATIO_UNDECIDED && ratio.rounds == 1);
	ratio = ratio_make(a, 0, b, 3);
	CHECK(isnan(ratio.ratio) && ratio.state == RATIO_UNDECIDED);
	ratio = ratio_make(NULL, 0, NULL, 0);
	CHECK(isnan(ratio.ratio) && ratio.state == RATIO_UNDECIDED);
	CHECK(ratio_make(a, 3, b, 3).state == RATIO_SAME);
	b[0] = b[1] = b[2] = 1100;
	CHECK(ratio_make(a, 3, b, 3).state == RATIO_FASTER);
	a[1] = 0; /* a block without a median takes its round with it */
	ratio = ratio_make(a, 3, b, 3);
	CHECK(ratio.rounds == 2 && ratio.state == RATIO_FASTER);
}

#define SEEDS 1000
/* How often the first and the last cell of a run come to that state, in SEEDS runs. */
static size_t count_states(const struct drift_world *world, size_t rounds, enum ratio_state state)
{
	size_t count = 0;

	for (uint64_t i = 0; i < SEEDS; i++) {
		double medians[DRIFT_CELLS_MAX][DRIFT_ROUNDS_MAX];
		uint64_t seed = i;
		struct ratio ratio;

		drift_run(world, rounds, &seed, medians);
		ratio = ratio_make(medians[0], rounds, medians[world->cells - 1], rounds);
		count += ratio.state == state;
	}
	return count;
}

/* The share of SEEDS runs in which the interval misses the truth. */
static double misses(const struct drift_world *world, size_t rounds)
{
	size_t missed = 0;

	for (uint64_t i = 0; i < SEEDS; i++) {
		double medians[DRIFT_CELLS_MAX][DRIFT_ROUNDS_MAX];
		uint64_t seed = i;
		struct ratio ratio;

		drift_run(world, rounds, &seed, medians);
		ratio = ratio_make(medians[world->cells - 1], rounds, medians[0], rounds);
		missed += !(ratio.low <= world->factor && world->factor <= ratio.high);
	}
	return (double)missed / SEEDS;
}

static void test_coverage(void)
{
	const struct drift_world worlds[] = {
		{.cells = 2, .wobble = 0.05, .factor = 1.2},
		{.cells = 2, .drift = 0.08, .wobble = 0.05, .factor = 1},
		{.cells = 8, .drift = 0.04, .wobble = 0.05, .factor = 1.1},
		{.cells = 4, .drift = 0.08, .wobble = 0.02, .bias = 0.1, .factor = 1},
	};

	for (size_t i = 0; i < sizeof(worlds) / sizeof(worlds[0]); i++) {
		double twelve = misses(&worlds[i], 12);
		double three = misses(&worlds[i], 3);

		CHECK_MSG(twelve > 0.02 && twelve < 0.07, "world %zu: %g", i, twelve);
		CHECK_MSG(three > 0.02 && three < 0.07, "world %zu, 3 rounds: %g", i, three);
	}
}

/*
 * Equals that come out faster or slower: at most 5 of 100. So many seeds tell that to within
 * 0.69 % (one standard deviation); the bound is 2.3 of them away, and 3 % more is found.
 */
#define WRONG_MOST (SEEDS * 5 / 100 + 16)

static void check_equals(const struct drift_world *world, size_t rounds)
{
	size_t wrong = count_states(world, rounds, RATIO_FASTER) +
		       count_states(world, rounds, RATIO_SLOWER);

	CHECK_MSG(wrong <= WRONG_MOST, "%zu rounds, drift %g, bias %g: %zu of %d", rounds,
		  world->drift, world->bias, wrong, SEEDS);
}

static void test_equals(void)
{
	for (size_t rounds = 3; rounds <= 24; rounds *= 2) {
		check_equals(
			&(struct drift_world){
				.cells = 2, .drift = 0.08, .wobble = 0.05, .factor = 1},
			rounds);
		check_equals(
			&(struct drift_world){
				.cells = 8, .drift = 0.04, .wobble = 0.05, .factor = 1},
			rounds);
	}
}

static void test_unequals(void)
{
	const struct drift_world world = {.cells = 2, .drift = 0.02, .wobble = 0.05, .factor = 1.1};
	const struct drift_world quiet = {.cells = 2, .drift = 0.002, .wobble = 0.005, .factor = 1};
	size_t found = count_states(&world, 24, RATIO_FASTER);

	CHECK_MSG(found >= SEEDS * 9 / 10, "24 rounds: %zu", found);
	CHECK(count_states(&world, 24, RATIO_SLOWER) == 0);
	CHECK(count_states(&world, 3, RATIO_UNDECIDED) > SEEDS / 2);
	CHECK(count_states(&quiet, 12, RATIO_SAME) > SEEDS * 9 / 10);
}

/*
 * Each block draws an alignment that makes it 10 % faster or slower: blocks lie apart by a
 * fifth, and neither cell is shown to be the faster one.
 */
static void test_bias(void)
{
	const struct drift_world world = {.cells = 2, .wobble = 0.01, .bias = 0.1, .factor = 1};
	double medians[DRIFT_CELLS_MAX][DRIFT_ROUNDS_MAX];
	uint64_t seed = 1;
	double least = INFINITY;
	double most = 0;

	drift_run(&world, 12, &seed, medians);
	for (size_t i = 0; i < 12; i++) {
		least = fmin(least, medians[0][i]);
		most = fmax(most, medians[0][i]);
	}
	CHECK_MSG(most / least > 1.15, "%g", most / least);
	check_equals(&world, 12);
}

/* So many rounds as it says settle what it could not: in about 8 of 10. */
static void test_foresight(void)
{
	const struct drift_world world = {
		.cells = 2, .drift = 0.02, .wobble = 0.05, .factor = 1.05};
	struct ratio ratio = {.state = RATIO_UNDECIDED,
			      .rounds = 6,
			      .ratio = 1.05,
			      .confidence = 0.95,
			      .deviation = 0.06};
	size_t asked = 0;
	size_t settled = 0;

	/* n with t(n - 1) + t80(n - 1) = 0.04879 sqrt(n) / 0.06 is 14, and 6 are there. */
	CHECK_MSG(ratio_rounds_more(&ratio) == 8, "%zu", ratio_rounds_more(&ratio));
	ratio.rounds = 4;
	CHECK(ratio_rounds_more(&ratio) == 0); /* too few to tell how they scatter */
	ratio.rounds = 6;
	ratio.deviation = 3;
	ratio.ratio = 1;
	CHECK(ratio_rounds_more(&ratio) == 0); /* too many to be worth saying */
	for (uint64_t i = 0; i < SEEDS; i++) {
		double medians[DRIFT_CELLS_MAX][DRIFT_ROUNDS_MAX];
		uint64_t seed = i;
		size_t more;

		drift_run(&world, DRIFT_ROUNDS_MAX, &seed, medians);
		ratio = ratio_make(medians[0], 12, medians[1], 12);
		more = ratio_rounds_more(&ratio);
		if (!more || 12 + more > DRIFT_ROUNDS_MAX)
			continue;
		asked++;
		settled += ratio_make(medians[0], 12 + more, medians[1], 12 + more).state !=
			   RATIO_UNDECIDED;
	}
	CHECK_MSG(asked > SEEDS / 10 && settled * 10 > asked * 6, "%zu of %zu", settled, asked);
}

static const struct test tests[] = {
	{"student t is as in the table", test_table},
	{"student t of one and two degrees", test_closed_forms},
	{"ratio paired by round", test_paired},
	{"ratio with rivals judged together", test_together},
	{"ratio states", test_states},
	{"ratio pairs rounds, not places", test_rounds},
	{"ratio without enough rounds", test_edges},
	{"ratio intervals hold the truth in 95 of 100", test_coverage},
	{"ratio of equals is decided in 5 of 100", test_equals},
	{"ratio of unequals is found", test_unequals},
	{"ratio takes a bias of alignment for scatter", test_bias},
	{"ratio foresees how many rounds it takes", test_foresight},
};

TEST_MAIN(tests)
