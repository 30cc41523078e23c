/* SPDX-License-Identifier: MIT */
/*
 * A 95 % interval from one figure for each block: of their geometric mean, by Student's t on
 * logarithms, since latencies are positive and what disturbs them multiplies. Of blocks that are
 * alike it is the interval of the median of a block. Pure.
 *
 * What it holds is the state of the machine in which the blocks were measured: that lasts longer
 * than a run, so that another run's median may lie outside. What the state moves alike divides
 * out where a block is put over another of the same round: of such ratios the interval holds for
 * the next run too.
 */
#ifndef BENCH_STATS_INTERVAL_H
#define BENCH_STATS_INTERVAL_H

#include <stddef.h>

#include "bench/stats/moments.h"

#define INTERVAL_CONFIDENCE 0.95
#define INTERVAL_BLOCKS_LEAST 3 /* two know too little of how blocks vary: t is 12.7 */

struct interval {
	size_t count;     /* values that it rests on */
	double middle;    /* their geometric mean; NaN: there are none */
	double low, high; /* NaN: fewer than INTERVAL_BLOCKS_LEAST values */
};

/*
 * Of the values whose logarithms these are. resolution: how far each value may be off, as a
 * share of it; equal values do not make an interval narrower than that.
 */
struct interval interval_of_logs(const struct moments *logs, double resolution);

/* Half of its width, as a share of its middle, on logarithms: 0.02 is +-2 %. NaN without one. */
double interval_half_width(const struct interval *interval);

#endif
