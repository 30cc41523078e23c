/* SPDX-License-Identifier: MIT */
/* Means and standard errors of the logarithms of ratios, a round each. */
#include "bench/stats/ratio.h"

#include <math.h>

#include "bench/stats/moments.h"
#include "bench/stats/student.h"

/*
 * A histogram gives a median to 0.05 % (bench/stats/hist.h), so a ratio to 0.1 %: equal
 * blocks do not make an interval narrower than that.
 */
#define RESOLUTION 0.001

const char *const ratio_state_names[] = {
	[RATIO_UNDECIDED] = "undecided",
	[RATIO_SAME] = "same",
	[RATIO_FASTER] = "faster",
	[RATIO_SLOWER] = "slower",
};

static size_t side_round(const struct ratio_side *side, size_t block)
{
	return side->rounds ? *(const size_t *)(const void *)((const char *)side->rounds +
							      block * side->step_bytes) :
			      block;
}

/* The log of a block's median, NaN if it has none. */
static double side_log(const struct ratio_side *side, size_t block)
{
	size_t step = side->step_bytes ? side->step_bytes : sizeof(double);
	double ns = *(const double *)(const void *)((const char *)side->medians_ns + block * step);

	return ns > 0 && isfinite(ns) ? log(ns) : NAN;
}

/* The differences of logs, of the rounds that both have. */
static struct moments rounds_moments(const struct ratio_side *a, const struct ratio_side *b)
{
	struct moments moments = {0};
	size_t i = 0;
	size_t j = 0;

	while (i < a->count && j < b->count) {
		size_t rounds[] = {side_round(a, i), side_round(b, j)};
		double difference = side_log(a, i) - side_log(b, j);

		if (rounds[0] == rounds[1] && !isnan(difference))
			moments_add(&moments, difference);
		i += rounds[0] <= rounds[1];
		j += rounds[1] <= rounds[0];
	}
	return moments;
}

enum ratio_state ratio_judge(double low, double high)
{
	if (high < 1)
		return RATIO_FASTER;
	if (low > 1)
		return RATIO_SLOWER;
	return low >= 1 / (1 + RATIO_SAME_WIDTH) && high <= 1 + RATIO_SAME_WIDTH ? RATIO_SAME :
										   RATIO_UNDECIDED;
}

/* t that one normal draw in five lies beyond on one side: 8 of 10 differences show. */
#define POWER_CONFIDENCE 0.6

/*
 * What half an interval of so many rounds must come below. An interval of half the width of
 * `same` cannot stay undecided: its middle is nearer to 1 than that, or further away.
 */
static double half_wanted(const struct ratio *ratio, size_t rounds)
{
	double t = student_two_sided(ratio->confidence, (double)rounds - 1);
	double power = student_two_sided(POWER_CONFIDENCE, (double)rounds - 1);

	return fmax(log1p(RATIO_SAME_WIDTH) / 2, fabs(log(ratio->ratio)) * t / (t + power));
}

static double half_expected(const struct ratio *ratio, size_t rounds)
{
	return student_two_sided(ratio->confidence, (double)rounds - 1) * ratio->deviation /
	       sqrt((double)rounds);
}

size_t ratio_rounds_more(const struct ratio *ratio)
{
	size_t most = ratio->rounds + RATIO_ROUNDS_MOST;
	size_t low = ratio->rounds;
	size_t high = most + 1;

	if (ratio->state != RATIO_UNDECIDED || ratio->rounds < RATIO_ROUNDS_FORESEEN ||
	    isnan(ratio->deviation))
		return 0;
	/* Half an interval shrinks with the rounds: search for the first that are enough. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (half_expected(ratio, middle) <= half_wanted(ratio, middle))
			high = middle;
		else
			low = middle + 1;
	}
	return low > most ? 0 : low - ratio->rounds;
}

struct ratio ratio_of_rounds(const struct ratio_side *a, const struct ratio_side *b,
			     size_t verdicts)
{
	struct moments moments = rounds_moments(a, b);
	struct ratio ratio = {
		.rounds = moments.count,
		.ratio = moments.count ? exp(moments.mean) : (double)NAN,
		.low = NAN,
		.high = NAN,
		.confidence = 1 - (1 - RATIO_CONFIDENCE) / (double)verdicts,
		.deviation = NAN,
	};
	double margin;

	if (moments.count < 2)
		return ratio;
	ratio.deviation = sqrt(moments.squares / ((double)moments.count - 1));
	margin = student_two_sided(ratio.confidence, (double)moments.count - 1) *
		 sqrt(moments_error2(&moments));
	ratio.low = exp(moments.mean - margin) / (1 + RESOLUTION);
	ratio.high = exp(moments.mean + margin) * (1 + RESOLUTION);
	ratio.state = ratio_judge(ratio.low, ratio.high);
	return ratio;
}
