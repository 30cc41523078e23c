/* SPDX-License-Identifier: MIT */
/*
 * What the numbers show, in sentences, by rules. Each follows from figures in
 * the model; where an interval of a ratio holds 1, nothing is claimed. Pure.
 */
#ifndef BENCH_REPORT_SAYS_H
#define BENCH_REPORT_SAYS_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/model/model.h"

#define SAYS_BYTES 300

struct says_line {
	bool warning;          /* it asks for care */
	char text[SAYS_BYTES]; /* UTF-8 */
};

/* Sentences on one type, or (NULL) on the whole run; the weightiest first. Returns how many. */
size_t says_find(const struct model *model, const struct array_type *type, struct says_line *lines,
		 size_t capacity);

/* What is odd about one cell: two humps, drift, blocks that disagree. False: nothing, text "". */
bool says_unsteady(const struct cell *cell, char text[SAYS_BYTES]);

#endif
