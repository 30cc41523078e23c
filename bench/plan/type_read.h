/* SPDX-License-Identifier: MIT */
/*
 * An array's type as people write it. A comma separates two types everywhere but in
 * parentheses: "2,3" is two types, "(2,3)" is one.
 */
#ifndef BENCH_PLAN_TYPE_READ_H
#define BENCH_PLAN_TYPE_READ_H

#include <stddef.h>

#include "transports/array.h"
#include "transports/err.h"

/*
 * Reads one type, as array_type_parse does. Where that fails, the error says how to write what
 * was probably meant: "2x3" for "2,3", "2X3" or "[2,3]", "512" for "4K".
 */
int type_read(const char *text, enum dtype usual, struct array_type *type, struct err *err);

/* The length of a list's first item: up to a comma outside of parentheses and brackets. */
size_t type_item_length(const char *text);

#endif
