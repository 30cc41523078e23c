/* SPDX-License-Identifier: MIT */
/*
 * The contract of an encoding: how an array becomes a message and back. A new
 * encoding is a file in transports/encodings/ and a line in encodings.def; the
 * contract suites in tests/contract/ then hold it to what stands here.
 *
 * An encoding knows neither carriers nor clocks. Its state is private, zeroed
 * by the framework, and of the size stated in the row. A failed open leaves a
 * state that close accepts. Nothing between encode and encode_end, or decode
 * and decode_end, allocates in proportion to the array, except where the row
 * says so in need().
 */
#ifndef TRANSPORTS_ENCODING_H
#define TRANSPORTS_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"
#include "transports/memory.h"
#include "transports/message.h"
#include "transports/seen.h"

enum encoding_flags {
	ENCODING_TEXT = 1,         /* messages are UTF-8 text */
	ENCODING_BY_REFERENCE = 2, /* the message names memory that both ends map */
	ENCODING_LOSSY = 4,        /* declares a tolerance instead of exactness, for some dtypes */
	ENCODING_DIGITS = 8,       /* elements are written as decimal digits */
};

/* What one end is set up for, outside the clock. Borrowed until close. */
struct encoding_setup {
	struct array_type type;
	enum memory memory;
	enum pages pages;
	size_t shift_bytes;         /* into a page, at which a client's destination begins */
	const char *segment_prefix; /* of shared memory names: "ipctop-<pid>-<start>-<random>" */
	bool foreign_peer;          /* the other end is not ours: names from it are not trusted */
	/* Its messages are requests: what they name stays the giver's, who removes it. */
	bool requests;
};

/* Memory beyond the array itself at each end, so that a cell can be refused up front. */
struct encoding_need {
	uint64_t giver_bytes;
	uint64_t taker_bytes; /* with the destination that every by-value encoding has */
	uint64_t shared_bytes; /* in /dev/shm; counted once */
	const char *impossible; /* not NULL: why this array cannot travel this way at all */
};

/*
 * What it takes, roughly, before anything was measured: for estimates. Measured on two virtual
 * processors; a factor of two is the aim.
 */
struct encoding_cost {
	double ns_per_byte;       /* of the array: what both ends add to carrying, memory reused */
	double fresh_ns_per_byte; /* what memory fresh adds to that */
	double wire_per_byte;     /* bytes that are carried for one of the array */
	/*
	 * Of programs in Python and the like: all that an exchange takes, and what both ends
	 * together hold, in arrays. Text becomes lists of numbers there, 32 bytes for each.
	 */
	struct {
		double ns_per_byte, fresh_ns_per_byte;
		uint64_t private_copies, shared_copies;
	} foreign;
};

/* What is lost of elements of a dtype. */
struct encoding_loss {
	double tolerance; /* largest relative error of one; 0: nothing is lost */
	const char *what; /* for the reason column; NULL: nothing is lost */
	double tolerance_near_0; /* an absolute error that is allowed as well */
	double largest; /* numbers beyond it may come as infinities, which is wrong; 0: none do */
};

/* Of an encoding that moves the array's bytes as they are, with or without words around them. */
#define ENCODING_COST_BYTES \
	{ \
		.fresh_ns_per_byte = 0.3, .wire_per_byte = 1, \
		.foreign = {.ns_per_byte = 1.4, .fresh_ns_per_byte = 0.6, .private_copies = 6}, \
	}

struct encoding {
	const char *name;
	const char *title; /* a few words for the picker: "nested lists of shortest numbers" */
	unsigned flags;
	unsigned dtypes;   /* those that it carries: a bit for each enum dtype */
	const char *cannot; /* why it does not carry the others; NULL: it carries all */
	const char *media_type;
	enum form form;              /* what its messages look like, to know others by */
	message_size *message_bytes; /* NULL: their length is not fixed by the array's */
	struct encoding_cost cost;
	size_t encoder_size;
	size_t decoder_size;

	/* ENCODING_LOSSY: what it loses. NULL: nothing. */
	struct encoding_loss (*loss)(enum dtype dtype);

	/* Names the libraries at work, as linked: "cJSON 1.7.15". NULL: there are none. */
	void (*libraries)(char *text, size_t size);

	/* What an array of this type takes. Pure. */
	struct encoding_need (*need)(const struct array_type *type);

	/* The giving end. NULL where there is nothing to do. */
	int (*encoder_open)(void *state, const struct encoding_setup *setup, struct err *err);
	/*
	 * Starts a message from array (borrowed until encode_end). Sets
	 * *length_bytes, or leaves it MESSAGE_LENGTH_UNKNOWN. May be called again
	 * to start over. By-reference encodings copy the array here.
	 */
	int (*encode)(void *state, const struct array *array, uint64_t *length_bytes,
		      struct err *err);
	/* Exactly one of the two: see struct give. All spans are lasting. */
	int (*span)(void *state, struct span *span, struct err *err);
	int (*fill)(void *state, void *buffer, size_t capacity, size_t *filled, struct err *err);
	/* Outside the clock; delivered says whether the peer was handed the whole message. */
	void (*encode_end)(void *state, bool delivered);
	void (*encoder_close)(void *state);

	/* The taking end. */
	int (*decoder_open)(void *state, const struct encoding_setup *setup, struct err *err);
	/*
	 * A message begins. destination has room for the array, but for
	 * by-reference encodings, which bring their own: there data is NULL. A
	 * length that cannot be right is refused here.
	 */
	int (*decode)(void *state, struct array *destination, uint64_t length_bytes,
		      struct err *err);
	/* Either place and arrived, or accept: see struct take. */
	int (*place)(void *state, struct space *space, struct err *err);
	int (*arrived)(void *state, size_t bytes, struct err *err);
	int (*accept)(void *state, const void *data, size_t bytes, struct err *err);
	/*
	 * The message is complete. On success destination->data is the whole
	 * array; a failure names what came instead.
	 */
	int (*decode_end)(void *state, struct array *destination, struct err *err);
	/* Outside the clock, timed as `release`: unmaps and unlinks what decode_end mapped. */
	int (*release)(void *state, struct err *err);
	void (*decoder_close)(void *state);
};

static inline struct encoding_loss encoding_loss_of(const struct encoding *encoding,
						    enum dtype dtype)
{
	return encoding->loss ? encoding->loss(dtype) : (struct encoding_loss){0};
}

#endif
