/* SPDX-License-Identifier: MIT */
/*
 * The order in which blocks are measured: rounds, each of which measures every
 * cell once in a random order of its own, so that drift hits all alike. A cell with
 * fewer blocks than there are rounds has them spread evenly.
 */
#ifndef BENCH_RUN_SCHEDULE_H
#define BENCH_RUN_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

struct schedule_block {
	size_t cell;
	size_t round; /* from 0; what is measured apart from a round is one of its own */
};

struct schedule {
	struct schedule_block *blocks; /* owned */
	size_t count;
	size_t capacity;
	size_t next;   /* the first block that was not taken yet */
	size_t rounds;
	uint64_t random;
};

/*
 * As many rounds as the most that a cell has; blocks: of each cell. The same seed gives the
 * same order.
 */
int schedule_init(struct schedule *schedule, size_t cells, const uint64_t *blocks, uint64_t seed,
		  struct err *err);

/* One more round, of these cells. On failure nothing has changed. */
int schedule_add_round(struct schedule *schedule, const size_t *cells, size_t count);

/* Takes what is ahead of a cell out, and puts `blocks` blocks of it at the end. */
int schedule_again(struct schedule *schedule, size_t cell, size_t blocks);

/* Puts the next block, which there must be, behind all others. */
void schedule_defer(struct schedule *schedule);

void schedule_free(struct schedule *schedule);

#endif
