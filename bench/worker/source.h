/* SPDX-License-Identifier: MIT */
/*
 * The arrays that are sent, and what their takers check them against. Every
 * 4 KiB block of every exchange is a function of (kind, seed, client, exchange,
 * way, block), so that one block can be rebuilt without the others.
 *
 * fresh: exchange n's array is the normal stream of n.
 * ready: one normal array, in which one element of every block is replaced for
 * every exchange: the block's number decides which, the exchange's stream by what.
 * Of elements of less than 4 bytes the last bit is the exchange's, so that each
 * exchange's array differs from the one before.
 *
 * So it is of random data. Smooth data is a smooth field in the place of each normal array. Of a
 * file, the array that changes is the file's, and new values are elements of it, drawn by the
 * stream. Where values repeat so, one bit of each is the exchange's whatever its size: the last
 * one, or of wide elements one that lossy encodings keep.
 */
#ifndef BENCH_WORKER_SOURCE_H
#define BENCH_WORKER_SOURCE_H

#include "bench/plan/data.h"
#include "bench/plan/plan.h"
#include "bench/worker/elements.h"
#include "transports/array.h"
#include "transports/encoding.h"

struct source_stream {
	enum source kind;
	uint64_t seed;
	uint32_t client;
	bool request; /* it is of what requests carry, rather than replies */
	enum data_kind data;
	const struct array *file; /* of a file: its array, of the type of all others; borrowed */
};

/* Makes the array as it is before exchange 0. Outside the clock. */
void source_prepare(const struct source_stream *stream, struct array *array);

/* ready: turns the array into that of the exchange. Outside the clock. */
void source_refresh(const struct source_stream *stream, uint64_t exchange, struct array *array);

/* fresh: draws the exchange's array. Inside the clock, phase `make`. */
void source_draw(const struct source_stream *stream, uint64_t exchange, struct array *array);

/* Room for a block of any dtype. */
union source_block {
	unsigned char bytes[ELEMENTS_BLOCK_BYTES];
	double align;
};

/*
 * Block `block` of an exchange's array, of which only the type matters. Returns how many
 * elements it has.
 */
size_t source_block(const struct source_stream *stream, uint64_t exchange,
		    const struct array *array, size_t block, union source_block *out);

/* A 64-bit hash over the whole array. */
uint64_t source_hash(const struct array *array);

/*
 * Compares an array that came with what the exchange should have brought, where hashes have not
 * agreed: fails with ERR_WRONG and names the first wrong element. Returns 0 if every element is
 * within the loss's tolerances, 1 if each is the very same.
 */
int source_verify(const struct source_stream *stream, uint64_t exchange,
		  const struct array *array, const struct encoding_loss *loss, struct err *err);

/* How an array differs from what the exchange should have brought. */
struct source_difference {
	size_t wrong;          /* elements outside the tolerance */
	size_t inexact;        /* elements that differ at all */
	size_t first;          /* the first wrong one, in C order */
	char expected[ELEMENT_TEXT_BYTES], got[ELEMENT_TEXT_BYTES]; /* there */
	double largest;        /* largest absolute difference */
};

/*
 * Rebuilds the expected array a block at a time and compares. loss: what is allowed;
 * zeroed for exact bits.
 */
struct source_difference source_compare(const struct source_stream *stream, uint64_t exchange,
					const struct array *array,
					const struct encoding_loss *loss);

#endif
