/* SPDX-License-Identifier: MIT */
/*
 * The clock around a codec: a give and a take that pass everything on and add up how
 * long the calls took. With them the phases `encode` and `decode` are measured without a
 * carrier or an encoding knowing of it. They cost two looks at the clock for each call,
 * so that small messages mostly go without: scoreboard_detailed().
 */
#ifndef BENCH_WORKER_STOPWATCH_H
#define BENCH_WORKER_STOPWATCH_H

#include <stdint.h>

#include "transports/message.h"

struct give_timed {
	struct give give;   /* first: what the carrier pulls */
	struct give *inner; /* borrowed: the encoder's */
	uint64_t elapsed_ns; /* in its calls so far */
};

struct take_timed {
	struct take take;   /* first: what the carrier feeds */
	struct take *inner; /* borrowed: the decoder's */
	uint64_t elapsed_ns;
};

/* Puts the clock around a message that has begun. elapsed_ns starts at 0. Returns &timed->give. */
struct give *give_timed_begin(struct give_timed *timed, struct give *inner);

/* The same for one that is still to come. Returns &timed->take. */
struct take *take_timed_begin(struct take_timed *timed, struct take *inner);

#endif
