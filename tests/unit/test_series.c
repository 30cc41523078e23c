/* SPDX-License-Identifier: MIT */
/* Latency over time. */
#include <stdint.h>

#include "bench/stats/series.h"
#include "tests/support/test.h"

#define MS 1000000u

static struct series series;

static uint64_t total(void)
{
	uint64_t count = 0;

	for (size_t i = 0; i < SERIES_SLICES; i++) {
		for (size_t bin = 0; bin < SERIES_BINS; bin++)
			count += series.counts[i][bin];
	}
	return count;
}

static void test_bins(void)
{
	for (size_t bin = 0; bin < SERIES_BINS; bin++) {
		uint64_t low = (uint64_t)ceil(series_bin_low_ns(bin) * (1 + 1e-12));
		uint64_t high = (uint64_t)floor(series_bin_low_ns(bin + 1) * (1 - 1e-12));

		CHECK_MSG(low > high || (series_bin(low) == bin && series_bin(high) == bin),
			  "bin %zu", bin);
	}
	CHECK(series_bin_low_ns(0) == 64);
	CHECK(series_bin(0) == 0 && series_bin(1) == 0 && series_bin(64) == 0);
	CHECK(series_bin(128) == SERIES_BINS_PER_OCTAVE);
	CHECK(series_bin(UINT64_MAX) == SERIES_BINS - 1);
}

static void test_growth(void)
{
	uint64_t recorded = 0;

	memset(&series, 0, sizeof(series));
	for (uint64_t at = 0; at < 3600ull * 1000 * MS; at += 7919 * 1000, recorded++)
		series_record(&series, at, 1000 + recorded);
	CHECK(total() == recorded);
	CHECK(series.used > SERIES_SLICES / 2 && series.used <= SERIES_SLICES);
	CHECK(series.used * series.slice_ns >= 3599ull * 1000 * MS);
	for (size_t i = 0; i < series.used; i++)
		CHECK_MSG(series_percentile_ns(&series, i, 50) > 0, "slice %zu is empty", i);
}

/* What is recorded early must not depend on how much follows. */
static void test_halving(void)
{
	memset(&series, 0, sizeof(series));
	series_record(&series, 0, 100);
	series_record(&series, 127 * MS, 5000);
	CHECK(series.slice_ns == MS && series.used == 128);
	series_record(&series, 128 * MS, 900000);
	CHECK(series.slice_ns == 2 * MS && series.used == 65);
	CHECK(series.counts[0][series_bin(100)] == 1);
	CHECK(series.counts[63][series_bin(5000)] == 1);
	CHECK(series.counts[64][series_bin(900000)] == 1);
	series_record(&series, UINT64_MAX, 100);
	CHECK(total() == 4);
}

static void test_first_slice(void)
{
	memset(&series, 0, sizeof(series));
	series_record(&series, 0, 5000ull * MS);
	CHECK(series.slice_ns == 5000ull * MS && series.used == 1);
}

static void test_percentile(void)
{
	memset(&series, 0, sizeof(series));
	CHECK(series_percentile_ns(&series, 0, 50) == 0);
	for (uint64_t i = 1; i <= 1000; i++)
		series_record(&series, 0, i * 1000);
	for (unsigned percent = 5; percent <= 100; percent += 5) {
		double ratio = series_percentile_ns(&series, 0, percent) / (percent * 10000.0);

		CHECK_MSG(ratio > 0.95 && ratio < 1.05, "%u %%: %g", percent, ratio);
	}
	CHECK(series_percentile_ns(&series, 1, 50) == 0);
}

static const struct test tests[] = {
	{"series bins tile the latencies", test_bins},
	{"series holds an hour", test_growth},
	{"series halves without losing or moving samples", test_halving},
	{"series begins with slices as long as a sample", test_first_slice},
	{"series percentile of a slice", test_percentile},
};

TEST_MAIN(tests)
