/* SPDX-License-Identifier: MIT */
/*
 * How much faster is A than B: the ratio of their medians, with an interval whose
 * unit is the block, a fresh pair of processes, and what that shows. Pure.
 *
 * The samples of one block share its processes, memory and placement, so a
 * million of them still are one draw of all that; an interval over samples says
 * how well this block's median is known, and not what the next block's will be.
 * Kalibera and Jones, "Rigorous Benchmarking in Reasonable Time" (ISMM 2013),
 * sections 5 to 7: replicate and compute at the highest level that varies.
 *
 * The two blocks of a round are measured next to each other, in one state of the
 * machine, and that state divides out of their ratio; blocks of different rounds
 * are never put over each other. On logarithms, since medians are positive and
 * what disturbs them multiplies: the mean of the rounds' differences, plus and
 * minus Student's t (n - 1 degrees of freedom) times its standard error.
 *
 * No bootstrap: three rounds can be drawn again in ten ways only, so that its
 * widest interval is the range, which holds the median of all rounds in three of
 * four cases (1 - 2 / 2^3) and not in 95 of 100. The t interval is wide there,
 * and rightly: three rounds know little of how blocks vary.
 */
#ifndef BENCH_STATS_RATIO_H
#define BENCH_STATS_RATIO_H

#include <stddef.h>

#define RATIO_CONFIDENCE 0.95

/* Two are the same if the interval of their ratio lies within 1 / (1 + this) to 1 + this. */
#define RATIO_SAME_WIDTH 0.02

/* The blocks of one side; figures may lie in structs, step_bytes apart. */
struct ratio_side {
	const double *medians_ns; /* the first; those that are not above 0 are left out */
	const size_t *rounds;     /* in which they were measured, ascending; NULL: 0, 1, 2, ... */
	size_t count;
	size_t step_bytes; /* of both; 0: they lie side by side, and rounds is NULL */
};

enum ratio_state {
	RATIO_UNDECIDED, /* neither of the others was shown: too few rounds, or too far apart */
	RATIO_SAME,      /* within RATIO_SAME_WIDTH, and no difference was shown */
	RATIO_FASTER,    /* A is: the interval lies below 1 */
	RATIO_SLOWER,    /* A is: it lies above 1 */
};

/* "undecided", "same", "faster", "slower". */
extern const char *const ratio_state_names[];

struct ratio {
	size_t rounds;    /* in which both have a block: what all of this rests on */
	double ratio;     /* A / B, of geometric means: below 1, A is faster. NaN: no round */
	double low, high; /* the interval of it. NaN: fewer than two rounds */
	enum ratio_state state;
	double confidence; /* of the interval */
	double deviation;  /* standard, of the rounds' logarithms; NaN: fewer than two */
};

/*
 * Never fails; borrows both sides for the call. `verdicts`, at least 1: how many are made
 * together, as when each of a table's rows is held against its best. All their intervals
 * hold at once with RATIO_CONFIDENCE (Bonferroni), so that picking the best of many equals
 * makes no losers.
 */
struct ratio ratio_of_rounds(const struct ratio_side *a, const struct ratio_side *b,
			     size_t verdicts);

/* What an interval shows; NaN for no interval. */
enum ratio_state ratio_judge(double low, double high);

#define RATIO_ROUNDS_FORESEEN 5 /* fewer tell too little of how rounds scatter */
#define RATIO_ROUNDS_MOST 1000

/*
 * How many more rounds would about settle what is undecided, if they scatter as these do:
 * enough for a difference as large as the one that was seen to show in 8 of 10 runs, or for
 * an interval that no truth leaves undecided, whichever is less. 0: that cannot be said, of
 * fewer than RATIO_ROUNDS_FORESEEN, of another state, or of more than RATIO_ROUNDS_MOST.
 */
size_t ratio_rounds_more(const struct ratio *ratio);

#endif
