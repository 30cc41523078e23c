/* SPDX-License-Identifier: MIT */
/*
 * A message that is a header, which says the array's type, and then the array's bytes. The
 * elements are sent from where they lie and received where they belong; the header is read when
 * it is whole, out of a buffer of a fixed size.
 */
#ifndef TRANSPORTS_ENCODINGS_HEADED_HEADED_H
#define TRANSPORTS_ENCODINGS_HEADED_HEADED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"
#include "transports/message.h"

#define HEADED_WRITE_MAX 1024       /* of a header of ours: 32 extents of 20 digits, and words */
#define HEADED_READ_MAX (60u << 10) /* of another's, who may have more to say */

/* What a format's headers are. Offsets and sizes count from the message's first byte. */
struct headed_format {
	/* Writes the header of an array of that type. Returns its bytes. */
	size_t (*write)(const struct array_type *type, unsigned char header[HEADED_WRITE_MAX]);
	/*
	 * Says how long the header is that begins so; *header_bytes stays 0 if more of it is
	 * needed for that. Fails for what cannot be one.
	 */
	int (*measure)(const unsigned char *start, size_t bytes, uint64_t *header_bytes,
		       struct err *err);
	/* Reads a whole header. Fails unless the array is of the type that is wanted. */
	int (*check)(const unsigned char *header, size_t bytes, const struct array_type *wanted,
		     bool *big_endian, struct err *err);
};

struct headed_encoder {
	struct span spans[2];
	unsigned next;
	unsigned char header[HEADED_WRITE_MAX];
};

struct headed_decoder {
	const struct headed_format *format;
	struct array *destination;
	uint64_t length_bytes; /* the whole message's, or MESSAGE_LENGTH_UNKNOWN */
	size_t usual_bytes;    /* the header's, if ours had written it */
	size_t header_bytes;   /* 0: not known yet */
	size_t head_bytes;     /* received into head */
	size_t filled;         /* bytes of the array */
	bool in_elements;      /* the header was read */
	bool big_endian;
	unsigned char head[HEADED_READ_MAX];
};

/* Each does what its namesake in struct encoding has to, for an encoding of that format. */
int headed_encode(struct headed_encoder *encoder, const struct headed_format *format,
		  const struct array *array, uint64_t *length_bytes);
int headed_span(void *state, struct span *span, struct err *err);
int headed_decode(struct headed_decoder *decoder, const struct headed_format *format,
		  struct array *destination, uint64_t length_bytes, struct err *err);
int headed_place(void *state, struct space *space, struct err *err);
int headed_arrived(void *state, size_t bytes, struct err *err);
int headed_decode_end(void *state, struct array *destination, struct err *err);

#endif
