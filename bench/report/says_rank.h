/* SPDX-License-Identifier: MIT */
/* Which cell of a type is how fast: what sentences start from. For the says_*.c files. */
#ifndef BENCH_REPORT_SAYS_RANK_H
#define BENCH_REPORT_SAYS_RANK_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/model/model.h"

/* The cells of one type that can be ranked: they stay where they are, in the model. */
struct ranking {
	const struct model *model;
	const struct array_type *type; /* NULL: the whole run, no cells */
	size_t count;
	const struct cell *best, *second, *last; /* by the median; NULL: there are not so many */
};

/* Empty while a cell of the type is being measured. */
void rank_type(const struct model *model, const struct array_type *type, struct ranking *ranking);

/* Whether it is one of them. */
bool rank_has(const struct ranking *ranking, const struct cell *cell);

/* Shown to be faster: the interval of the ratio of medians, by blocks, lies below 1. */
bool rank_beats(const struct cell *a, const struct cell *b);

/* The fastest cell for which is_so is true, NULL if there is none. */
const struct cell *rank_fastest(const struct ranking *ranking,
				bool (*is_so)(const struct cell *cell));

/* Whether a cell's arrays go by reference, in shared memory, or are copied. */
bool rank_is_shared(const struct cell *cell);
bool rank_is_copied(const struct cell *cell);

#endif
