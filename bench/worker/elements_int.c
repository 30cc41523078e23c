/* SPDX-License-Identifier: MIT */
/* Integers, uniform over their range, and bool, as often 0 as 1: the random bits as they are. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "bench/worker/elements.h"

/* So many of 16 bits add up to less than 32. */
#define RUN_COUNT 32768u

static size_t run_length(size_t left)
{
	return left < RUN_COUNT ? left : RUN_COUNT;
}

/* Twice as many bytes at once as every processor of the architecture has. */
#if defined(__x86_64__)
#define WIDER __attribute__((target("avx2")))
#define WIDER_USABLE __builtin_cpu_supports("avx2")
#else
#define WIDER
#define WIDER_USABLE true
#endif

#define SUM(dtype, type, narrow, wide, target, name) \
	target static double name(const void *data, size_t count) \
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
	}

/*
 * A row. narrow adds up RUN_COUNT elements; wide all of them, modulo 2^64 if it must: a sum
 * makes sure that each element was read, and is used for nothing else.
 */
#define INTEGER(dtype, type, narrow, wide, word) \
	SUM(dtype, type, narrow, wide, , dtype##_sum_any) \
	SUM(dtype, type, narrow, wide, WIDER, dtype##_sum_wider) \
\
	static double dtype##_sum(const void *data, size_t count) \
	{ \
		return WIDER_USABLE ? dtype##_sum_wider(data, count) : \
				      dtype##_sum_any(data, count); \
	} \
\
	ROW(dtype, type, word)

#define ROW(dtype, type, word) \
	static void dtype##_draw(const struct normal_stream *stream, uint64_t first_block, \
				 void *elements, size_t count) \
	{ \
		normal_fill_words(stream, first_block, elements, count * sizeof(type)); \
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

/* All bytes, from 0 to 255, each with `flip` flipped; and which bits any of them has. */
struct bytes_sum {
	uint64_t sum;
	uint8_t seen;
};

static struct bytes_sum bytes_sum(const uint8_t *bytes, size_t count, uint8_t flip)
{
	struct bytes_sum result = {0};
	size_t i = 0;

#if defined(__x86_64__)
	const __m128i flips = _mm_set1_epi8((char)flip);
	__m128i sums[2] = {_mm_setzero_si128(), _mm_setzero_si128()};
	__m128i seen = _mm_setzero_si128();
	uint64_t lanes[2];
	uint8_t bits[16];

	for (; i + 32 <= count; i += 32)
		for (size_t k = 0; k < 2; k++) {
			const void *from = bytes + i + 16 * k;
			const __m128i some = _mm_xor_si128(_mm_loadu_si128(from), flips);

			sums[k] = _mm_add_epi64(sums[k], _mm_sad_epu8(some, _mm_setzero_si128()));
			seen = _mm_or_si128(seen, some);
		}
	_mm_storeu_si128((void *)lanes, _mm_add_epi64(sums[0], sums[1]));
	_mm_storeu_si128((void *)bits, seen);
	result.sum = lanes[0] + lanes[1];
	for (size_t k = 0; k < sizeof(bits); k++)
		result.seen |= bits[k];
#endif
	for (; i < count; i++) {
		result.sum += bytes[i] ^ flip;
		result.seen |= bytes[i] ^ flip;
	}
	return result;
}

static double uint8_sum(const void *data, size_t count)
{
	return (double)bytes_sum(data, count, 0).sum;
}

/* With its sign flipped a byte is 128 more than it was. */
static double int8_sum(const void *data, size_t count)
{
	return (double)bytes_sum(data, count, 0x80).sum - 128 * (double)count;
}

ROW(int8, int8_t, "%" PRId8);
INTEGER(int16, int16_t, int32_t, int64_t, "%" PRId16);
INTEGER(int32, int32_t, int64_t, int64_t, "%" PRId32);
INTEGER(int64, int64_t, uint64_t, uint64_t, "%" PRId64);
ROW(uint8, uint8_t, "%" PRIu8);
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
	const struct bytes_sum result = bytes_sum(data, count, 0);

	return result.seen > 1 ? (double)NAN : (double)result.sum;
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
