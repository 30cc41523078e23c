/* SPDX-License-Identifier: MIT */
/* float64: standard normals with 52 random bits of mantissa. */
#include <stdio.h>

#include "bench/worker/elements.h"

_Static_assert(NORMAL_BLOCK_COUNT * sizeof(double) == ELEMENTS_BLOCK_BYTES, "one block is one");

static void float64_draw(const struct normal_stream *stream, uint64_t first_block, void *elements,
			 size_t count)
{
	normal_fill(stream, first_block, elements, count);
}

static double float64_sum(const void *data, size_t count)
{
	const double *elements = data;
	double sums[8] = {0};
	size_t i = 0;
	double sum = 0;

	/* Eight sums in flight, or the chain of additions would be slower than memory. */
	for (; i + 8 <= count; i += 8)
		for (size_t lane = 0; lane < 8; lane++)
			sums[lane] += elements[i + lane];
	for (; i < count; i++)
		sum += elements[i];
	for (size_t lane = 0; lane < 8; lane++)
		sum += sums[lane];
	return sum;
}

static double float64_value(const void *elements, size_t index)
{
	return ((const double *)elements)[index];
}

static char *float64_format(const void *elements, size_t index, char text[ELEMENT_TEXT_BYTES])
{
	(void)snprintf(text, ELEMENT_TEXT_BYTES, "%.17g", float64_value(elements, index));
	return text;
}

const struct elements elements_float64 = {
	.draw = float64_draw,
	.sum = float64_sum,
	.value = float64_value,
	.format = float64_format,
};
