/* SPDX-License-Identifier: MIT */
/* A cell's storage and its names: what run.c does to one cell of the model. */
#ifndef BENCH_CELL_H
#define BENCH_CELL_H

#include "bench/model.h"

#define CELL_NAME_BYTES 160

/* Points the cell at its plan; nothing is measured yet. */
void cell_init(struct cell *cell, const struct plan_cell *plan,
	       const struct plan_options *options);

/* Room for histograms, series and blocks, where it is not there yet. Returns -1 without memory. */
int cell_allocate(struct cell *cell, const struct plan_options *options);

/*
 * Fills what is known of a cell once a block has ended: its trust, and the figures of
 * its summary that trust is made of.
 */
void cell_judge(struct cell *cell, const struct model *model);

/* Back to queued, with nothing measured. */
void cell_reset(struct cell *cell);

void cell_free(struct cell *cell);

/* "http+json 1x3x224x224". Returns text. */
char *cell_name(const struct cell *cell, char text[CELL_NAME_BYTES]);

/* What its encoding loses by design, or "". */
const char *cell_loss(const struct cell *cell);

#endif
