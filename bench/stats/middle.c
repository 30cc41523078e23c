/* SPDX-License-Identifier: MIT */
/* Order statistics. */
#include "bench/stats/middle.h"

#include <math.h>
#include <stdlib.h>

/* The largest count whose smallest probability, 2^-count, is a normal double. */
#define EXACT_COUNT_MAX 1000

/* The probability that fewer than k figures are below the median must stay under 2.5 %. */
static uint64_t rank_exact(uint64_t count)
{
	double term = ldexp(1, -(int)count);
	double below = term;
	uint64_t k = 0;

	while (below <= 0.025) {
		k++;
		term *= (double)(count - k + 1) / (double)k;
		below += term;
	}
	return k;
}

uint64_t middle_rank(uint64_t count)
{
	if (count == 0)
		return 0;
	if (count <= EXACT_COUNT_MAX)
		return rank_exact(count);
	/* The binomial distribution is normal enough; 1.96 / 2 of its deviations. */
	return (uint64_t)floor((double)count / 2 - 0.98 * sqrt((double)count));
}

static int figures_compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;

	return (left > right) - (left < right);
}

static struct interval mean_of(const double *figures, size_t count, double resolution)
{
	struct moments logs = {0};

	for (size_t i = 0; i < count; i++)
		moments_add(&logs, log(figures[i]));
	return interval_of_logs(&logs, resolution);
}

struct interval middle_of(double *figures, size_t count, double resolution)
{
	size_t rank = middle_rank(count);

	if (rank == 0)
		return mean_of(figures, count, resolution);
	qsort(figures, count, sizeof(*figures), figures_compare);
	return (struct interval){
		.count = count,
		.middle = sqrt(figures[(count - 1) / 2] * figures[count / 2]),
		.low = figures[rank - 1] / (1 + resolution),
		.high = figures[count - rank] * (1 + resolution),
	};
}
