/* SPDX-License-Identifier: MIT */
/*
 * A test that may be looked at after every round: for duels of two transports,
 * A and B, that end as soon as there is a verdict. No clock, no randomness; memory
 * for the rounds alone.
 *
 * A round is a block of each, in random order, and gives one figure: the log of
 * the ratio of their medians, A / B. If the true ratio is m (the median of the
 * rounds' ratios), each round lies above m as often as below, however the noise is
 * distributed, so that the signs are a fair coin. Against that coin we bet with
 * every bias at once, evenly (a Beta(1,1) mixture): of n rounds with k above,
 *
 *     e_n = 2^n * k! (n - k)! / (n + 1)!
 *
 * Under a fair coin e_n is a nonnegative martingale that starts at 1; it ever
 * reaches 1/alpha with probability alpha at most (Ville's inequality), whenever
 * and for whatever reason one stops. An ordinary p value looked at that often
 * would be wrong several times as often as it says. (Robbins, "Statistical
 * methods related to the law of the iterated logarithm", Ann. Math. Stat. 41,
 * 1970; Ramdas et al., "Game-theoretic statistics and safe anytime-valid
 * inference", Statistical Science 38, 2023.)
 *
 * The test can be made for every m at once; those not rejected form an interval
 * between two order statistics of the rounds: a confidence sequence for m, which
 * holds in all rounds together with probability 1 - alpha. A verdict is read off
 * it.
 *
 * A round equal to m counts for the side that is behind. That only makes a verdict
 * later: a coin that dealt out such rounds so that the signs are fair would give
 * no side more of them.
 */
#ifndef BENCH_STATS_SEQUENTIAL_H
#define BENCH_STATS_SEQUENTIAL_H

#include <stddef.h>

#include "transports/err.h"

enum sequential_state {
	SEQUENTIAL_UNDECIDED,
	SEQUENTIAL_A_FASTER, /* the interval lies below 1 */
	SEQUENTIAL_B_FASTER, /* the interval lies above 1 */
	SEQUENTIAL_SAME, /* the interval holds 1 and lies within 1 / (1 + margin) to 1 + margin */
};

/* "undecided", "A faster", "B faster", "same". */
extern const char *const sequential_state_names[];

struct sequential {
	double alpha;  /* the probability of a false verdict, over the whole duel: 0.01 */
	double margin; /* 0.05: within 5 % is the same; 0: never say so */
	/* For callers to read. */
	enum sequential_state state; /* the first verdict stays, whatever is added after it */
	size_t decided_at;           /* the round that decided; 0: none did */
	size_t rounds;
	size_t a_wins, b_wins; /* rounds in which it was faster; the others were ties */
	double e;              /* e_n against m = 1; INFINITY beyond a double */
	double ratio;          /* the median of the rounds' A / B; NaN without a round */
	double low, high;      /* m lies there, in all rounds; 0 and INFINITY: not bounded yet */
	/* Private: the rounds' log ratios, ascending. */
	double *logs;
	size_t capacity;
};

/* Allocates nothing yet. alpha: above 0, below 1. */
void sequential_init(struct sequential *duel, double alpha, double margin);

/*
 * Takes in a round's two medians. Fails, changing nothing, if they are not both
 * above 0 and finite (ERR_RANGE) or without memory (ERR_MEMORY).
 */
int sequential_add(struct sequential *duel, double a_ns, double b_ns, struct err *err);

/* Accepts a zeroed struct. */
void sequential_free(struct sequential *duel);

/* The natural log of e_n for n rounds of which k are above. Good to 10^5 rounds and beyond. */
double sequential_log_e(size_t rounds, size_t above);

/*
 * How many rounds must at least lie on a side of m for m not to be rejected:
 * the interval is from that smallest to that largest round. 0: none is rejected.
 */
size_t sequential_rank(size_t rounds, double alpha);

#endif
