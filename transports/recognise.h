/* SPDX-License-Identifier: MIT */
/*
 * What a message looks like that is not what was wanted: bytes in, words out. One list for
 * every encoding and carrier, so that each names the same things alike. Pure.
 */
#ifndef TRANSPORTS_RECOGNISE_H
#define TRANSPORTS_RECOGNISE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"

/* So much of a message's beginning is worth looking at. */
#define RECOGNISE_BYTES 128

/* What the messages of an encoding look like. */
enum form {
	FORM_ANY,  /* like nothing in particular: bytes */
	FORM_LIST, /* nested lists in JSON */
	FORM_BASE64,
	FORM_PICKLE,
	FORM_NAME,    /* of a segment */
	FORM_UNKNOWN, /* to who asks: a carrier */
};

/* How long the message is that carries so many bytes of array. */
typedef uint64_t message_size(uint64_t array_bytes);

struct recognise {
	const void *data; /* the message's beginning */
	size_t bytes;
	uint64_t length_bytes; /* the whole message's, or MESSAGE_LENGTH_UNKNOWN */
	enum form wanted;
	const struct array_type *type; /* what was wanted; NULL: unknown */
	message_size *message_bytes;   /* NULL: it is not fixed */
};

/* Whether the beginning is of the form that is wanted. Of FORM_ANY nothing is known to be. */
bool recognise_wanted(const struct recognise *seen);

/*
 * Adds to err, which says why the message is refused: what it looks like, what would help, and
 * how it begins unless err says that already. Adds nothing to what looks as it should. Returns
 * whether it knows it for something.
 */
bool recognise_add(const struct recognise *seen, struct err *err);

/*
 * Adds which dtype, or how many arrays, would have that size (sized NULL: in bytes as they are).
 * Whether any would.
 */
bool recognise_add_size(const struct array_type *type, message_size *sized, uint64_t bytes,
			struct err *err);

/*
 * The same for a carrier, which knows no encoding, of a message that it refuses itself.
 * length_bytes may be MESSAGE_LENGTH_UNKNOWN.
 */
void recognise_add_message(const void *data, size_t bytes, uint64_t length_bytes, struct err *err);

/* Names a byte that may not stand where it does: "a line break". "" if there is nothing to say. */
const char *recognise_byte(unsigned char byte);

#endif
