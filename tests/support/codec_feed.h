/* SPDX-License-Identifier: MIT */
/* One end of an encoding, handed its messages as bytes: what its fuzzer and its unit test share. */
#ifndef TESTS_SUPPORT_CODEC_FEED_H
#define TESTS_SUPPORT_CODEC_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/codec.h"

/* How a message comes. */
struct feeding {
	size_t piece;   /* at most so many bytes at a time; 0: whole */
	unsigned drawn; /* if not 0: pieces of up to 10 bytes, of sizes that it draws */
	bool unknown;   /* its length is not announced */
};

/* Set-up for an array of float64, its memory reused. */
struct encoding_setup codec_setup(const char *shape);

/* Hands over one message, each piece in memory of its own. Returns what the taker says, 0 or -1. */
int codec_feed(struct take *take, const void *data, size_t size, struct feeding feeding,
	       struct err *err);

/*
 * Encodes setup's array with these values into text, in one go; there is room. Returns how many
 * bytes it takes; *announced is what was said of that before.
 */
size_t codec_text(const struct encoding *encoding, const struct encoding_setup *setup,
		  const void *values, char *text, size_t room, uint64_t *announced);

#endif
