/* SPDX-License-Identifier: MIT */
/* Integers, uniform over their range, and bool, as often 0 as 1: the random bits as they are. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "bench/worker/elements.h"

/* So many of 16 bits add up to less than 32. */
#define RUN_COUNT 32768u

static size_t run_length(size_t left)
{
	return left < RUN_COUNT ? left : RUN_COUNT;
}

/*
 * A row. narrow adds up RUN_COUNT elements; wide all of them, modulo 2^64 if it must: a sum
 * makes sure that each element was read, and is used for nothing else.
 */
#define INTEGER(dtype, type, narrow, wide, word) \
	static void dtype##_draw(const struct normal_stream *stream, uint64_t first_block, \
				 void *elements, size_t count) \
	{ \
		normal_fill_words(stream, first_block, elements, count * sizeof(type)); \
	} \
\
	static double dtype##_sum(const void *data, size_t count) \
	{ \
		const type *elements = data; \
		wide sum = 0; \
\
		for (size_t done = 0; done < count; done += run_length(count - done)) { \
			size_t run = run_length(count - done); \
			narrow part = 0; \
\
			for (size_t i = 0; i < run; i++) \
				part += (narrow)elements[done + i]; \
			sum += (wide)part; \
		} \
		return (double)sum; \
	} \
\
	static double dtype##_value(const void *elements, size_t index) \
	{ \
		return (double)((const type *)elements)[index]; \
	} \
\
	static char *dtype##_format(const void *elements, size_t index, \
				    char text[ELEMENT_TEXT_BYTES]) \
	{ \
		(void)snprintf(text, ELEMENT_TEXT_BYTES, word, \
			       ((const type *)elements)[index]); \
		return text; \
	} \
\
	const struct elements elements_##dtype = { \
		.draw = dtype##_draw, \
		.sum = dtype##_sum, \
		.value = dtype##_value, \
		.format = dtype##_format, \
	}

INTEGER(int8, int8_t, int32_t, int64_t, "%" PRId8);
INTEGER(int16, int16_t, int32_t, int64_t, "%" PRId16);
INTEGER(int32, int32_t, int64_t, int64_t, "%" PRId32);
INTEGER(int64, int64_t, uint64_t, uint64_t, "%" PRId64);
INTEGER(uint8, uint8_t, uint32_t, uint64_t, "%" PRIu8);
INTEGER(uint16, uint16_t, uint32_t, uint64_t, "%" PRIu16);
INTEGER(uint32, uint32_t, uint64_t, uint64_t, "%" PRIu32);
INTEGER(uint64, uint64_t, uint64_t, uint64_t, "%" PRIu64);

static void bool_draw(const struct normal_stream *stream, uint64_t first_block, void *elements,
		      size_t count)
{
	uint8_t *bits = elements;

	normal_fill_words(stream, first_block, elements, count);
	for (size_t i = 0; i < count; i++)
		bits[i] &= 1;
}

/* A byte that is no bool has no value: it counts as what is not finite among floats. */
static double bool_value(const void *elements, size_t index)
{
	uint8_t value = ((const uint8_t *)elements)[index];

	return value > 1 ? (double)NAN : value;
}

static double bool_sum(const void *data, size_t count)
{
	const uint8_t *bits = data;
	uint8_t seen = 0;

	for (size_t i = 0; i < count; i++)
		seen |= bits[i];
	return seen > 1 ? (double)NAN : uint8_sum(data, count);
}

static char *bool_format(const void *elements, size_t index, char text[ELEMENT_TEXT_BYTES])
{
	uint8_t value = ((const uint8_t *)elements)[index];

	if (value > 1)
		(void)snprintf(text, ELEMENT_TEXT_BYTES, "the byte %u", value);
	else
		(void)snprintf(text, ELEMENT_TEXT_BYTES, value ? "True" : "False");
	return text;
}

const struct elements elements_bool = {
	.draw = bool_draw,
	.sum = bool_sum,
	.value = bool_value,
	.format = bool_format,
};
