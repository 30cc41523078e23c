/* SPDX-License-Identifier: MIT */
/*
 * Decimal text of elements of any dtype, and back: decimal.h for the others. Floats are written
 * as the shortest digits that read back to the same value of their own type, integers as
 * integers, bool as true and false. What is read is rounded once, to the element's type.
 *
 * Nothing here allocates, blocks, keeps state or depends on the locale.
 */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_TYPES_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_TYPES_H

#include <stddef.h>

#include "transports/array.h"
#include "transports/encodings/decimal/decimal.h"

/* Why a number that is one is no value of a dtype. */
enum decimal_misfit {
	DECIMAL_FITS,
	DECIMAL_FRACTION, /* 1.5 as an integer */
	DECIMAL_BEYOND,   /* 300 as uint8, 1e6 as float16, 2 as bool */
	DECIMAL_NAMED,    /* NaN, Infinity as an integer; true as a number */
};

struct decimal_type {
	/*
	 * Writes count elements with a comma between two. out has room for count *
	 * DECIMAL_MAX_BYTES. Returns the length of the whole text in bytes.
	 */
	size_t (*format_row)(const void *elements, size_t count, char *out);
	/*
	 * Reads one element from the start of [text, end) as decimal_parse does: whatever JSON
	 * writes for its value, 1.0 and 10e-1 for an integer too, and 0 and 1 for a bool.
	 * Returns the first byte after it, or NULL, the element untouched, with *misfit set if
	 * it is a word or number of another type.
	 */
	const char *(*parse)(const char *text, const char *end, void *element,
			     enum decimal_misfit *misfit);
	/* As decimal_parse_rows; it also stops before what does not fit. */
	size_t (*parse_rows)(struct decimal_text *text, void *elements,
			     const struct decimal_rows *rows);
};

/* By enum dtype. */
extern const struct decimal_type *const decimal_types[DTYPE_COUNT];

#endif
