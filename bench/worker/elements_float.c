/* SPDX-License-Identifier: MIT */
/*
 * Floats: standard normals with 52 random bits of mantissa, and the same ones rounded to the
 * nearest that a narrower type has.
 */
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "bench/worker/elements.h"
#include "transports/narrow.h"
#include "transports/narrow_rows.h"

_Static_assert(NORMAL_BLOCK_COUNT * sizeof(double) == ELEMENTS_BLOCK_BYTES, "one block is one");

/* Rounds a block of normals into out. */
typedef void narrow_block(const double in[NORMAL_BLOCK_COUNT], void *out);

static void float32_block(const double in[NORMAL_BLOCK_COUNT], void *out)
{
	float *to = out;

	for (size_t i = 0; i < NORMAL_BLOCK_COUNT; i++)
		to[i] = (float)in[i];
}

static void float16_block(const double in[NORMAL_BLOCK_COUNT], void *out)
{
	narrow_fastest()->float16_round64(in, out, NORMAL_BLOCK_COUNT);
}

static void bfloat16_block(const double in[NORMAL_BLOCK_COUNT], void *out)
{
	narrow_fastest()->bfloat16_round64(in, out, NORMAL_BLOCK_COUNT);
}

/* Element i is the i'th normal, rounded to so many bytes. */
static void draw_narrow(const struct normal_stream *stream, uint64_t first_normals,
			narrow_block *narrow, size_t bytes, struct array out)
{
	double normals[NORMAL_BLOCK_COUNT];
	float last[NORMAL_BLOCK_COUNT];
	char *to = out.data;

	for (; out.count >= NORMAL_BLOCK_COUNT; out.count -= NORMAL_BLOCK_COUNT) {
		normal_block(stream, first_normals++, normals);
		narrow(normals, to);
		to += NORMAL_BLOCK_COUNT * bytes;
	}
	if (!out.count)
		return;
	normal_block(stream, first_normals, normals);
	narrow(normals, last);
	memcpy(to, last, out.count * bytes);
}

static void float64_draw(const struct normal_stream *stream, uint64_t first_block, void *elements,
			 size_t count)
{
	normal_fill(stream, first_block, elements, count);
}

#define DRAW_NARROW(dtype, type) \
	static void dtype##_draw(const struct normal_stream *stream, uint64_t first_block, \
				 void *elements, size_t count) \
	{ \
		draw_narrow(stream, first_block * (sizeof(double) / sizeof(type)), dtype##_block, \
			    sizeof(type), (struct array){.data = elements, .count = count}); \
	}

DRAW_NARROW(float32, float)
DRAW_NARROW(float16, uint16_t)
DRAW_NARROW(bfloat16, uint16_t)

#define SUMS_BYTES 64 /* in flight, or the chain of additions would be slower than memory */

/*
 * A row but for its drawing. A sum makes sure that each element was read and, by being finite,
 * that they are: it need not be exact. digits: so many tell any two values apart. sum_of: the
 * row's function for the sum, this one or a faster one.
 */
#define FLOAT(dtype, type, wide, value_of, digits, sum_of) \
	static double dtype##_sum(const void *data, size_t count) \
	{ \
		enum { lanes = SUMS_BYTES / sizeof(wide) }; \
		const type *elements = data; \
		wide sums[lanes] = {0}; \
		size_t i = 0; \
		double sum = 0; \
\
		for (; i + lanes <= count; i += lanes) \
			for (size_t lane = 0; lane < lanes; lane++) \
				sums[lane] += value_of(elements[i + lane]); \
		for (; i < count; i++) \
			sum += (double)value_of(elements[i]); \
		for (size_t lane = 0; lane < lanes; lane++) \
			sum += (double)sums[lane]; \
		return sum; \
	} \
\
	static double dtype##_value(const void *elements, size_t index) \
	{ \
		return (double)value_of(((const type *)elements)[index]); \
	} \
\
	static char *dtype##_format(const void *elements, size_t index, \
				    char text[ELEMENT_TEXT_BYTES]) \
	{ \
		(void)snprintf(text, ELEMENT_TEXT_BYTES, "%." #digits "g", \
			       dtype##_value(elements, index)); \
		return text; \
	} \
\
	const struct elements elements_##dtype = { \
		.draw = dtype##_draw, \
		.sum = sum_of, \
		.value = dtype##_value, \
		.format = dtype##_format, \
	}

#define AS_IT_IS(value) (value)

#if defined(__x86_64__)

/* As FLOAT's, with the processor's own conversion. */
__attribute__((target("avx,f16c"))) static double float16_sum_f16c(const void *data, size_t count)
{
	const uint16_t *elements = data;
	__m256 sums[4] = {0};
	float lanes[8];
	size_t i = 0;
	double sum = 0;

	for (; i + 32 <= count; i += 32)
		for (size_t k = 0; k < 4; k++)
			sums[k] += _mm256_cvtph_ps(_mm_loadu_si128(
				(const __m128i *)(const void *)(elements + i + 8 * k)));
	_mm256_storeu_ps(lanes, sums[0] + sums[1] + sums[2] + sums[3]);
	for (; i < count; i++)
		sum += (double)float16_widen(elements[i]);
	for (size_t k = 0; k < 8; k++)
		sum += (double)lanes[k];
	return sum;
}

#endif

FLOAT(float64, double, double, AS_IT_IS, 17, float64_sum);
FLOAT(float32, float, float, AS_IT_IS, 9, float32_sum);
static double float16_sum(const void *data, size_t count);

static double float16_sum_fastest(const void *data, size_t count)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("f16c"))
		return float16_sum_f16c(data, count);
#endif
	return float16_sum(data, count);
}

FLOAT(float16, uint16_t, float, float16_widen, 5, float16_sum_fastest);
FLOAT(bfloat16, uint16_t, float, bfloat16_widen, 4, bfloat16_sum);
