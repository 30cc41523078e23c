/* SPDX-License-Identifier: MIT */
/*
 * The reference of an array type: a bare exchange over a Unix socket pair, measured in every
 * round next to the cells of that type (bench/worker/reference.c). It is a cell of its own kind,
 * beside the model's cells and no rival of theirs: what the machine's state does to both divides
 * out of a cell's median over the reference's, so that runs can be compared by that. Pure.
 */
#ifndef BENCH_MODEL_REFERENCE_H
#define BENCH_MODEL_REFERENCE_H

#include "bench/model/model.h"

/* Makes room for a reference for each type of the plan, nothing measured yet. -1: no memory. */
int references_make(struct model *model);
void references_free(struct model *model);

/* Of that type, or NULL. */
struct cell *reference_of(const struct model *model, const struct array_type *type);

/* Its median in that round; NaN if it has none there. */
double reference_p50_ns(const struct model *model, const struct array_type *type, size_t round);

/* Fills the summary's ratio to the reference, from the cell's blocks. */
void reference_compare(struct cell *cell);

#endif
