/* SPDX-License-Identifier: MIT */
/* The arrays that are sent, and what their takers check them against. */
#include "bench/worker/source.h"

#include <math.h>
#include <string.h>

#include "bench/text/hash.h"
#include "bench/worker/smooth.h"

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

/* Some of an array's elements, from the start of a block on. */
struct source_part {
	uint64_t first_block;
	void *elements;
	size_t count;
};

/* How many elements a block of the array has: the last one may be short. */
static size_t source_block_count(const struct array *array, size_t block)
{
	size_t whole = elements_a_block(array->type.dtype);
	size_t left = array->count - block * whole;

	return left < whole ? left : whole;
}

/* The elements of an exchange's array, from the start of a block on; of a file's, its own. */
static void source_fill(const struct source_stream *stream, uint64_t exchange, enum dtype dtype,
			struct source_part part)
{
	const struct normal_stream normal = source_normal(stream, exchange);
	size_t bytes = dtype_table[dtype].bytes;

	if (stream->data == DATA_FILE)
		memcpy(part.elements,
		       (const char *)stream->file->data + part.first_block * ELEMENTS_BLOCK_BYTES,
		       part.count * bytes);
	else if (stream->data == DATA_SMOOTH)
		smooth_draw(dtype, &normal, part.first_block, part.elements, part.count);
	else
		elements_table[dtype]->draw(&normal, part.first_block, part.elements, part.count);
}

/* An exchange's new values for a `ready` array: one for every block, in order. */
struct source_values {
	enum dtype dtype;
	enum data_kind data;
	uint64_t exchange;
	union source_block block;
};

/* Elements of the file, each drawn from all that it has. */
static void source_pick(const struct source_stream *stream, uint64_t exchange, uint64_t block,
			struct source_values *values)
{
	const struct normal_stream normal = source_normal(stream, exchange);
	size_t bytes = dtype_table[values->dtype].bytes;
	size_t count = elements_a_block(values->dtype);
	uint64_t words[ELEMENTS_BLOCK_BYTES / sizeof(uint64_t)];
	size_t a_draw = sizeof(words) / sizeof(words[0]);

	for (size_t i = 0; i < count; i++) {
		const char *file = stream->file->data;

		if (i % a_draw == 0)
			normal_fill_words(&normal, block * (count / a_draw) + i / a_draw, words,
					  sizeof(words));
		memcpy(values->block.bytes + i * bytes,
		       file + words[i % a_draw] % stream->file->count * bytes, bytes);
	}
}

/* The values whose first is for that block. */
static void source_values_draw(const struct source_stream *stream, uint64_t first_block,
			       struct source_values *values)
{
	size_t whole = elements_a_block(values->dtype);

	values->data = stream->data;
	if (stream->data == DATA_FILE)
		source_pick(stream, values->exchange, first_block / whole, values);
	else
		source_fill(stream, values->exchange, values->dtype,
			    (struct source_part){first_block / whole, &values->block, whole});
}

/*
 * The last bit, but of wide elements one that lossy encodings keep: float16 holds ten bits of a
 * float's fraction, cJSON's numbers lack the last ones of 8 bytes.
 */
static unsigned source_turning_bit(enum dtype dtype)
{
	if (dtype == DTYPE_FLOAT64)
		return 52 - 10;
	if (dtype == DTYPE_FLOAT32)
		return 23 - 10;
	return dtype_table[dtype].bytes == sizeof(uint64_t) ? 12 : 0;
}

/*
 * Copies one of them to its place. Where there are so few values that the next exchange would
 * often have the same, a bit takes turns: a stale array is never the one that is due.
 */
static void source_put(const struct source_values *values, size_t index, void *to, size_t to_index)
{
	size_t bytes = dtype_table[values->dtype].bytes;
	unsigned char *at = (unsigned char *)to + to_index * bytes;
	unsigned turning = source_turning_bit(values->dtype);
	unsigned bit = 1u << turning % 8;

	memcpy(at, values->block.bytes + index * bytes, bytes);
	if (bytes >= sizeof(uint32_t) && values->data == DATA_RANDOM)
		return;
	at += turning / 8;
	*at = (unsigned char)((*at & ~bit) | (values->exchange & 1 ? bit : 0));
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
	source_fill(stream, SOURCE_BASE, array->type.dtype,
		    (struct source_part){0, array->data, array->count});
	if (stream->kind == SOURCE_READY)
		source_refresh(stream, 0, array);
}

void source_refresh(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	size_t whole = elements_a_block(array->type.dtype);
	size_t blocks = (array->count + whole - 1) / whole;
	struct source_values values = {.dtype = array->type.dtype, .exchange = exchange};

	for (size_t block = 0; block < blocks; block++) {
		size_t position = source_position(block, source_block_count(array, block));

		if (block % whole == 0)
			source_values_draw(stream, block, &values);
		source_put(&values, block % whole, array->data, block * whole + position);
	}
}

void source_draw(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	source_fill(stream, exchange, array->type.dtype,
		    (struct source_part){0, array->data, array->count});
}

size_t source_block(const struct source_stream *stream, uint64_t exchange,
		    const struct array *array, size_t block, union source_block *out)
{
	const enum dtype dtype = array->type.dtype;
	size_t whole = elements_a_block(dtype);
	size_t count = source_block_count(array, block);
	const struct source_part part = {block, out, count};
	struct source_values values = {.dtype = dtype, .exchange = exchange};

	if (stream->kind == SOURCE_FRESH) {
		source_fill(stream, exchange, dtype, part);
		return count;
	}
	source_values_draw(stream, block, &values);
	source_fill(stream, SOURCE_BASE, dtype, part);
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
