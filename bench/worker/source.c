/* SPDX-License-Identifier: MIT */
/* The arrays that are sent, and what their takers check them against. */
#include "bench/worker/source.h"

#include <math.h>
#include <string.h>

#include "bench/text/hash.h"

/* The stream of the array under all `ready` exchanges; no exchange has this number. */
#define SOURCE_BASE UINT64_MAX

/* Tells what a client sends from what it is sent: there are fewer clients. */
#define SOURCE_REQUEST UINT32_C(0x80000000)

static struct normal_stream source_normal(const struct source_stream *stream, uint64_t exchange)
{
	return (struct normal_stream){
		.seed = stream->seed,
		.client = stream->client | (stream->request ? SOURCE_REQUEST : 0),
		.exchange = exchange,
	};
}

static const struct elements *source_elements(const struct array *array)
{
	return elements_table[array->type.dtype];
}

/* How many elements a block of the array has: the last one may be short. */
static size_t source_block_count(const struct array *array, size_t block)
{
	size_t whole = elements_a_block(array->type.dtype);
	size_t left = array->count - block * whole;

	return left < whole ? left : whole;
}

/* An exchange's new values for a `ready` array: one for every block, in order. */
struct source_values {
	enum dtype dtype;
	uint64_t exchange;
	union source_block block;
};

/*
 * Copies one of them to its place. Where there are so few values that the next exchange would
 * often have the same, the last bit takes turns: a stale array is never the one that is due.
 */
static void source_put(const struct source_values *values, size_t index, void *to, size_t to_index)
{
	size_t bytes = dtype_table[values->dtype].bytes;
	unsigned char *at = (unsigned char *)to + to_index * bytes;

	memcpy(at, values->block.bytes + index * bytes, bytes);
	if (bytes < sizeof(uint32_t))
		*at = (unsigned char)((*at & ~1u) | (values->exchange & 1));
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

	source_elements(array)->draw(&normal, 0, array->data, array->count);
	if (stream->kind == SOURCE_READY)
		source_refresh(stream, 0, array);
}

void source_refresh(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	struct normal_stream normal = source_normal(stream, exchange);
	size_t whole = elements_a_block(array->type.dtype);
	size_t blocks = (array->count + whole - 1) / whole;
	struct source_values values = {.dtype = array->type.dtype, .exchange = exchange};

	for (size_t block = 0; block < blocks; block++) {
		size_t position = source_position(block, source_block_count(array, block));

		if (block % whole == 0)
			source_elements(array)->draw(&normal, block / whole, &values.block, whole);
		source_put(&values, block % whole, array->data, block * whole + position);
	}
}

void source_draw(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	struct normal_stream normal = source_normal(stream, exchange);

	source_elements(array)->draw(&normal, 0, array->data, array->count);
}

size_t source_block(const struct source_stream *stream, uint64_t exchange,
		    const struct array *array, size_t block, union source_block *out)
{
	const struct elements *elements = source_elements(array);
	struct normal_stream normal = source_normal(stream, exchange);
	size_t whole = elements_a_block(array->type.dtype);
	size_t count = source_block_count(array, block);
	struct source_values values = {.dtype = array->type.dtype, .exchange = exchange};

	if (stream->kind == SOURCE_FRESH) {
		elements->draw(&normal, block, out, whole);
		return count;
	}
	elements->draw(&normal, block / whole, &values.block, whole);
	normal.exchange = SOURCE_BASE;
	elements->draw(&normal, block, out, whole);
	source_put(&values, block % whole, out, source_position(block, count));
	return count;
}

uint64_t source_hash(const struct array *array)
{
	return hash_bytes(array->data, array->bytes);
}

static bool source_within(double expected, double got, const struct encoding_loss *loss)
{
	const double allowed = loss->tolerance * fmax(fabs(expected), fabs(got));

	/* The distance to an infinity is infinite, and so is what a tolerance would allow there. */
	return loss->tolerance > 0 && isfinite(got) &&
	       fabs(expected - got) <= fmax(allowed, loss->tolerance_near_0);
}

/* Counts what differs in a block whose first element is number start of the array. */
static void source_compare_block(const struct array *array, size_t start, size_t count,
				 const union source_block *block,
				 const struct encoding_loss *loss,
				 struct source_difference *difference)
{
	const struct elements *elements = source_elements(array);
	size_t bytes = dtype_table[array->type.dtype].bytes;
	const char *got = (const char *)array->data + start * bytes;
	const char *expected = (const char *)block;

	for (size_t i = 0; i < count; i++) {
		double want = elements->value(expected, i);
		double is = elements->value(got, i);

		if (memcmp(expected + i * bytes, got + i * bytes, bytes) == 0)
			continue;
		difference->inexact++;
		difference->largest = fmax(difference->largest, fabs(want - is));
		if (source_within(want, is, loss) || difference->wrong++ > 0)
			continue;
		difference->first = start + i;
		(void)elements->format(expected, i, difference->expected);
		(void)elements->format(got, i, difference->got);
	}
}

struct source_difference source_compare(const struct source_stream *stream, uint64_t exchange,
					const struct array *array,
					const struct encoding_loss *loss)
{
	struct source_difference difference = {0};
	size_t whole = elements_a_block(array->type.dtype);
	size_t bytes = dtype_table[array->type.dtype].bytes;
	union source_block expected;

	for (size_t start = 0; start < array->count; start += whole) {
		const char *got = (const char *)array->data + start * bytes;
		size_t count = source_block(stream, exchange, array, start / whole, &expected);

		if (memcmp(&expected, got, count * bytes) != 0)
			source_compare_block(array, start, count, &expected, loss,
					     &difference);
	}
	return difference;
}

static int source_explain(const struct array *array, const struct source_difference *difference,
			  struct err *err)
{
	char index[ARRAY_SHAPE_TEXT_BYTES];

	(void)shape_format_index(&array->type.shape, difference->first, index);
	return err_set(err, ERR_WRONG,
		       "element %.120s is %s, expected %s; %zu of %zu elements differ, by up "
		       "to %.3g",
		       index, difference->got, difference->expected, difference->wrong,
		       array->count, difference->largest);
}

int source_verify(const struct source_stream *stream, uint64_t exchange,
		  const struct array *array, const struct encoding_loss *loss, struct err *err)
{
	struct source_difference difference = source_compare(stream, exchange, array, loss);

	if (difference.wrong)
		return source_explain(array, &difference, err);
	return difference.inexact == 0;
}
