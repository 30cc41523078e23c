/* SPDX-License-Identifier: MIT */
/*
 * A block of normals rounded to the floats that C does not have: transports/narrow.h, several at
 * once. All paths give the same bits.
 */
#ifndef BENCH_WORKER_ROUNDING_H
#define BENCH_WORKER_ROUNDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/worker/random_normal.h"

typedef void round_block(const double in[NORMAL_BLOCK_COUNT], uint16_t out[NORMAL_BLOCK_COUNT]);

struct rounding_path {
	const char *name;
	bool (*usable)(void); /* does this CPU have the instructions? */
	round_block *float16, *bfloat16;
};

/* Fastest first. The last one, "plain", is usable everywhere. */
extern const struct rounding_path rounding_paths[];
extern const size_t rounding_path_count;

/* The first that is usable. */
const struct rounding_path *rounding_fastest(void);

#endif
