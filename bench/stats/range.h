/* SPDX-License-Identifier: MIT */
/*
 * How much a few figures scatter, where only the distance between the lowest and
 * the highest of them was kept. Pure.
 */
#ifndef BENCH_STATS_RANGE_H
#define BENCH_STATS_RANGE_H

#include <stddef.h>

struct range_scatter {
	double sigma;   /* the standard deviation; NaN: it cannot be told */
	double degrees; /* of freedom that this estimate has, as Student's t takes them */
};

/*
 * For `count` independent normal figures: sigma = range / c, and degrees * sigma^2 is
 * distributed nearly as chi square. c and the degrees are those with which the range's
 * first two moments are right (P. B. Patnaik, "The Use of Mean Range as an Estimator
 * of Variance in Statistical Tests", Biometrika 37 (1950), 78). Exact for two, and as
 * good as all of the figures for a handful. From 20 on the next lower row of the table
 * counts, which errs towards more scatter. Unknown below two figures, and where range
 * is negative or not finite.
 */
struct range_scatter range_scatter_of(double range, size_t count);

#endif
