/* SPDX-License-Identifier: MIT */
/*
 * The order in which blocks are measured: rounds, each of which measures every
 * cell once in a random order of its own, so that drift hits all alike.
 */
#ifndef BENCH_RUN_SCHEDULE_H
#define BENCH_RUN_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

struct schedule {
	size_t *cells; /* a block each; owned */
	size_t count;
	size_t capacity;
	size_t next;   /* the first block that was not taken yet */
};

/* The same seed gives the same order. */
int schedule_init(struct schedule *schedule, size_t cells, size_t blocks, uint64_t seed,
		  struct err *err);

/* Takes what is ahead of a cell out, and puts `blocks` blocks of it at the end. */
int schedule_again(struct schedule *schedule, size_t cell, size_t blocks);

/* Puts the next block, which there must be, behind all others. */
void schedule_defer(struct schedule *schedule);

void schedule_free(struct schedule *schedule);

#endif
