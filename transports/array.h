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
#define ARRAY_TYPE_TEXT_BYTES (ARRAY_SHAPE_TEXT_BYTES + 16)

enum dtype {
#define DTYPE(id, name, type, kind, code) DTYPE_##id,
#include "transports/dtypes.def"
#undef DTYPE
	DTYPE_COUNT,
};

enum dtype_kind {
	DTYPE_FLOAT,
	DTYPE_SIGNED,
	DTYPE_UNSIGNED,
	DTYPE_TRUTH, /* a byte, 0 or 1 */
};

/* Indexed by enum dtype. */
struct dtype_row {
	const char *name;        /* in the CSV, and as numpy.dtype(...).name */
	const char *numpy_code;  /* in a pickled numpy.dtype, without the byte order, or NULL */
	enum dtype_kind kind;
	size_t bytes;            /* of one element */
};

extern const struct dtype_row dtype_table[DTYPE_COUNT];

/* Sets of dtypes. */
#define DTYPE_BIT(dtype) (1u << (dtype))
#define DTYPE_BITS_ALL (DTYPE_BIT(DTYPE_COUNT) - 1)

#define DTYPE_NAMES_BYTES 160

/* Writes "float64, float32": those of the set. Returns text. */
char *dtype_names(unsigned dtypes, char text[DTYPE_NAMES_BYTES]);

/* Finds the dtype of that name. Fails with ERR_USAGE, naming those that there are. */
int dtype_parse(const char *name, enum dtype *dtype, struct err *err);

struct shape {
	unsigned dimensions; /* 1 to ARRAY_DIMENSIONS_MAX */
	uint64_t extents[ARRAY_DIMENSIONS_MAX];
};

/* What an array is known by, everywhere: two dtypes of one shape are two types. */
struct array_type {
	struct shape shape;
	enum dtype dtype;
};

/*
 * The struct owns nothing. Each function that hands an array over says who owns
 * the memory behind data.
 */
struct array {
	struct array_type type;
	size_t count; /* elements; 0 if any extent is 0 */
	size_t bytes;
	void *data;   /* aligned to at least 8; may be NULL if bytes is 0 */
};

/*
 * Reads "2x3", "(2,3)" or "(2,)" into shape. Fails with ERR_USAGE on anything
 * else, "2,3" too, on more than 32 dimensions, and when the array's bytes would
 * not fit in a signed 64-bit size.
 */
int shape_parse(const char *text, struct shape *shape, struct err *err);

/* Writes "2x3". Returns text. */
char *shape_format(const struct shape *shape, char text[ARRAY_SHAPE_TEXT_BYTES]);

bool shape_equal(const struct shape *a, const struct shape *b);

/* Writes the index of element `position` (C order) as "[0, 2, 223]". Returns text. */
char *shape_format_index(const struct shape *shape, size_t position,
			 char text[ARRAY_SHAPE_TEXT_BYTES]);

bool array_type_equal(const struct array_type *a, const struct array_type *b);

/* Of an array of that type: its elements, 0 if any extent is 0, and their bytes. */
size_t array_type_count(const struct array_type *type);
size_t array_type_bytes(const struct array_type *type);

/*
 * Reads "2x3:float64", or a shape alone, of usual elements. Fails with ERR_USAGE as shape_parse
 * and dtype_parse do.
 */
int array_type_parse(const char *text, enum dtype usual, struct array_type *type,
		     struct err *err);

/* Writes "2x3", and ":float32" behind it if the dtype is not float64. Returns text. */
char *array_type_format(const struct array_type *type, char text[ARRAY_TYPE_TEXT_BYTES]);

/* An array of that type without memory: count and bytes filled in, data NULL. */
struct array array_describe(const struct array_type *type);

/* Turns big-endian elements into little-endian ones, or back. */
void array_swap_bytes(struct array *array);

#endif
