/* SPDX-License-Identifier: MIT */
/* Rows of decimal text, read by one of the ways that this processor has. */
#ifndef TESTS_SUPPORT_DRIVE_DECIMAL_H
#define TESTS_SUPPORT_DRIVE_DECIMAL_H

#include <stddef.h>

#include "transports/encodings/decimal/decimal.h"

#define DECIMAL_COUNT_MAX 300

/* What a text was read as: so many numbers, up to a byte of it. */
struct decimal_reading {
	size_t count;
	size_t at;
	double values[DECIMAL_COUNT_MAX];
};

/* The way that every processor has. */
const struct decimal_kernel *decimal_portable(void);

/*
 * parse_rows from byte `before` of the text on, which is size bytes; rows->count is at most
 * DECIMAL_COUNT_MAX.
 */
void drive_decimal(const struct decimal_kernel *kernel, const char *text, size_t before,
		   size_t size, const struct decimal_rows *rows, struct decimal_reading *reading);

/* How two readings differ, in words, or NULL: in the least bit, but that any NaN is one. */
const char *decimal_difference(const struct decimal_reading *got,
			       const struct decimal_reading *want);

#endif
