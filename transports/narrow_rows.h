/* SPDX-License-Identifier: MIT */
/*
 * Many elements rounded to the floats that C does not have, and widened: transports/narrow.h in
 * loops, one for each instruction set. All paths give the same bits. Elements of 16 bits may lie
 * at any address.
 */
#ifndef TRANSPORTS_NARROW_ROWS_H
#define TRANSPORTS_NARROW_ROWS_H

#include <stdbool.h>
#include <stddef.h>

typedef void narrow_row(const void *from, void *to, size_t count);

struct narrow_path {
	const char *name;
	bool (*usable)(void); /* does this CPU have the instructions? */
	/* From and to elements of 64 and 32 bits. */
	narrow_row *float16_round64, *float16_round32, *float16_widen64, *float16_widen32;
	narrow_row *bfloat16_round64;
};

/* Fastest first. The last one, "plain", is usable everywhere. */
extern const struct narrow_path narrow_paths[];
extern const size_t narrow_path_count;

/* The first that is usable. */
const struct narrow_path *narrow_fastest(void);

#endif
