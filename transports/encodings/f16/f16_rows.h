/* SPDX-License-Identifier: MIT */
/*
 * Elements cast to float16 and back, several at once: transports/narrow.h in loops, one for each
 * instruction set. All paths give the same bits. The halves lie at any address.
 */
#ifndef TRANSPORTS_ENCODINGS_F16_F16_ROWS_H
#define TRANSPORTS_ENCODINGS_F16_F16_ROWS_H

#include <stdbool.h>
#include <stddef.h>

/* From elements of one dtype to halves, or from halves to elements. */
typedef void f16_row(const void *from, void *to, size_t count);

struct f16_path {
	const char *name;
	bool (*usable)(void); /* does this CPU have the instructions? */
	f16_row *round64, *round32, *widen64, *widen32;
};

/* Fastest first. The last one, "plain", is usable everywhere. */
extern const struct f16_path f16_paths[];
extern const size_t f16_path_count;

/* The first that is usable. */
const struct f16_path *f16_fastest(void);

#endif
