/* SPDX-License-Identifier: MIT */
/*
 * The ways to make a block of normals, for random_normal.c, its tests and its
 * timings. All give the same bits; all other code calls bench/worker/random_normal.h.
 */
#ifndef BENCH_WORKER_RANDOM_NORMAL_PATHS_H
#define BENCH_WORKER_RANDOM_NORMAL_PATHS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/worker/random_normal.h"

struct normal_path {
	const char *name;
	bool (*usable)(void); /* does this CPU have the instructions? */
	void (*block)(const struct normal_stream *stream, uint64_t block,
		      double out[NORMAL_BLOCK_COUNT]);
	/* The random bits that those are made of. */
	void (*words)(const struct normal_stream *stream, uint64_t block,
		      double out[NORMAL_BLOCK_COUNT]);
};

/* Fastest first. The last one, "plain", is usable everywhere. */
extern const struct normal_path normal_paths[];
extern const size_t normal_path_count;

#endif
