/* SPDX-License-Identifier: MIT */
/* Scatter from a range: the known factors of quality control, and what cannot be told. */
#include <math.h>
#include <stddef.h>

#include "bench/stats/range.h"
#include "tests/support/test.h"

/* d2* and its degrees of freedom of one subgroup, as tables for control charts have them. */
static void test_factors(void)
{
	static const struct {
		size_t count;
		double factor, degrees;
	} known[] = {
		{2, 1.41421, 1.0},  {3, 1.91155, 2.0},  {5, 2.48124, 3.8},
		{10, 3.17905, 7.7}, {20, 3.80537, 13.4},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct range_scatter scatter = range_scatter_of(known[i].factor, known[i].count);

		CHECK_MSG(fabs(scatter.sigma - 1) < 1e-4, "%zu", known[i].count);
		CHECK_MSG(fabs(scatter.degrees - known[i].degrees) < 0.06, "%zu", known[i].count);
	}
}

/* Two figures are as good as their standard deviation: |a - b| / sqrt(2), one degree. */
static void test_two(void)
{
	CHECK(fabs(range_scatter_of(3, 2).sigma - 3 / sqrt(2)) < 1e-4);
	CHECK(range_scatter_of(0, 2).sigma == 0);
}

/* More figures have a wider range, and never count for less scatter than the table's next row. */
static void test_between_rows(void)
{
	double last = INFINITY;

	for (size_t count = 2; count < 3000; count++) {
		struct range_scatter scatter = range_scatter_of(1, count);

		CHECK(scatter.sigma > 0 && scatter.sigma <= last && scatter.degrees >= 1);
		last = scatter.sigma;
	}
	CHECK(range_scatter_of(1, 29).sigma == range_scatter_of(1, 25).sigma);
}

static void test_unknown(void)
{
	CHECK(isnan(range_scatter_of(1, 1).sigma) && isnan(range_scatter_of(1, 0).degrees));
	CHECK(isnan(range_scatter_of(-0.1, 5).sigma) && isnan(range_scatter_of(NAN, 5).sigma) &&
	      isnan(range_scatter_of(INFINITY, 5).sigma));
}

static const struct test tests[] = {
	{"range factors", test_factors},
	{"range of two", test_two},
	{"range between rows", test_between_rows},
	{"range unknown", test_unknown},
};

TEST_MAIN(tests)
