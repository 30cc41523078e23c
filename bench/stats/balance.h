/* SPDX-License-Identifier: MIT */
/*
 * How many blocks an interval of a given width needs, and how many samples each of them should
 * have: from the variance within blocks and between them, and what each costs (Kalibera and
 * Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013, sections 6 and 7). Pure.
 */
#ifndef BENCH_STATS_BALANCE_H
#define BENCH_STATS_BALANCE_H

#include <stddef.h>

#include "bench/stats/moments.h"

struct balance {
	double within2;     /* variance of one sample's logarithm in its block */
	double between2;    /* of the blocks' medians' logarithms, as they came out */
	double samples;     /* that a block had, on average */
	double set_up_ns;   /* a block, besides its samples */
	double exchange_ns; /* a sample, with what lies between two of them */
};

/*
 * The samples a block with which a given time makes the narrowest interval:
 * sqrt(set_up / exchange * T1 / T2), where T1 is the variance of a block's median that one sample
 * would have (that of a mean times pi / 2), and T2 what is left between blocks without it. At
 * least 1; INFINITY where blocks do not differ beyond their samples.
 */
double balance_samples(const struct balance *balance);

/*
 * The blocks for an interval of +-half_width, on logarithms, if those to come vary as these do:
 * at least as many as there are, where they already are enough. 0: it cannot be told.
 */
size_t balance_blocks(const struct moments *logs, double half_width);

/*
 * Where sampling stops on a width: the interval has been within it after so many rounds in
 * succession, from five blocks on. After one alone it would be stopped where
 * blocks look alike by chance: intervals then hold 92 % of the time instead of 95.
 */
#define BALANCE_ROUNDS_WITHIN 3
#define BALANCE_BLOCKS_LEAST 5

/*
 * After how many rounds in succession it has been, now that there are so many blocks and half of
 * the interval is that wide; before: the same of the round before.
 */
size_t balance_rounds_within(size_t before, size_t blocks, double half_width, double wanted);

#endif
