/* SPDX-License-Identifier: MIT */
/* The beginning of a message, and what it should look like. Pure. */
#ifndef TRANSPORTS_SEEN_H
#define TRANSPORTS_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/looks.h"

/* So much of a message's beginning is worth looking at. */
#define SEEN_BYTES_MAX 128

/* What the messages of an encoding look like. */
enum form {
	FORM_ANY,  /* like nothing in particular: bytes */
	FORM_LIST, /* nested lists in JSON */
	FORM_BASE64,
	FORM_PICKLE,
	FORM_NPY,  /* a file of numpy's */
	FORM_SAFETENSORS,
	FORM_NAME,    /* of a segment */
	FORM_UNKNOWN, /* to who asks: a carrier */
};

/* How long the message is that carries so many bytes of array. */
typedef uint64_t message_size(uint64_t array_bytes);

struct seen {
	const void *data; /* the message's beginning */
	size_t bytes;
	uint64_t length_bytes; /* the whole message's, or MESSAGE_LENGTH_UNKNOWN */
	enum form wanted;
	const struct array_type *type; /* what was wanted; NULL: unknown */
	message_size *message_bytes;   /* NULL: it is not fixed */
};

/* The message's beginning, as looks.h takes it. */
static inline struct head seen_head(const struct seen *seen)
{
	return (struct head){seen->data, seen->bytes, seen->bytes == seen->length_bytes};
}

/* Bytes of the array that was wanted; 0 if that is unknown. */
uint64_t seen_array_bytes(const struct seen *seen);

/* Whether the beginning is of the form that is wanted. Of FORM_ANY nothing is known to be. */
bool seen_is_wanted(const struct seen *seen);

/* Whether messages of the form that is wanted are text; and what is wanted, in words. */
bool seen_wants_text(const struct seen *seen);
const char *seen_wanted_words(const struct seen *seen);

#endif
