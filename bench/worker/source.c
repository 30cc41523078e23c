/* SPDX-License-Identifier: MIT */
/* The arrays that servers send, and what clients check them against. */
#include "bench/worker/source.h"

#include <math.h>
#include <string.h>

#include "bench/text/hash.h"

/* The stream of the array under all `ready` exchanges; no exchange has this number. */
#define SOURCE_BASE UINT64_MAX

static struct normal_stream source_normal(const struct source_stream *stream, uint64_t exchange)
{
	return (struct normal_stream){
		.seed = stream->seed, .client = stream->client, .exchange = exchange};
}

static size_t source_block_count(size_t count, size_t block)
{
	size_t left = count - block * NORMAL_BLOCK_COUNT;

	return left < NORMAL_BLOCK_COUNT ? left : NORMAL_BLOCK_COUNT;
}

/*
 * Which element of a `ready` block changes: Fibonacci hashing spreads it over the
 * lines of a page.
 */
static size_t source_position(size_t block, size_t block_count)
{
	return (size_t)((block * 0x9E3779B97F4A7C15u) >> 40) % block_count;
}

void source_prepare(const struct source_stream *stream, struct array *array)
{
	struct normal_stream normal = source_normal(stream, SOURCE_BASE);

	normal_fill(&normal, 0, array->data, array->count);
	if (stream->kind == SOURCE_READY)
		source_refresh(stream, 0, array);
}

void source_refresh(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	struct normal_stream normal = source_normal(stream, exchange);
	double *elements = array->data;
	double values[NORMAL_BLOCK_COUNT];
	size_t blocks = (array->count + NORMAL_BLOCK_COUNT - 1) / NORMAL_BLOCK_COUNT;

	for (size_t block = 0; block < blocks; block++) {
		size_t count = source_block_count(array->count, block);

		if (block % NORMAL_BLOCK_COUNT == 0)
			normal_block(&normal, block / NORMAL_BLOCK_COUNT, values);
		elements[block * NORMAL_BLOCK_COUNT + source_position(block, count)] =
			values[block % NORMAL_BLOCK_COUNT];
	}
}

void source_draw(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	struct normal_stream normal = source_normal(stream, exchange);

	normal_fill(&normal, 0, array->data, array->count);
}

size_t source_block(const struct source_stream *stream, uint64_t exchange, size_t count,
		    size_t block, double out[NORMAL_BLOCK_COUNT])
{
	struct normal_stream normal = source_normal(stream, exchange);
	double values[NORMAL_BLOCK_COUNT];
	size_t block_count = source_block_count(count, block);

	if (stream->kind == SOURCE_FRESH) {
		normal_block(&normal, block, out);
		return block_count;
	}
	normal_block(&normal, block / NORMAL_BLOCK_COUNT, values);
	normal.exchange = SOURCE_BASE;
	normal_block(&normal, block, out);
	out[source_position(block, block_count)] = values[block % NORMAL_BLOCK_COUNT];
	return block_count;
}

uint64_t source_hash(const struct array *array)
{
	return hash_bytes(array->data, array->bytes);
}

static bool source_within(double expected, double got, double tolerance)
{
	/* The distance to an infinity is infinite, and so is what a tolerance would allow there. */
	return tolerance > 0 && isfinite(got) &&
	       fabs(expected - got) <= tolerance * fmax(fabs(expected), fabs(got));
}

struct source_difference source_compare(const struct source_stream *stream, uint64_t exchange,
					const struct array *array, double tolerance)
{
	struct source_difference difference = {0};
	double expected[NORMAL_BLOCK_COUNT];

	for (size_t start = 0; start < array->count; start += NORMAL_BLOCK_COUNT) {
		const double *got = (const double *)array->data + start;
		size_t count = source_block(stream, exchange, array->count,
					    start / NORMAL_BLOCK_COUNT, expected);

		if (memcmp(expected, got, count * sizeof(double)) == 0)
			continue;
		for (size_t i = 0; i < count; i++) {
			if (memcmp(&expected[i], &got[i], sizeof(double)) == 0)
				continue;
			difference.inexact++;
			difference.largest = fmax(difference.largest, fabs(expected[i] - got[i]));
			if (source_within(expected[i], got[i], tolerance))
				continue;
			if (difference.wrong++ == 0) {
				difference.first = start + i;
				difference.expected = expected[i];
				difference.got = got[i];
			}
		}
	}
	return difference;
}
