/* SPDX-License-Identifier: MIT */
/* Powers of ten to 128 bits, and the layouts of decimal texts. */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_TABLES_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_TABLES_H

#include <stdint.h>

/* A hidden symbol is reached without a look at a table of addresses. */
#define DECIMAL_TABLE extern const __attribute__((visibility("hidden")))

/* The powers that a double takes to write or to read. */
#define DECIMAL_POWER_MIN (-342)
#define DECIMAL_POWER_MAX 324

/* The exponents of the first digit that Python's repr writes without 'e'. */
#define DECIMAL_LAYOUT_MIN (-4)
#define DECIMAL_LAYOUT_MAX 15

struct decimal_layout {
	uint8_t source[33]; /* where each byte comes from, the sign first; decimal_avx512.h */
	uint8_t least;	    /* digits shown at least */
	uint8_t extra;	    /* bytes of the text that are no digits of the number */
};

/* The leading 128 bits of 10^(DECIMAL_POWER_MIN + i), high half first, cut off. */
DECIMAL_TABLE uint64_t decimal_powers[DECIMAL_POWER_MAX - DECIMAL_POWER_MIN + 1][2];

/* The leading 64 bits of 10^-i, as above. */
#define DECIMAL_TENTHS 32
DECIMAL_TABLE uint64_t decimal_tenths[DECIMAL_TENTHS];

/* By the exponent of the first digit, from DECIMAL_LAYOUT_MIN. */
DECIMAL_TABLE struct decimal_layout
	decimal_layouts[DECIMAL_LAYOUT_MAX - DECIMAL_LAYOUT_MIN + 1];

#endif
