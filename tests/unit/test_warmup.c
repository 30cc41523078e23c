/* SPDX-License-Identifier: MIT */
/* What is dropped as warm-up: a prefix, at most half, and seldom where there is none. */
#include "bench/stats/warmup.h"

#include <math.h>

#include "tests/support/noise.h"
#include "tests/support/test.h"

#define SEEDS 1000

static uint64_t latencies[WARMUP_LATENCIES_MOST + 1];

/* Latencies about one level, the first `slow` of them `factor` higher, with spikes. */
static void fill(size_t count, size_t slow, double factor, uint64_t seed)
{
	uint64_t noise = seed * 0x9E3779B9u + 1;

	for (size_t i = 0; i < count; i++) {
		double ns = 1e6 * exp(0.05 * noise_normal(&noise));

		if (noise_share(&noise) < 0.02)
			ns *= 5;
		latencies[i] = (uint64_t)(i < slow ? ns * factor : ns);
	}
}

static void test_few(void)
{
	struct warmup warmup;

	fill(WARMUP_LATENCIES_LEAST - 1, 10, 3, 1);
	warmup = warmup_find(latencies, WARMUP_LATENCIES_LEAST - 1, 100);
	CHECK(warmup.drop == 0 && warmup.steadiness == STEADINESS_UNKNOWN);
}

/* To five latencies, since they are looked at five at a time. */
static void test_prefix(void)
{
	static const size_t slow[] = {5, 10, 40, 90};
	struct warmup warmup;

	for (size_t i = 0; i < sizeof(slow) / sizeof(slow[0]); i++) {
		fill(200, slow[i], 1.5, 3 + i);
		warmup = warmup_find(latencies, 200, 100);
		CHECK_MSG(warmup.drop == slow[i], "%zu, not %zu", warmup.drop, slow[i]);
		CHECK(warmup.steadiness == STEADINESS_STEADY);
	}
	/* Whatever the machine did first: slower or faster than it came to be. */
	fill(200, 40, 0.7, 9);
	CHECK(warmup_find(latencies, 200, 100).drop == 40);
	/* Too few are left to say more. */
	fill(45, 20, 3, 4);
	warmup = warmup_find(latencies, 45, 22);
	CHECK(warmup.drop == 20 && warmup.steadiness == STEADINESS_UNKNOWN);
}

/* A change in the second half, or beyond what may be dropped, is no warm-up. */
static void test_late(void)
{
	struct warmup warmup;

	fill(200, 150, 1.5, 5);
	warmup = warmup_find(latencies, 200, 100);
	CHECK(warmup.drop == 0 && warmup.steadiness == STEADINESS_UNSTEADY);
	fill(200, 40, 1.5, 6);
	warmup = warmup_find(latencies, 200, 39);
	CHECK(warmup.drop == 0 && warmup.steadiness == STEADINESS_UNSTEADY);
	/* Two changes: the first is warm-up, the second is told. */
	fill(400, 50, 4, 7);
	for (size_t i = 250; i < 400; i++)
		latencies[i] += latencies[i] / 4;
	warmup = warmup_find(latencies, 400, 200);
	CHECK(warmup.drop == 50 && warmup.steadiness == STEADINESS_UNSTEADY);
}

/* Equal latencies, as a clock gives that stands still; what is beyond the most is not read. */
static void test_equal(void)
{
	struct warmup warmup;

	for (size_t i = 0; i <= WARMUP_LATENCIES_MOST; i++)
		latencies[i] = i < WARMUP_LATENCIES_MOST ? 1000 : UINT64_MAX;
	warmup = warmup_find(latencies, WARMUP_LATENCIES_MOST + 1, 500);
	CHECK(warmup.drop == 0 && warmup.steadiness == STEADINESS_STEADY);
	latencies[0] = 0;
	CHECK(warmup_find(latencies, 100, 50).drop == 0);
}

/* Where there is no warm-up, one is seen in few blocks. */
static void test_none(void)
{
	static const size_t counts[] = {30, 80, 300, 1000};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		size_t seen = 0;

		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			struct warmup warmup;

			fill(counts[i], 0, 1, seed);
			warmup = warmup_find(latencies, counts[i], counts[i] / 2);
			CHECK(warmup.drop <= counts[i] / 2);
			seen += warmup.steadiness != STEADINESS_STEADY;
		}
		CHECK_MSG(seen <= SEEDS / 50, "%zu of %d at %zu", seen, SEEDS, counts[i]);
	}
}

static const struct test tests[] = {
	{"too few latencies", test_few},
	{"a prefix is dropped", test_prefix},
	{"a late change is told", test_late},
	{"equal latencies", test_equal},
	{"seldom seen where there is none", test_none},
};

TEST_MAIN(tests)
