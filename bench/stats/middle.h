/* SPDX-License-Identifier: MIT */
/*
 * The median of a few figures, a round each, with an interval that asks nothing of how they are
 * distributed. Pure.
 *
 * Half of all rounds lie below their median, so that the k'th smallest and the k'th largest of n
 * enclose it unless fewer than k fall on a side: with a probability of 1 - 2 B(k - 1; n, 1/2)
 * (H. A. David and H. N. Nagaraja, "Order Statistics", 7.1). Where some rounds are disturbed and
 * most are not, which is what other work on the machine does to short blocks, a mean follows the
 * disturbed ones; the median does not.
 */
#ifndef BENCH_STATS_MIDDLE_H
#define BENCH_STATS_MIDDLE_H

#include <stddef.h>
#include <stdint.h>

#include "bench/stats/interval.h"

/*
 * The rank k (from 1) such that the k'th smallest and the k'th largest of count figures enclose
 * their median with 95 % confidence at least; 0 if no two do (below 6).
 */
uint64_t middle_rank(uint64_t count);

/*
 * Of figures above 0, which it sorts. Below 6 of them no two enclose the median: then their
 * geometric mean, by Student's t. resolution: as in interval_of_logs.
 */
struct interval middle_of(double *figures, size_t count, double resolution);

#endif
