/* SPDX-License-Identifier: MIT */
/* Does a cell get slower or faster while it is measured? Pure. */
#ifndef BENCH_STATS_DRIFT_H
#define BENCH_STATS_DRIFT_H

#include <stdbool.h>

#include "bench/stats/series.h"

struct drift {
	double first_ns, last_ns; /* the medians of the first and the last tenth of the time */
	double ratio;             /* last / first: 1.1 is 10 % slower at the end */
	bool beyond_noise;        /* a trend that chance does not explain, of 10 % at least */
};

/*
 * Cuts the measured time into tenths. A trend is one by Kendall's rank test for
 * the ten medians against time (Mann, Econometrica 13, 1945: at most 1 % of
 * series without one pass), and 10 % along their Theil-Sen line (the median of
 * the slopes between all two points: Sen, JASA 63, 1968), on logarithms. False,
 * leaving drift alone, if there are fewer than ten slices with samples. series
 * may be NULL.
 */
bool drift_find(const struct series *series, struct drift *drift);

#endif
