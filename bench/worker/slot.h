/* SPDX-License-Identifier: MIT */
/*
 * What a server holds for one client: the array that it gives, its encoder and its decoder,
 * and the clock around both. A service's calls come here: request, reply, replied. Used by the
 * worker that is measured and by `ipctop serve`.
 */
#ifndef BENCH_WORKER_SLOT_H
#define BENCH_WORKER_SLOT_H

#include "bench/wire/scoreboard.h"
#include "bench/worker/source.h"
#include "bench/worker/stopwatch.h"
#include "transports/codec.h"

/* Everything is borrowed for the call of slot_open but the encoding and the segment prefix. */
struct slot_setup {
	const struct encoding *encoding;
	struct encoding_setup ends;  /* of both ends, their types aside */
	struct source_stream stream; /* of the arrays that it gives */
	const struct array_type *gives; /* the type of a reply's array; NULL: an acknowledgement */
	const struct array_type *takes; /* the type of a request's array; NULL: it is empty */
};

struct slot {
	bool gives, takes;
	struct source_stream stream;
	struct array array; /* that it gives; owned */
	struct encoding_setup give_setup, take_setup;
	struct encoder encoder;
	struct give_timed give; /* the clock around it */
	struct decoder decoder; /* its array is what was taken, from reply to replied */
	struct take_timed take; /* the clock around it */
	bool encoding;          /* a reply's message has begun */
	uint64_t exchange;      /* the one under way, or the next */
	struct scoreboard_exchange record; /* of the exchange under way: make_ns, encode_ns */
};

/* Maps, touches and fills the array that it gives. */
int slot_open(struct slot *slot, const struct slot_setup *setup, struct err *err);

/* A request's message begins: where it goes. */
struct take *slot_request(struct slot *slot, struct err *err);

/*
 * The request is whole. Draws the reply's array if it is fresh, begins its message and sets
 * *give to it; leaves *give alone where the reply is an acknowledgement.
 */
int slot_reply(struct slot *slot, struct give **give, struct err *err);

/*
 * The exchange is over, and its record complete; outside the clock. If the reply was delivered,
 * gets the array ready for the next exchange.
 */
void slot_replied(struct slot *slot, bool delivered);

/* Accepts a zeroed struct. */
void slot_close(struct slot *slot);

#endif
