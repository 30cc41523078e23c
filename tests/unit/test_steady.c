/* SPDX-License-Identifier: MIT */
/* Humps and drift: found where they are, and not where chance makes something like them. */
#include <stdint.h>

#include "bench/stats/drift.h"
#include "bench/stats/modes.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

static struct hist hist;
static struct series series;

static uint64_t sample_ns(double median_ns, double spread, uint64_t *seed)
{
	return (uint64_t)(median_ns * exp(spread * noise_normal(seed)));
}

static void test_two_humps(void)
{
	struct modes modes;
	uint64_t seed = 3;

	for (uint64_t median_ns = 5000; median_ns < 5000000000u; median_ns *= 100) {
		hist_clear(&hist);
		for (int i = 0; i < 1000; i++)
			hist_record(&hist,
				    sample_ns((i % 4 ? 1 : 1.5) * (double)median_ns, 0.06, &seed));
		CHECK(modes_find(&hist, &modes) && modes_count(&hist) == 2);
		CHECK_MSG(fabs(modes.low_ns / (double)median_ns - 1) < 0.08, "%g", modes.low_ns);
		CHECK_MSG(fabs(modes.high_ns / (double)median_ns - 1.5) < 0.12, "%g",
			  modes.high_ns);
		CHECK_MSG(fabs(modes.high_share - 0.25) < 0.03, "%g", modes.high_share);
	}
}

/* One hump is not two, nor is a flat top or a long tail, however few the samples. */
static void test_one_hump(void)
{
	struct modes modes;
	uint64_t seed = 11;
	int found = 0;

	for (int round = 0; round < 300; round++) {
		for (int kind = 0; kind < 3; kind++) {
			hist_clear(&hist);
			for (int i = 0; i < 50 + round * 5; i++) {
				double ns = 5e6 * exp(0.1 * noise_normal(&seed));

				if (kind == 1)
					ns = 1e6 + 2e6 * noise_share(&seed);
				if (kind == 2)
					ns = 1e6 - 1e6 * log(noise_share(&seed));
				hist_record(&hist, (uint64_t)ns);
			}
			found += modes_find(&hist, &modes);
		}
	}
	CHECK_MSG(found == 0, "%d of 900", found);
}

static void test_few_samples(void)
{
	struct modes modes;

	CHECK(!modes_find(NULL, &modes) && isnan(modes_count(NULL)));
	hist_clear(&hist);
	CHECK(!modes_find(&hist, &modes) && isnan(modes_count(&hist)));
	for (int i = 0; i < 49; i++)
		hist_record(&hist, i % 2 ? 1000 : 9000);
	CHECK(!modes_find(&hist, &modes) && isnan(modes_count(&hist)));
	hist_record(&hist, 9000);
	CHECK(modes_find(&hist, &modes) && modes_count(&hist) == 2);
	hist_clear(&hist);
	for (int i = 0; i < 100; i++)
		hist_record(&hist, 0);
	CHECK(!modes_find(&hist, &modes) && modes_count(&hist) == 1);
}

/* Kendall's S of all orders of ten: how often 29 is reached, by the recurrence of inversions. */
static void test_kendall(void)
{
	double ways[46] = {1};
	double beyond = 0;
	double all = 0;

	for (int n = 2; n <= 10; n++) {
		double next[46] = {0};

		for (int inversions = 0; inversions < 46; inversions++)
			for (int k = 0; k < n && k <= inversions; k++)
				next[inversions] += ways[inversions - k];
		memcpy(ways, next, sizeof(ways));
	}
	for (int inversions = 0; inversions < 46; inversions++) {
		all += ways[inversions];
		if (abs(45 - 2 * inversions) >= 29)
			beyond += ways[inversions];
	}
	CHECK(all == 3628800);
	CHECK_MSG(beyond / all < 0.01 && beyond / all > 0.005, "%g", beyond / all);
}

/* So many samples of 1 ms each, from one level to another, some spread. */
static void series_fill(double first_ns, double last_ns, double spread, int count, uint64_t *seed)
{
	memset(&series, 0, sizeof(series));
	for (int i = 0; i < count; i++) {
		double level = first_ns * pow(last_ns / first_ns, (double)i / count);

		series_record(&series, (uint64_t)i * 1000000, sample_ns(level, spread, seed));
	}
}

static void test_drift(void)
{
	struct drift drift;
	uint64_t seed = 5;

	series_fill(9e5, 1.4e6, 0.1, 600, &seed);
	CHECK(drift_find(&series, &drift) && drift.beyond_noise);
	CHECK_MSG(fabs(drift.ratio - 1.48) < 0.15, "%g", drift.ratio);
	CHECK(drift.ratio == drift.last_ns / drift.first_ns);
	series_fill(1.4e6, 9e5, 0.1, 600, &seed);
	CHECK(drift_find(&series, &drift) && drift.beyond_noise && drift.ratio < 0.8);
	series_fill(1e6, 1.08e6, 0.05, 6000, &seed); /* certain, but too little to matter */
	CHECK(drift_find(&series, &drift) && !drift.beyond_noise && drift.ratio > 1.04);
}

/* Noise of 20 % without a trend: at most one series in a hundred may look like one. */
static void test_no_drift(void)
{
	struct drift drift;
	uint64_t seed = 7;
	int found = 0;

	for (int round = 0; round < 500; round++) {
		series_fill(1e6, 1e6, 0.2, 20 + round, &seed);
		CHECK(drift_find(&series, &drift));
		found += drift.beyond_noise;
	}
	CHECK_MSG(found <= 5, "%d of 500", found);
}

/* One slow spell in the middle is not a drift, nor are ten slices all alike. */
static void test_spell(void)
{
	struct drift drift;

	memset(&series, 0, sizeof(series));
	CHECK(!drift_find(NULL, &drift) && !drift_find(&series, &drift));
	for (uint64_t i = 0; i < 9; i++)
		series_record(&series, i * 1000000, 1000000);
	CHECK(!drift_find(&series, &drift));
	series_record(&series, 9 * 1000000, 1000000);
	CHECK(drift_find(&series, &drift) && !drift.beyond_noise && drift.ratio == 1);
	memset(&series, 0, sizeof(series));
	for (uint64_t i = 0; i < 100; i++)
		series_record(&series, i * 1000000,
			      i >= 40 && i < 60 ? 3000000 : 1000000 + i * 100);
	CHECK(drift_find(&series, &drift) && !drift.beyond_noise);
}

static const struct test tests[] = {
	{"modes finds two humps", test_two_humps},
	{"modes takes one hump for one", test_one_hump},
	{"modes says nothing of few samples", test_few_samples},
	{"drift's threshold is one in a hundred", test_kendall},
	{"drift is found", test_drift},
	{"drift is not found in noise", test_no_drift},
	{"drift is not a spell", test_spell},
};

TEST_MAIN(tests)
