/* SPDX-License-Identifier: MIT */
/* How far a run has come, and how long the rest will take. */
#ifndef BENCH_RUN_PROGRESS_H
#define BENCH_RUN_PROGRESS_H

#include <stdint.h>

#include "bench/model/model.h"
#include "bench/run/schedule.h"

/*
 * Fills the model's elapsed_ns, left_ns and progress, from what its cells' blocks took and
 * are expected to take. block_start_ns is that of the block under way, if there is one.
 */
void progress_update(struct model *model, const struct schedule *schedule, uint64_t block_start_ns,
		     uint64_t now_ns);

#endif
