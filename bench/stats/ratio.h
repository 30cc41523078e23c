/* SPDX-License-Identifier: MIT */
/*
 * How much faster is A than B: the ratio of their medians, with an interval
 * whose unit is the block, a fresh pair of processes. Pure.
 *
 * The samples of one block share its processes, memory and placement, so a
 * million of them still are one draw of all that; an interval over samples says
 * how well this block's median is known, and not what the next block's will be.
 * Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time" (ISMM 2013),
 * sections 5 to 7: replicate and compute at the highest level that varies.
 *
 * On logarithms, since medians are positive and what disturbs them multiplies:
 * the mean of the logs' differences, plus and minus Student's t times its
 * standard error. If both sides have the same number of blocks, these are taken
 * in pairs by round, as they were measured next to each other (t with n - 1
 * degrees of freedom); otherwise by Welch's test with Satterthwaite's degrees of
 * freedom (Welch, Biometrika 34, 1947).
 *
 * No bootstrap: three blocks can be drawn again in ten ways only, so that its
 * widest interval is the range, which holds the median of all blocks in three of
 * four cases (1 - 2 / 2^3) and not in 95 of 100. The t interval is wide there,
 * and rightly: three blocks know little of how blocks vary.
 */
#ifndef BENCH_STATS_RATIO_H
#define BENCH_STATS_RATIO_H

#include <stdbool.h>
#include <stddef.h>

#define RATIO_CONFIDENCE 0.95

/* The medians of one side's blocks, in the order of the rounds; they may lie in structs. */
struct ratio_side {
	const double *medians_ns; /* the first; those that are not above 0 are left out */
	size_t count;
	size_t step_bytes; /* from one to the next; 0: they lie side by side */
};

struct ratio {
	size_t a_blocks, b_blocks; /* that counted */
	bool paired;
	double ratio; /* A / B, of geometric means: below 1, A is faster. NaN: a side is empty */
	double low, high; /* 95 % interval of it. NaN: fewer than two blocks on a side */
};

enum ratio_verdict {
	RATIO_UNKNOWN,       /* no interval: fewer than two blocks on a side */
	RATIO_NO_DIFFERENCE, /* none was shown: the interval holds 1. There may be one. */
	RATIO_FASTER,        /* A is */
	RATIO_SLOWER,
};

/* Never fails; borrows both sides for the call. */
struct ratio ratio_of_blocks(const struct ratio_side *a, const struct ratio_side *b);

enum ratio_verdict ratio_judge(const struct ratio *ratio);

#endif
