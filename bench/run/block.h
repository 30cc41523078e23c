/* SPDX-License-Identifier: MIT */
/*
 * The block under way: a fresh cast that measures one cell of the model for its share of
 * what the plan allows the cell. Stepped by the runner; nothing here blocks, but that
 * block_start and block_end start and reap processes. Only one block at a time.
 */
#ifndef BENCH_RUN_BLOCK_H
#define BENCH_RUN_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/machine/noise.h"
#include "bench/machine/world.h"
#include "bench/model/model.h"
#include "bench/run/cast.h"
#include "bench/run/intake.h"
#include "bench/wire/setup.h"
#include "transports/err.h"

struct block {
	struct model *model; /* the owner's, longer than us: all that is measured goes there */
	struct world_watch watch; /* the owner's: what we wait for is in it */
	struct worker_setup common; /* what all workers of the run are told */
	size_t kept;                /* blocks of the run that were kept */
	size_t begun, ended;        /* that there were: the same unless one is under way */
	/* The block that is under way. */
	struct cell *cell; /* of the model, whose `current` says the same; NULL: none is */
	size_t round;
	struct cast cast;  /* to be read, paused and stopped by the owner */
	struct intake intake;
	uint64_t started_ns;
	uint64_t refreshed_ns;
	struct noise_snapshot noise; /* what the kernel had counted when it started */
};

/*
 * Before the first block, in zeroed memory: draws the names of the run's segments and
 * directory, and its token. The model's plan and CPUs are known.
 */
int block_init(struct block *block, struct model *model, const struct world_watch *watch,
	       struct err *err);

/* What the workers of the cell's next block are told. */
struct worker_setup block_setup(const struct block *block, const struct cell *cell);

/*
 * Starts the next block of the cell, which may be a reference, in that round; each of its clients
 * may use up so much. On failure there is none under way.
 */
int block_start(struct block *block, struct cell *cell, size_t round, const struct begin *begin,
		struct err *err);

/*
 * Takes what the workers have said and measured, if a block is under way. Returns true once
 * it has ended: cast.outcome says how; keep it or do not, then end it.
 */
bool block_step(struct block *block, uint64_t now_ns);

/* Of a block that has ended: makes its figures and its log its cell's. */
void block_keep(struct block *block);

/* Frees the block, and kills its members if need be. Nothing if none is under way. */
void block_end(struct block *block);

/* Ends the block, and sweeps the run's segments. Accepts a zeroed struct. */
void block_fini(struct block *block);

#endif
