/* SPDX-License-Identifier: MIT */
/* What each block of a round may use up, and the reference that each round has. */
#ifndef BENCH_RUN_ROUNDS_H
#define BENCH_RUN_ROUNDS_H

#include "bench/model/model.h"
#include "bench/run/cast.h"
#include "bench/run/schedule.h"
#include "bench/wire/records.h"

/* A client's share of what the cell is allowed: what is left, over the blocks that are left. */
struct begin rounds_limits(const struct model *model, const struct cell *cell);

/*
 * The reference that is to be measured before that block: it has not been in this round. NULL:
 * it has, or it cannot be had.
 */
struct cell *rounds_reference_due(const struct model *model, const struct schedule_block *next);

/*
 * What it may use up: a twentieth of what the round's blocks of its type take, the reference's
 * own set-up included, and at least one exchange, whatever that costs.
 */
struct begin rounds_reference_limits(const struct model *model, const struct schedule *schedule,
				     const struct cell *reference);

/* Its block has ended. One that has failed is not tried again. */
void rounds_end_reference(struct cell *reference, const struct cast *cast);
void rounds_fail_reference(struct cell *reference, const struct err *err);

#endif
