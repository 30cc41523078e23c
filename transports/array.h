/* SPDX-License-Identifier: MIT */
/*
 * The array: C-contiguous, n-dimensional, numeric. A shape is written
 * "1x3x224x224" by us and "(1,3,224,224)" by numpy; both are read.
 */
#ifndef TRANSPORTS_ARRAY_H
#define TRANSPORTS_ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

#define ARRAY_DIMENSIONS_MAX 32  /* numpy's limit */
#define ARRAY_SHAPE_TEXT_BYTES 704 /* 32 dimensions of 20 digits with separators, and the NUL */

enum dtype {
#define DTYPE(id, name, type, code) DTYPE_##id,
#include "transports/dtypes.def"
#undef DTYPE
	DTYPE_COUNT,
};

/* Indexed by enum dtype. */
struct dtype_row {
	const char *name;        /* in the CSV, and as numpy.dtype(...).name */
	const char *numpy_code;  /* in a pickled numpy.dtype, without the byte order */
	size_t bytes;            /* of one element */
};

extern const struct dtype_row dtype_table[DTYPE_COUNT];

struct shape {
	unsigned dimensions; /* 1 to ARRAY_DIMENSIONS_MAX */
	uint64_t extents[ARRAY_DIMENSIONS_MAX];
};

/*
 * The struct owns nothing. Each function that hands an array over says who owns
 * the memory behind data.
 */
struct array {
	struct shape shape;
	enum dtype dtype;
	size_t count; /* elements; 0 if any extent is 0 */
	size_t bytes;
	void *data;   /* aligned to at least 8; may be NULL if bytes is 0 */
};

/*
 * Reads "2x3", "2,3", "(2,3)" or "(2,)" into shape. Fails with ERR_USAGE on
 * anything else, on more than 32 dimensions, and when the array's bytes would
 * not fit in a signed 64-bit size.
 */
int shape_parse(const char *text, struct shape *shape, struct err *err);

/* Writes "2x3". Returns text. */
char *shape_format(const struct shape *shape, char text[ARRAY_SHAPE_TEXT_BYTES]);

bool shape_equal(const struct shape *a, const struct shape *b);

/* Writes the index of element `position` (C order) as "[0, 2, 223]". Returns text. */
char *shape_format_index(const struct shape *shape, size_t position,
			 char text[ARRAY_SHAPE_TEXT_BYTES]);

/* An array of that shape and dtype without memory: count and bytes filled in, data NULL. */
struct array array_describe(const struct shape *shape, enum dtype dtype);

#endif
