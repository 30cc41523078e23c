/* SPDX-License-Identifier: MIT */
/*
 * What is done to an array's elements, by dtype: drawn, read, compared, shown. A dtype is a line
 * of transports/dtypes.def and its functions, in bench/worker/elements_float.c or _int.c.
 */
#ifndef BENCH_WORKER_ELEMENTS_H
#define BENCH_WORKER_ELEMENTS_H

#include "bench/worker/random_normal.h"
#include "transports/array.h"

/* The unit in which arrays are drawn and rebuilt: of whatever dtype, a small page. */
#define ELEMENTS_BLOCK_BYTES 4096u
#define ELEMENT_TEXT_BYTES 40

struct elements {
	/*
	 * Draws count elements, from the start of a block on. A block is a function of the stream
	 * and its number; one that count cuts short is a prefix of the whole one.
	 */
	void (*draw)(const struct normal_stream *stream, uint64_t first_block, void *elements,
		     size_t count);
	/*
	 * One pass over all of them: where a by-reference array's pages are first touched. Rounded,
	 * or modulo 2^64; not finite if an element is not.
	 */
	double (*sum)(const void *elements, size_t count);
	/* One of them as a double, rounded if it must be; NAN for a byte that is no bool. */
	double (*value)(const void *elements, size_t index);
	/* The same in words that tell any two values apart. Returns text. */
	char *(*format)(const void *elements, size_t index, char text[ELEMENT_TEXT_BYTES]);
};

/* The rows, by enum dtype. */
extern const struct elements *const elements_table[DTYPE_COUNT];

/* The read phase: the sum of all elements. Shared with the floor that it is compared with. */
static inline double elements_sum(const struct array *array)
{
	return elements_table[array->type.dtype]->sum(array->data, array->count);
}

/* How many elements a block has. */
static inline size_t elements_a_block(enum dtype dtype)
{
	return ELEMENTS_BLOCK_BYTES / dtype_table[dtype].bytes;
}

/*
 * The first element that no array of ours has, or count: one that is not finite, or a byte that
 * is no bool. sum: what elements_sum gave.
 */
size_t elements_first_unfit(const struct array *array, double sum);

#endif
