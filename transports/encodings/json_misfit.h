/* SPDX-License-Identifier: MIT */
/* Words for an element in JSON that is a value, but of another dtype than is wanted. Pure. */
#ifndef TRANSPORTS_ENCODINGS_JSON_MISFIT_H
#define TRANSPORTS_ENCODINGS_JSON_MISFIT_H

#include <stddef.h>

#include "transports/encodings/decimal/decimal_types.h"
#include "transports/err.h"

/* DECIMAL_NAMED if the word is one that some dtype has: true, false, NaN and infinities. */
enum decimal_misfit json_find_misfit(const char *word, size_t bytes);

/*
 * Adds to err, which has named the element and the word, why that is no value of the dtype, and
 * which dtype has it: "beyond uint8's 0 to 255 (uint16 has it)". Returns -1.
 */
int json_add_misfit(const char *word, size_t bytes, enum dtype dtype, enum decimal_misfit misfit,
		    struct err *err);

#endif
