/* SPDX-License-Identifier: MIT */
/*
 * What a server holds for one client: its array, its encoder, and the clock
 * around them. Used by the worker that is measured and by `ipctop serve`.
 */
#ifndef BENCH_WORKER_SLOT_H
#define BENCH_WORKER_SLOT_H

#include "bench/wire/scoreboard.h"
#include "bench/worker/source.h"
#include "bench/worker/stopwatch.h"
#include "transports/codec.h"

struct slot {
	struct source_stream stream;
	struct array array;
	struct encoding_setup setup;
	struct encoder encoder;
	struct give_timed timed; /* the clock around it */
	uint64_t exchange; /* the one under way, or the next */
	struct scoreboard_exchange record; /* of the exchange under way: make_ns, encode_ns */
};

/* Maps, touches and fills the array. setup is copied, its segment_prefix borrowed. */
int slot_open(struct slot *slot, const struct encoding *encoding,
	      const struct encoding_setup *setup, const struct source_stream *stream,
	      struct err *err);

/* Makes the exchange's array if it is drawn fresh, begins the message. NULL on failure. */
struct give *slot_request(struct slot *slot, struct err *err);

/*
 * The carrier is done with the reply, outside the clock: the record is complete. If it was
 * delivered, gets the array ready for the next exchange.
 */
void slot_replied(struct slot *slot, bool delivered);

/* Accepts a zeroed struct. */
void slot_close(struct slot *slot);

#endif
