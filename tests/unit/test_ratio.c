/* SPDX-License-Identifier: MIT */
/* Student's t against its table, and ratios of medians against worked examples and coverage. */
#include <stdint.h>

#include "bench/stats/ratio.h"
#include "bench/stats/student.h"
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

	return ratio_of_blocks(&a_side, &b_side);
}

/* Logs 0.1, 0.2, 0.3 apart: mean 0.2, standard error 0.1 / sqrt(3), t 4.3027. */
static void test_paired(void)
{
	double a[3] = {exp(7.1), exp(3.2), exp(5.3)};
	double b[3] = {exp(7.0), exp(3.0), exp(5.0)};
	struct ratio ratio = ratio_make(a, 3, b, 3);
	double margin = 4.302653 * 0.1 / sqrt(3);

	CHECK(ratio.paired && ratio.a_blocks == 3 && ratio.b_blocks == 3);
	CHECK(near(ratio.ratio, exp(0.2), 1e-9));
	CHECK_MSG(near(ratio.low, exp(0.2 - margin) / 1.001, 1e-6), "%g", ratio.low);
	CHECK_MSG(near(ratio.high, exp(0.2 + margin) * 1.001, 1e-6), "%g", ratio.high);
	CHECK(ratio_judge(&ratio) == RATIO_NO_DIFFERENCE);
	b[0] = exp(7.0) / 1.5;
	b[1] = exp(3.0) / 1.4;
	b[2] = exp(5.0) / 1.3;
	ratio = ratio_make(a, 3, b, 3);
	CHECK(ratio_judge(&ratio) == RATIO_SLOWER);
	ratio = ratio_make(b, 3, a, 3);
	CHECK(ratio_judge(&ratio) == RATIO_FASTER);
}

/* Logs 0, 2 (variance 2) against 1, 2, 3 (variance 1): error2 1 + 1/3, 1.684211 degrees. */
static void test_unpaired(void)
{
	double a[2] = {1, exp(2)};
	double b[3] = {exp(1), exp(2), exp(3)};
	struct ratio ratio = ratio_make(a, 2, b, 3);
	double degrees = (4.0 / 3) * (4.0 / 3) / (1 + 1.0 / 18);
	double margin = student_two_sided(0.95, degrees) * sqrt(4.0 / 3);

	CHECK(!ratio.paired && ratio.a_blocks == 2 && ratio.b_blocks == 3);
	CHECK(near(degrees, 1.684211, 1e-6));
	CHECK(near(ratio.ratio, exp(-1), 1e-9));
	CHECK(near(ratio.low, exp(-1 - margin) / 1.001, 1e-9));
	CHECK(near(ratio.high, exp(-1 + margin) * 1.001, 1e-9));
}

/* No interval without two blocks a side; equal blocks do not prove less than the clock shows. */
static void test_edges(void)
{
	double a[3] = {1000, 1000, 1000};
	double b[3] = {1000.5, 1000.5, 1000.5};
	struct ratio ratio = ratio_make(a, 1, b, 1);

	CHECK(near(ratio.ratio, 1000 / 1000.5, 1e-12) && isnan(ratio.low) && isnan(ratio.high));
	CHECK(ratio_judge(&ratio) == RATIO_UNKNOWN);
	ratio = ratio_make(a, 1, b, 3);
	CHECK(!ratio.paired && isnan(ratio.low) && ratio_judge(&ratio) == RATIO_UNKNOWN);
	ratio = ratio_make(a, 0, b, 3);
	CHECK(isnan(ratio.ratio) && ratio_judge(&ratio) == RATIO_UNKNOWN);
	ratio = ratio_make(NULL, 0, NULL, 0);
	CHECK(isnan(ratio.ratio) && ratio_judge(&ratio) == RATIO_UNKNOWN);
	ratio = ratio_make(a, 3, b, 3);
	CHECK(ratio_judge(&ratio) == RATIO_NO_DIFFERENCE);
	ratio = ratio_make(a, 2, b, 3);
	CHECK(ratio_judge(&ratio) == RATIO_NO_DIFFERENCE);
	b[0] = b[1] = b[2] = 1100;
	ratio = ratio_make(a, 3, b, 3);
	CHECK(ratio_judge(&ratio) == RATIO_FASTER);
	a[1] = 0; /* a block without a median takes its round with it */
	ratio = ratio_make(a, 3, b, 3);
	CHECK(ratio.paired && ratio.a_blocks == 2 && ratio_judge(&ratio) == RATIO_FASTER);
}

static void test_steps(void)
{
	struct {
		size_t other;
		double ns;
	} blocks[2] = {{7, 100}, {7, 100}};
	double b[2] = {50, 50};
	struct ratio_side a_side = {&blocks[0].ns, 2, sizeof(blocks[0])};
	struct ratio_side b_side = {b, 2, 0};
	struct ratio ratio = ratio_of_blocks(&a_side, &b_side);

	CHECK(near(ratio.ratio, 2, 1e-12) && ratio_judge(&ratio) == RATIO_SLOWER);
}

/* The share of 4000 experiments in which the interval misses the truth. */
static double misses(size_t a_count, size_t b_count, double b_spread, uint64_t seed)
{
	const size_t experiments = 4000;
	size_t missed = 0;

	for (size_t i = 0; i < experiments; i++) {
		double a[8];
		double b[8];
		struct ratio ratio;

		for (size_t j = 0; j < a_count; j++)
			a[j] = 1000 * exp(0.05 * noise_normal(&seed));
		for (size_t j = 0; j < b_count; j++)
			b[j] = 1200 * exp(b_spread * noise_normal(&seed));
		ratio = ratio_make(a, a_count, b, b_count);
		missed += !(ratio.low <= 1000.0 / 1200 && 1000.0 / 1200 <= ratio.high);
	}
	return (double)missed / (double)experiments;
}

/* 5 %, with a standard deviation of 0.34 % in 4000 experiments; Welch's is a little cautious. */
static void test_coverage(void)
{
	double paired = misses(3, 3, 0.05, 1);
	double wide = misses(5, 5, 0.2, 2);
	double welch = misses(3, 6, 0.2, 3);

	CHECK_MSG(paired > 0.035 && paired < 0.062, "%g", paired);
	CHECK_MSG(wide > 0.035 && wide < 0.062, "%g", wide);
	CHECK_MSG(welch > 0.02 && welch < 0.065, "%g", welch);
}

static const struct test tests[] = {
	{"student t is as in the table", test_table},
	{"student t of one and two degrees", test_closed_forms},
	{"ratio paired by round", test_paired},
	{"ratio unpaired", test_unpaired},
	{"ratio without enough blocks", test_edges},
	{"ratio of medians in structs", test_steps},
	{"ratio intervals hold the truth in 95 of 100", test_coverage},
};

TEST_MAIN(tests)
