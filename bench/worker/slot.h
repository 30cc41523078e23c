/* SPDX-License-Identifier: MIT */
/*
 * One end of one client's exchanges: the array that it gives, its encoder and its decoder, and
 * the clock around all three. A server has one for each client, whose service's calls come here:
 * request, reply, replied. A client has one of its own. Used by the workers that are measured and
 * by `ipctop serve`.
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
	const struct array_type *gives; /* NULL: no array */
	const struct array_type *takes; /* NULL: no array */
	bool asks; /* it is a client's: it gives requests and takes replies */
};

struct slot {
	bool gives, takes, asks;
	struct source_stream stream;
	struct array array; /* that it gives; owned */
	struct encoding_setup give_setup, take_setup;
	struct encoder encoder;
	struct give_timed give; /* the clock around it */
	struct decoder decoder; /* its array is what was taken, until slot_replied */
	struct take_timed take; /* the clock around it */
	bool encoding;          /* a message of its own has begun */
	uint64_t exchange;      /* the one under way, or the next */
	double sum; /* of what was read last */
	/*
	 * What this end knows of the exchange under way: make_ns and encode_ns of what it gives,
	 * decode_ns, read_ns and release_ns of what it takes.
	 */
	struct scoreboard_exchange record;
};

/* Maps, touches and fills the array that it gives. */
int slot_open(struct slot *slot, const struct slot_setup *setup, struct err *err);

/* The size that decides whether phases are taken (scoreboard_detailed): of the larger array. */
size_t slot_payload_bytes(const struct slot *slot);

/* A client's: an exchange begins. Outside the clock. Returns where its reply goes, or NULL. */
struct take *slot_begin(struct slot *slot);

/*
 * Draws the array if it is fresh, begins its message and sets *give to it; leaves *give alone
 * where no array is given. Inside the clock.
 */
int slot_give(struct slot *slot, struct give **give, struct err *err);

/* A server's: a request's message begins. Returns where it goes. */
struct take *slot_request(struct slot *slot, struct err *err);

/* A server's: the request is whole. Gives, as slot_give. */
int slot_reply(struct slot *slot, struct give **give, struct err *err);

/* The first touch of what was taken, a pass over every element. Outside the clock. */
void slot_read(struct slot *slot);

/*
 * The exchange is over, and its record complete; outside the clock. What was taken is gone. If
 * both messages were delivered, gets the array ready for the next exchange. Fails if what the
 * exchange mapped cannot be given back now; it is when the slot closes.
 */
int slot_replied(struct slot *slot, bool delivered, struct err *err);

/* Accepts a zeroed struct. */
void slot_close(struct slot *slot);

#endif
