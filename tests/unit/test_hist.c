/* SPDX-License-Identifier: MIT */
/* The histogram, against a sorted reference. */
#include <stdint.h>

#include "bench/stats/hist.h"
#include "tests/support/test.h"

#define COUNT 20000

static struct hist hist;
static struct hist other;
static uint64_t values[COUNT];
static uint64_t state;

/* A plain generator, so that every run tests the same numbers. */
static double uniform(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (double)(state >> 11) * 0x1p-53;
}

static uint64_t draw_small(void)
{
	return (uint64_t)(uniform() * 2048);
}

static uint64_t draw_uniform(void)
{
	return (uint64_t)(uniform() * 1e9);
}

static uint64_t draw_exponential(void)
{
	return (uint64_t)(-50e3 * log(1 - uniform()));
}

static uint64_t draw_pareto(void)
{
	return (uint64_t)(1e3 / pow(1 - uniform(), 1.2));
}

static uint64_t draw_bimodal(void)
{
	return uniform() < 0.9 ? 57000 + (uint64_t)(uniform() * 900) : 4000000000u;
}

static uint64_t draw_constant(void)
{
	return 123456789;
}

static uint64_t (*const draws[])(void) = {
	draw_small, draw_uniform, draw_exponential, draw_pareto, draw_bimodal, draw_constant,
};

#define DRAWS (sizeof(draws) / sizeof(draws[0]))

static int value_compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a;
	uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Fills the histogram and the sorted reference alike. */
static void fill(size_t draw, size_t count)
{
	state = draw + 1;
	hist_clear(&hist);
	for (size_t i = 0; i < count; i++) {
		values[i] = draws[draw]();
		hist_record(&hist, values[i]);
	}
	qsort(values, count, sizeof(values[0]), value_compare);
}

static uint64_t reference(size_t count, double percent)
{
	double rank = ceil(percent * (double)count / 100 - 1e-9);

	return values[rank < 1 ? 0 : (size_t)rank - 1];
}

static void test_percentiles(void)
{
	static const double percents[] = {0, 0.1, 1, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 100};
	static const size_t counts[] = {1, 2, 3, 7, 100, 1000, COUNT};

	for (size_t d = 0; d < DRAWS; d++) {
		for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
			fill(d, counts[c]);
			for (size_t p = 0; p < sizeof(percents) / sizeof(percents[0]); p++) {
				double want = (double)reference(counts[c], percents[p]);
				double got = (double)hist_percentile(&hist, percents[p]);
				double allowed = want < 2048 ? 0 : want * 0.0005;

				CHECK_MSG(fabs(got - want) <= allowed,
					  "draw %zu, %zu values, %g %%: %.0f, want %.0f", d,
					  counts[c], percents[p], got, want);
			}
		}
	}
}

/* Each bucket that holds samples comes once, in order, with as many as lie in it. */
static void test_walk(void)
{
	struct hist_walk walk = hist_walk(NULL);
	size_t first = 0;

	CHECK(!hist_next(&walk));
	hist_clear(&hist);
	walk = hist_walk(&hist);
	CHECK(!hist_next(&walk));
	for (size_t d = 0; d < DRAWS; d++, first = 0) {
		fill(d, COUNT);
		for (walk = hist_walk(&hist); hist_next(&walk); first += walk.count) {
			size_t last = first + walk.count - 1;

			CHECK(walk.count > 0 && last < COUNT);
			CHECK(values[first] >= walk.low_ns && values[last] < walk.high_ns);
			CHECK(first == 0 || values[first - 1] < walk.low_ns);
			CHECK(walk.value_ns >= values[0] && walk.value_ns < walk.high_ns);
		}
		CHECK(first == COUNT);
	}
}

static void test_moments(void)
{
	for (size_t d = 0; d < DRAWS; d++) {
		double mean = 0;
		double squares = 0;

		fill(d, COUNT);
		for (size_t i = 0; i < COUNT; i++)
			mean += (double)values[i] / COUNT;
		for (size_t i = 0; i < COUNT; i++)
			squares += ((double)values[i] - mean) * ((double)values[i] - mean);
		CHECK(fabs(hist_mean_ns(&hist) - mean) <= mean * 1e-12);
		CHECK_MSG(fabs(hist_stddev_ns(&hist) - sqrt(squares / (COUNT - 1))) <= mean * 1e-6,
			  "draw %zu: %g", d, hist_stddev_ns(&hist));
		CHECK(hist.min_ns == values[0] && hist.max_ns == values[COUNT - 1]);
	}
}

static void test_empty(void)
{
	hist_clear(&hist);
	CHECK(hist_percentile(&hist, 50) == 0);
	CHECK(isnan(hist_mean_ns(&hist)));
	CHECK(isnan(hist_stddev_ns(&hist)));
	CHECK(hist_count_between(&hist, 0, INFINITY) == 0);
	hist_record(&hist, 5);
	CHECK(isnan(hist_stddev_ns(&hist)));
	CHECK(hist_percentile(&hist, NAN) == 5);
}

/* Every bucket begins where the one before ends, and holds what lies between. */
static void test_buckets(void)
{
	CHECK(hist_bucket_low_ns(HIST_BUCKETS) == (uint64_t)1 << HIST_VALUE_BITS);
	for (size_t i = 0; i < HIST_BUCKETS; i++) {
		uint64_t low = hist_bucket_low_ns(i);
		uint64_t end = hist_bucket_low_ns(i + 1);

		CHECK_MSG(end > low, "bucket %zu", i);
		CHECK_MSG(hist_bucket(low) == i && hist_bucket(end - 1) == i, "bucket %zu", i);
		CHECK_MSG(low < 2048 ? end - low == 1 : (double)(end - low) <= (double)low / 1024,
			  "bucket %zu", i);
	}
}

static void test_too_long(void)
{
	hist_clear(&hist);
	hist_record(&hist, UINT64_MAX / 2);
	hist_record(&hist, 7);
	CHECK(hist_bucket(UINT64_MAX) == HIST_BUCKETS - 1);
	CHECK(hist.max_ns == UINT64_MAX / 2);
	CHECK(hist_percentile(&hist, 100) == UINT64_MAX / 2);
	CHECK(hist_percentile(&hist, 50) == 7);
}

/* A bucket's middle may never have been measured: the extremes bound what is said. */
static void test_extremes(void)
{
	static const uint64_t offsets[] = {0, 1, 500, 1023}; /* in a bucket of 1024 ns */

	for (size_t i = 0; i < sizeof(offsets) / sizeof(offsets[0]); i++) {
		uint64_t value = (1 << 20) + offsets[i];

		hist_clear(&hist);
		for (unsigned n = 0; n < 5; n++)
			hist_record(&hist, value);
		CHECK(hist_percentile(&hist, 50) == value);
		hist_record(&hist, 10 * value);
		CHECK(hist_percentile(&hist, 50) >= value);
	}
}

static void test_merge(void)
{
	fill(3, COUNT);
	memcpy(&other, &hist, sizeof(other));
	hist_clear(&hist);
	hist_merge(&other, &hist);
	CHECK(other.count == COUNT && other.min_ns == values[0]);
	hist_merge(&hist, &other);
	CHECK(memcmp(&hist, &other, sizeof(hist)) == 0);
	hist_record(&hist, 3);
	hist_merge(&hist, &other);
	CHECK(hist.count == 2 * COUNT + 1);
	CHECK(hist.min_ns == 3 && hist.max_ns == other.max_ns);
	CHECK(hist.sum_ns == 2 * other.sum_ns + 3);
	CHECK(hist_count_between(&hist, 0, INFINITY) == 2 * COUNT + 1);
}

static void test_between(void)
{
	fill(0, COUNT);
	for (unsigned low = 0; low < 2048; low += 97) {
		double count = 0;

		for (size_t i = 0; i < COUNT; i++)
			count += values[i] >= low && values[i] < low + 500;
		CHECK(hist_count_between(&hist, low, low + 500) == count);
	}
	hist_clear(&hist);
	for (unsigned i = 0; i < 10; i++)
		hist_record(&hist, 1 << 20); /* a bucket of 1024 ns begins here */
	CHECK(fabs(hist_count_between(&hist, (1 << 20) + 256, 1e9) - 7.5) < 1e-9);
	CHECK(fabs(hist_count_between(&hist, 0, (1 << 20) + 256) - 2.5) < 1e-9);
	CHECK(hist_count_between(&hist, 1e9, 0) == 0);
	CHECK(hist_count_between(&hist, -5, NAN) == 0);
}

static const struct test tests[] = {
	{"hist walk brings each bucket with samples once", test_walk},
	{"hist percentiles are those of the sorted values", test_percentiles},
	{"hist mean, deviation and extremes", test_moments},
	{"hist of nothing, and of one", test_empty},
	{"hist buckets tile the values", test_buckets},
	{"hist keeps durations that are too long", test_too_long},
	{"hist percentiles stay within the extremes", test_extremes},
	{"hist merge is recording everything", test_merge},
	{"hist counts between two durations", test_between},
};

TEST_MAIN(tests)
