/* SPDX-License-Identifier: MIT */
/* Means and standard errors of log medians, paired or by Welch. */
#include "bench/stats/ratio.h"

#include <math.h>

#include "bench/stats/moments.h"
#include "bench/stats/student.h"

/*
 * A histogram gives a median to 0.05 % (bench/stats/hist.h), so a ratio to 0.1 %: equal
 * blocks do not make an interval narrower than that.
 */
#define RESOLUTION 0.001

/* The log of a block's median, NaN if it has none. */
static double side_log(const struct ratio_side *side, size_t block)
{
	size_t step = side->step_bytes ? side->step_bytes : sizeof(double);
	double ns = *(const double *)(const void *)((const char *)side->medians_ns + block * step);

	return ns > 0 && isfinite(ns) ? log(ns) : NAN;
}

static struct moments side_moments(const struct ratio_side *side)
{
	struct moments moments = {0};

	for (size_t i = 0; i < side->count; i++)
		if (!isnan(side_log(side, i)))
			moments_add(&moments, side_log(side, i));
	return moments;
}

static void ratio_set(struct ratio *ratio, double log_ratio, double margin)
{
	ratio->ratio = exp(log_ratio);
	if (isnan(margin))
		return;
	ratio->low = exp(log_ratio - margin) / (1 + RESOLUTION);
	ratio->high = exp(log_ratio + margin) * (1 + RESOLUTION);
}

static void ratio_paired(struct ratio *ratio, const struct ratio_side *a,
			 const struct ratio_side *b)
{
	struct moments moments = {0};
	double margin = NAN;

	for (size_t i = 0; i < a->count; i++) {
		double difference = side_log(a, i) - side_log(b, i);

		if (!isnan(difference))
			moments_add(&moments, difference);
	}
	ratio->a_blocks = ratio->b_blocks = moments.count;
	if (moments.count == 0)
		return;
	if (moments.count > 1)
		margin = student_two_sided(RATIO_CONFIDENCE, (double)moments.count - 1) *
			 sqrt(moments_error2(&moments));
	ratio_set(ratio, moments.mean, margin);
}

/* Satterthwaite's degrees of freedom; any number will do where nothing varies. */
static double welch_degrees(const struct moments *a, const struct moments *b)
{
	double a2 = moments_error2(a);
	double b2 = moments_error2(b);
	double least = fmin((double)a->count, (double)b->count) - 1;

	if (!(a2 + b2 > 0))
		return least;
	return (a2 + b2) * (a2 + b2) /
	       (a2 * a2 / ((double)a->count - 1) + b2 * b2 / ((double)b->count - 1));
}

static void ratio_unpaired(struct ratio *ratio, const struct ratio_side *a,
			   const struct ratio_side *b)
{
	struct moments a_moments = side_moments(a);
	struct moments b_moments = side_moments(b);
	double margin = NAN;

	ratio->a_blocks = a_moments.count;
	ratio->b_blocks = b_moments.count;
	if (a_moments.count == 0 || b_moments.count == 0)
		return;
	if (a_moments.count > 1 && b_moments.count > 1)
		margin =
			student_two_sided(RATIO_CONFIDENCE, welch_degrees(&a_moments, &b_moments)) *
			sqrt(moments_error2(&a_moments) + moments_error2(&b_moments));
	ratio_set(ratio, a_moments.mean - b_moments.mean, margin);
}

struct ratio ratio_of_blocks(const struct ratio_side *a, const struct ratio_side *b)
{
	struct ratio ratio = {
		.paired = a->count == b->count,
		.ratio = NAN,
		.low = NAN,
		.high = NAN,
	};

	(ratio.paired ? ratio_paired : ratio_unpaired)(&ratio, a, b);
	return ratio;
}

enum ratio_verdict ratio_judge(const struct ratio *ratio)
{
	if (isnan(ratio->low))
		return RATIO_UNKNOWN;
	if (ratio->high < 1)
		return RATIO_FASTER;
	return ratio->low > 1 ? RATIO_SLOWER : RATIO_NO_DIFFERENCE;
}
