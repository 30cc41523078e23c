/* SPDX-License-Identifier: MIT */
/*
 * From the scoreboard into the model: what a block's workers have measured becomes the
 * figures of its cell, again and again while the block is under way, and for good when it
 * has ended. Reads memory that the workers write: it never waits for them, nor they for it.
 */
#ifndef BENCH_RUN_INTAKE_H
#define BENCH_RUN_INTAKE_H

#include <stdint.h>
#include <stdio.h>

#include "bench/model/model.h"
#include "bench/stats/hist.h"
#include "bench/wire/scoreboard.h"

/* The transfer that a cell measures: the regions of who gives and of those who take. */
struct hop {
	const struct scoreboard_member *giver; /* NULL: it is not ours */
	const struct scoreboard_member *takers[PLAN_CLIENTS_MAX];
	uint32_t count; /* of them */
};

/* All zero is an intake before its first block. Large: not for the stack. */
struct intake {
	struct hop hop; /* of the block that is under way */
	/* The cell's as they were before the block; the cell's own have the block's besides. */
	struct hist latency, with_read, planned;
	uint64_t drained[PLAN_CLIENTS_MAX]; /* samples taken out of each taker's ring */
	FILE *samples_file;                 /* the owner's, where they go as well; or NULL */
	uint64_t samples_lost; /* of all blocks: overwritten before they were drained */
};

/* From now on writes every sample to file, one CSV row each below a header. */
void intake_log_samples(struct intake *intake, FILE *file);

/* A block of the cell begins: its regions are empty, and readable until the block's last call. */
void intake_begin(struct intake *intake, const struct cell *cell, const struct hop *hop);

/* Brings the cell, one of the model's, up to what the scoreboard says. */
void intake_refresh(struct intake *intake, struct cell *cell, struct model *model);

/*
 * The block's workers have ended: adds it to the cell's blocks, with its figures over all
 * clients, once the cell is refreshed. Returns it, for the owner to say the rest; NULL, changing
 * nothing, if it has no sample.
 */
struct block_result *intake_keep(struct intake *intake, struct cell *cell,
				 const struct model *model);

#endif
