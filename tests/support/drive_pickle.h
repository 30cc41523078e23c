/* SPDX-License-Identifier: MIT */
/* The decoder of pickles, fed as a socket would: into the places that it asks for. */
#ifndef TESTS_SUPPORT_DRIVE_PICKLE_H
#define TESTS_SUPPORT_DRIVE_PICKLE_H

#include <stddef.h>
#include <stdint.h>

#include "transports/encoding.h"

/* How many bytes come at a time. */
struct pickle_pieces {
	size_t cut;     /* a piece ends after so many bytes, whatever else is said; 0: none */
	size_t piece;   /* at most; 0: as many as fit */
	uint32_t drawn; /* if not 0: up to 19, drawn from it */
};

/* Decodes into array->data, which has room for just array->bytes. 0, or -1 and why. */
int drive_pickle(struct array *array, const void *data, size_t bytes, uint64_t length,
		 struct pickle_pieces pieces, struct err *err);

/*
 * Encodes the array into text, which has room for so many bytes. Returns how many it takes, and
 * how many of the spans last.
 */
size_t drive_pickle_encode(const struct array *array, void *text, size_t room, unsigned *lasting);

#endif
