/* SPDX-License-Identifier: MIT */
/* The median of rounds: its interval by hand, and what disturbed rounds do to it. */
#include "bench/stats/middle.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

#define ROUNDS 12

/* Of 12 the third from either end: 2 * 79 / 4096 lie outside; with the fourth it were 2 * 299. */
static void test_by_hand(void)
{
	double figures[ROUNDS] = {7, 3, 12, 1, 9, 5, 11, 2, 8, 10, 4, 6};
	struct interval interval = middle_of(figures, ROUNDS, 0);

	CHECK(interval.count == ROUNDS && interval.low == 3 && interval.high == 10);
	CHECK(fabs(interval.middle - sqrt(42)) < 1e-12);
	interval = middle_of(figures, 11, 0.01);
	CHECK(interval.middle == 6 && interval.low == 2 / 1.01 && interval.high == 10 * 1.01);
}

/* Too few for two of them to enclose the median: as a mean, and then nothing. */
static void test_few(void)
{
	double figures[5] = {exp(1), exp(2), exp(3), exp(4), exp(5)};
	struct interval interval = middle_of(figures, 5, 0);
	double margin = 2.776445 * sqrt(2.5 / 5);

	CHECK(fabs(interval.middle - exp(3)) < 1e-9);
	CHECK_MSG(fabs(interval.low - exp(3 - margin)) < 1e-5, "%g", interval.low);
	interval = middle_of(figures, 2, 0);
	CHECK(interval.middle > 0 && isnan(interval.low) && isnan(interval.high));
	interval = middle_of(NULL, 0, 0);
	CHECK(interval.count == 0 && isnan(interval.middle));
}

#define SEEDS 1000

/*
 * Of each run another share of the rounds, up to a fifth, is disturbed and takes up to twice as
 * long: the median lies nearer to what the others are about than the mean, and its interval holds
 * that.
 */
static void test_disturbed(void)
{
	size_t held = 0;
	double off = 0;
	double off_by_mean = 0;

	for (uint64_t i = 0; i < SEEDS; i++) {
		uint64_t seed = i;
		double disturbed = 0.2 * noise_share(&seed);
		double figures[ROUNDS];
		struct moments logs = {0};
		struct interval interval;

		for (size_t k = 0; k < ROUNDS; k++) {
			bool is = noise_share(&seed) < disturbed;

			figures[k] = exp(0.03 * noise_normal(&seed) +
					 (is ? log(2) * noise_share(&seed) : 0));
			moments_add(&logs, log(figures[k]));
		}
		off_by_mean += logs.mean * logs.mean;
		interval = middle_of(figures, ROUNDS, 0);
		off += log(interval.middle) * log(interval.middle);
		held += interval.low <= 1 && 1 <= interval.high;
	}
	CHECK_MSG(held >= SEEDS * 93 / 100, "%zu of %d", held, SEEDS);
	CHECK_MSG(off < off_by_mean / 4, "%g, by the mean %g", off, off_by_mean);
}

static const struct test tests[] = {
	{"middle by hand", test_by_hand},
	{"middle of few", test_few},
	{"middle of rounds some of which are disturbed", test_disturbed},
};

TEST_MAIN(tests)
