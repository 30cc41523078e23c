/* SPDX-License-Identifier: MIT */
/*
 * How many of a block's first latencies are warm-up: a rule that is fixed before the block and
 * looks at nothing but their order, so that no result can be chosen by it. Pure.
 *
 * Logarithms of latencies are taken five at a time, a median each, so that a single spike is no
 * change (batches as MSER-5 has them: White, Simulation 69, 1997). One level is compared with two,
 * the second from batch k on, for every k: the k that leaves the least squared deviations is a
 * change point if Student's t between its two parts is beyond what chance gives one block in a
 * hundred, all k taken into account (the likelihood ratio test for a shift of Worsley, JASA 74,
 * 1979, with Bonferroni's bound on its level: m - 1 tests of m - 2 degrees of freedom). If it is
 * in the first half, what lies before it is dropped; a later one is no warm-up: nothing is
 * dropped, and the block was not steady.
 */
#ifndef BENCH_STATS_WARMUP_H
#define BENCH_STATS_WARMUP_H

#include <stddef.h>
#include <stdint.h>

#define WARMUP_LATENCIES_LEAST 30
#define WARMUP_LATENCIES_MOST 1000

enum steadiness {
	STEADINESS_UNKNOWN, /* fewer than WARMUP_LATENCIES_LEAST remain */
	STEADINESS_STEADY,
	STEADINESS_UNSTEADY, /* the level changes once more, or too late to be warm-up */
};

struct warmup {
	size_t drop; /* so many of the first */
	enum steadiness steadiness; /* of the others */
};

/*
 * Judges latencies in the order in which they were taken; at most WARMUP_LATENCIES_MOST, what is
 * beyond is not looked at. most: how many may be dropped. Fewer than WARMUP_LATENCIES_LEAST:
 * nothing is said, and nothing dropped.
 */
struct warmup warmup_find(const uint64_t *latencies_ns, size_t count, size_t most);

#endif
