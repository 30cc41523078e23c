/* SPDX-License-Identifier: MIT */
/*
 * A field like a camera's picture, which compresses: four waves of random length, direction and
 * phase, and noise of a few steps of 4096. A block of 4096 bytes is one row of it. Whole-number
 * arithmetic: the same bits on every machine.
 *
 * A level is 0 to 4095. Integers of 8 bits have its upper 8 bits, wider ones all 12, signed ones
 * less the middle; floats are from 0 to 1 in steps of 1/2048, bfloat16 of 1/256; a bool says
 * whether it is in the upper half.
 */
#ifndef BENCH_WORKER_SMOOTH_H
#define BENCH_WORKER_SMOOTH_H

#include "bench/worker/random_normal.h"
#include "transports/array.h"

/* As struct elements' draw: count elements, from the start of a block on. */
void smooth_draw(enum dtype dtype, const struct normal_stream *stream, uint64_t first_block,
		 void *elements, size_t count);

#endif
