/* SPDX-License-Identifier: MIT */
/*
 * What each block of a round may use up, the reference that each round has, and the rounds that
 * are added until intervals are as narrow as was asked for.
 */
#ifndef BENCH_RUN_ROUNDS_H
#define BENCH_RUN_ROUNDS_H

#include <stdbool.h>

#include "bench/model/model.h"
#include "bench/run/cast.h"
#include "bench/run/schedule.h"
#include "bench/wire/records.h"

/*
 * A client's share of what the cell is allowed: what is left, over the blocks that are left. With
 * a precision, as many samples as blocks of them make the narrowest interval in a given time
 * (bench/stats/balance.h), once there are blocks to tell that from.
 */
struct begin rounds_limits(const struct model *model, const struct cell *cell);

/* A block of the cell was kept: is its interval within the precision, if one was asked for? */
void rounds_judge(struct model *model, struct cell *cell);

/*
 * No block is ahead. With a precision: adds a round of each cell that has not reached it and has
 * time left, with its rivals, the cells of the same type; ends the cells of which there will be
 * no more. Returns whether there is something ahead now.
 */
bool rounds_extend(struct model *model, struct schedule *schedule);

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
