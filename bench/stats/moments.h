/* SPDX-License-Identifier: MIT */
/*
 * Count, mean and squared deviations of values, taken one after the other (Welford,
 * Technometrics 4, 1962). All zero is none. Pure.
 */
#ifndef BENCH_STATS_MOMENTS_H
#define BENCH_STATS_MOMENTS_H

#include <stddef.h>

struct moments {
	size_t count;
	double mean;
	double squares; /* of the deviations from the mean, summed */
};

static inline void moments_add(struct moments *moments, double value)
{
	double before = value - moments->mean;

	moments->count++;
	moments->mean += before / (double)moments->count;
	moments->squares += before * (value - moments->mean);
}

/* The squared standard error of the mean; of two values and more. */
static inline double moments_error2(const struct moments *moments)
{
	double count = (double)moments->count;

	return moments->squares / (count - 1) / count;
}

#endif
