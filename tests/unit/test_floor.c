/* SPDX-License-Identifier: MIT */
/* The pure parts of the floors: medians of repeats, rows of facts, copies. */
#include "bench/machine/floor_facts.h"
#include "bench/machine/repeats.h"
#include "bench/model/copies.h"
#include "bench/worker/elements.h"
#include "tests/support/test.h"

static void test_repeats_median(void)
{
	struct repeats repeats = {0};

	CHECK(repeats_median_ps(&repeats) == 0);
	repeats_add(&repeats, 300, 100);
	CHECK(repeats_median_ps(&repeats) == 3000);
	repeats_add(&repeats, 1, 1000);
	repeats_add(&repeats, 7, 1);
	CHECK(repeats.count == 3 && repeats_median_ps(&repeats) == 3000);
}

static void test_repeats_bounds(void)
{
	struct repeats repeats = {.deadline_ns = 50, .least = 2};

	CHECK(repeats_wanted(&repeats, 1000)); /* the least, however late */
	repeats_add(&repeats, 1, 1);
	repeats_add(&repeats, 1, 1);
	CHECK(repeats_wanted(&repeats, 49) && !repeats_wanted(&repeats, 50));
	for (int i = 0; i < 2 * REPEATS_MAX; i++)
		repeats_add(&repeats, 5, 1);
	CHECK(repeats.count == REPEATS_MAX && !repeats_wanted(&repeats, 0));
	CHECK(repeats_median_ps(&repeats) == 5000);
}

static void test_facts(void)
{
	struct floor_row rows[] = {{48, 1, 2, 3}, {96, 4, 5, 6}};
	struct floor_facts facts;
	struct floor_row row;

	floor_facts_clear(&facts);
	CHECK(isnan(facts.wakeup_ns) && isnan(facts.wakeup_spin_ns) && isnan(facts.line_ns));
	CHECK(isnan(facts.clock_ns) && isnan(facts.clock_step_ns) && facts.line_missing);
	row = floor_facts_row(&facts, 48);
	CHECK(row.bytes == 48 && isnan(row.memcpy_ns) && isnan(row.read_ns) && isnan(row.fault_ns));
	facts.rows = rows;
	facts.row_count = 2;
	CHECK(floor_facts_row(&facts, 96).read_ns == 5);
	CHECK(isnan(floor_facts_row(&facts, 97).read_ns));
}

static void test_read_every_element(void)
{
	double elements[19];
	struct array array = {.data = elements};

	for (size_t i = 0; i < 19; i++)
		elements[i] = (double)(1 << i);
	for (array.count = 0; array.count <= 19; array.count++)
		CHECK(elements_sum(&array) == (double)((1 << array.count) - 1));
}

static const struct encoding copying = {.name = "bytes"};
static const struct encoding converting = {.name = "json", .flags = ENCODING_TEXT};
static const struct encoding naming = {.name = "shm",
				       .flags = ENCODING_TEXT | ENCODING_BY_REFERENCE};

static const struct summary example = {.p50_ns = 100000, .make_ns = 10000};

static void test_copies(void)
{
	CHECK(copies_estimate(&example, &copying, 16000, 10000) == 5);
	CHECK(copies_estimate(&example, &naming, 16000, 10000) == 5);
	CHECK(copies_estimate(&example, &copying, 18000, NAN) == 5);
}

static void test_copies_unknown(void)
{
	struct summary summary = example;

	CHECK(isnan(copies_estimate(&example, &copying, NAN, 10000)));
	CHECK(isnan(copies_estimate(&example, &copying, 9999, NAN))); /* too small an array */
	CHECK(copies_estimate(&example, &copying, 10000, NAN) == 9);
	CHECK(isnan(copies_estimate(&example, &copying, 15000, 46000))); /* 44 us are left */
	CHECK(isnan(copies_estimate(&example, &converting, 16000, 10000)));
	summary.make_ns = NAN;
	CHECK(isnan(copies_estimate(&summary, &copying, 16000, 10000)));
}

static const struct test tests[] = {
	{"median of repeats", test_repeats_median},
	{"repeats are bounded", test_repeats_bounds},
	{"facts by size", test_facts},
	{"read sums every element", test_read_every_element},
	{"copies", test_copies},
	{"copies where nothing can be told", test_copies_unknown},
};

TEST_MAIN(tests)
