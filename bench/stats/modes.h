/* SPDX-License-Identifier: MIT */
/* Has a distribution of latencies more than one hump? Then its median describes neither. Pure. */
#ifndef BENCH_STATS_MODES_H
#define BENCH_STATS_MODES_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/stats/hist.h"

#define MODES_SAMPLES_LEAST 50 /* nothing is said of fewer */

/* The two humps on either side of the deepest valley. */
struct modes {
	double low_ns, high_ns; /* where their peaks are */
	double high_share;      /* of the samples, in the slower one */
};

/*
 * Whether there are two humps that chance does not explain: on a log axis, between
 * two peaks with at least 5 % of the samples each and 10 % apart, a valley below
 * 0.6 of the smaller peak and four standard deviations of the counts deep. Fills
 * modes only then. hist may be NULL.
 */
bool modes_find(const struct hist *hist, struct modes *modes);

/* 1, or 2 for two or more humps; NaN below MODES_SAMPLES_LEAST samples. */
double modes_count(const struct hist *hist);

#endif
