/* SPDX-License-Identifier: MIT */
/*
 * Reproducible standard normals: the same bits on every machine and every path.
 * Counter based, so any block of any array can be made alone, in any order.
 */
#ifndef BENCH_WORKER_RANDOM_NORMAL_H
#define BENCH_WORKER_RANDOM_NORMAL_H

#include <stddef.h>
#include <stdint.h>

#define NORMAL_BLOCK_COUNT 512 /* float64 values in a block: 4096 bytes */

/* Names one array. Two streams that differ in any field are independent. */
struct normal_stream {
	uint64_t seed;
	uint64_t exchange;
	uint32_t client;
};

/*
 * Make block number `block` of the array, below 2^56: values of mean 0 and
 * variance 1, at most 9.42 in size, with all 52 mantissa bits random. A pure
 * function of its arguments. Needs no alignment of out beyond a double's.
 *
 * The bits are Threefry-2x64 with 13 rounds (Salmon, Moraes, Dror and Shaw,
 * "Parallel random numbers: as easy as 1, 2, 3", SC 2011) under the key
 * (seed, client) at the counter (number of the pair, exchange). Each counter
 * gives two normals by the transform of Box and Muller ("A note on the
 * generation of random normal deviates", Ann. Math. Stat. 29, 1958).
 */
void normal_block(const struct normal_stream *stream, uint64_t block,
		  double out[NORMAL_BLOCK_COUNT]);

/*
 * Make count values from the start of first_block on. A last block that count
 * cuts short is a prefix of the whole one.
 */
void normal_fill(const struct normal_stream *stream, uint64_t first_block, double *out,
		 size_t count);

/*
 * The same blocks as the uniformly random bits that their normals are made of. out is aligned
 * as a double is.
 */
void normal_fill_words(const struct normal_stream *stream, uint64_t first_block, void *out,
		       size_t bytes);

#endif
