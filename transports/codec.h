/* SPDX-License-Identifier: MIT */
/*
 * An encoder and a decoder for one client: the state that an encoding's row
 * asks for, the client's destination, and the staging block that lets every
 * encoding serve every carrier (spans from a filler, a place for an accepter).
 * No clock is read here.
 */
#ifndef TRANSPORTS_CODEC_H
#define TRANSPORTS_CODEC_H

#include "transports/encoding.h"

/* The giving end. give is what a carrier pulls; it is valid from encoder_begin to encoder_end. */
struct encoder {
	struct give give;
	const struct encoding *encoding;
	void *state;
	char *block; /* staging for span() over a filling encoding */
	const struct array *array;
	struct span rest; /* what fill() has not handed out of a span yet */
};

/* setup is borrowed until encoder_close. */
int encoder_open(struct encoder *encoder, const struct encoding *encoding,
		 const struct encoding_setup *setup, struct err *err);

/* Starts a message; array is borrowed until encoder_end. */
int encoder_begin(struct encoder *encoder, const struct array *array, struct err *err);

/* After the carrier is done with the message, outside the clock. */
void encoder_end(struct encoder *encoder, bool delivered);

/* Accepts a zeroed struct. */
void encoder_close(struct encoder *encoder);

/* The taking end. take is what a carrier feeds. */
struct decoder {
	struct take take;
	const struct encoding *encoding;
	const struct encoding_setup *setup;
	void *state;
	char *block;         /* staging for place() over an accepting encoding */
	struct array array;  /* after take.end: the array, until decoder_release */
	void *destination;   /* by-value encodings: where the array goes */
	size_t populated_bytes; /* of the destination: these have their pages */
	uint64_t announced_bytes; /* of the message under way, or MESSAGE_LENGTH_UNKNOWN */
	uint64_t taken_bytes;
	const void *placed;   /* where the next bytes arrive */
	size_t head_bytes;    /* the message's first ones, for words about one that is refused */
	unsigned char head[SEEN_BYTES_MAX];
	struct err refusal;   /* why it is, without those words; ERR_NONE: it is not */
	bool told;            /* the caller has been told */
	struct err said;      /* why the last message was refused, in the words that were said */
};

int decoder_open(struct decoder *decoder, const struct encoding *encoding,
		 const struct encoding_setup *setup, struct err *err);

/* Unmaps what this exchange mapped (memory fresh, by-reference). The array is gone afterwards. */
int decoder_release(struct decoder *decoder, struct err *err);

void decoder_close(struct decoder *decoder);

#endif
