/* SPDX-License-Identifier: MIT */
/*
 * A message streams: no buffer grows with it. The two halves are give and
 * take, not server and client. A carrier sees these two structs and nothing of
 * the encoding behind them; the exchange's owner (a worker, a test) puts them in
 * front of an encoder and a decoder.
 *
 * Every function returns 0, or -1 with err filled. After a failure the message
 * is lost and the carrier reports the same error.
 */
#ifndef TRANSPORTS_MESSAGE_H
#define TRANSPORTS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

#define MESSAGE_LENGTH_UNKNOWN UINT64_MAX

/* How much an encoding writes, or a carrier copies, at a time: stays in the L2 cache. */
#define MESSAGE_BLOCK_BYTES (64u << 10)

/*
 * How much a carrier hands to the socket at a time: four of loopback's largest
 * segments, so that none goes out as a runt. Measured; see DECISIONS.md.
 */
#define MESSAGE_PIECE_BYTES (4u * 65483u)

/* Bytes to send. */
struct span {
	const void *data;
	size_t bytes;  /* 0: the message has ended */
	bool lasting;  /* valid until the whole message was delivered; else until the next call */
};

/* Room for bytes that arrive. */
struct space {
	void *data;
	size_t bytes; /* 0: no further byte is expected; err may say what the message is instead */
};

/* The giving side: the carrier pulls, by spans or by filling its own buffer, never both. */
struct give {
	uint64_t length_bytes;  /* the whole message's, or MESSAGE_LENGTH_UNKNOWN */
	bool text;              /* UTF-8 text rather than bytes: WebSocket's frame kind */
	bool by_span;           /* spans cost no copy and are all lasting */
	const char *media_type; /* for carriers that name one */

	/* The next bytes of the message. */
	int (*span)(struct give *give, struct span *span, struct err *err);
	/* Writes up to capacity bytes (at least 1 KiB) at buffer; *filled 0 at the end. */
	int (*fill)(struct give *give, void *buffer, size_t capacity, size_t *filled,
		    struct err *err);
	/* Makes length_bytes known, by formatting the message once for its size if it must. */
	int (*measure)(struct give *give, struct err *err);
};

/*
 * The taking side: begin, then bytes through place/arrived or accept, then end. One that refuses
 * a message at its beginning may want the first bytes still, to say what they look like: begin
 * then returns 0 with err filled already, and the call that brings them, or end, returns -1.
 */
struct take {
	const char *what; /* "reply" or "request": what is taken, for words about it */
	bool text; /* the message has to be UTF-8 text: for carriers that tell text from bytes */
	/* A message of length_bytes (or MESSAGE_LENGTH_UNKNOWN) follows. */
	int (*begin)(struct take *take, uint64_t length_bytes, struct err *err);
	/* Where the next bytes should go. */
	int (*place)(struct take *take, struct space *space, struct err *err);
	/* The last place has now got that many bytes. */
	int (*arrived)(struct take *take, size_t bytes, struct err *err);
	/* Bytes in the carrier's own buffer: parsed or copied from there. */
	int (*accept)(struct take *take, const void *data, size_t bytes, struct err *err);
	/* The message is complete; fails if the array is not. */
	int (*end)(struct take *take, struct err *err);
};

#endif
