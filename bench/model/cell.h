/* SPDX-License-Identifier: MIT */
/* A cell of the model: its storage, its names, its trust and its end. */
#ifndef BENCH_MODEL_CELL_H
#define BENCH_MODEL_CELL_H

#include "bench/model/model.h"

#define CELL_NAME_BYTES 160

/* Points the cell at its plan; nothing is measured yet. */
void cell_init(struct cell *cell, const struct plan_cell *plan,
	       const struct plan_options *options);

/* Room for histograms, series and another block, unless there is. Returns -1 without memory. */
int cell_allocate(struct cell *cell);

/*
 * Fills what is known of a cell once a block has ended: its trust, and the figures of
 * its summary that trust is made of.
 */
void cell_judge(struct cell *cell, const struct model *model);

/*
 * Puts the cell, one of the model's, into a final state, and says so among the events.
 * A state that is final already stays. reason is copied. A cell that was done before more was
 * asked for is done again, and says why it was not all, unless a reply was wrong.
 */
void cell_finish(struct cell *cell, struct model *model, enum cell_state state, const char *reason);

/*
 * The same for a cell that is measured: CELL_DONE, and for reason how it came to that ("" if
 * as planned), with what whoever reads its figures must know.
 */
void cell_finish_done(struct cell *cell, struct model *model, const char *how);

/* The same where rounds were added for a precision: says what was reached if it is less. */
void cell_finish_rounds(struct cell *cell, struct model *model);

/* Back to queued, with nothing measured. */
void cell_reset(struct cell *cell);

/*
 * So many more blocks are to follow those it has, or will have. One that is final waits again,
 * with all that was measured.
 */
void cell_ask_more(struct cell *cell, struct model *model, size_t blocks);

/* How many blocks it is to have. */
static inline size_t cell_blocks_asked(const struct cell *cell)
{
	return cell->blocks_asked ? cell->blocks_asked : (size_t)cell->plan->blocks;
}

/* What its next block is expected to take: as its last ones, or by rules of thumb. */
double cell_block_ns(const struct cell *cell);

void cell_free(struct cell *cell);

/* A stage's mean of the measured array, with that of the request's where both ways carry one. */
static inline double cell_stage_ns(const struct cell *cell, double measured_ns, double request_ns)
{
	return cell->plan->direction == DIRECTION_BOTH ? measured_ns + request_ns : measured_ns;
}

/* "http+json 1x3x224x224", and " push" or " both" behind it. Returns text. */
char *cell_name(const struct cell *cell, char text[CELL_NAME_BYTES]);

#endif
