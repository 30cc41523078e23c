/* SPDX-License-Identifier: MIT */
/* A field that varies slowly, with a little noise. */
#include "bench/worker/smooth.h"

#include <string.h>

#include "bench/worker/elements.h"
#include "transports/narrow.h"

#define WAVES 4
#define PARAMETER_BLOCK (UINT64_C(1) << 55) /* of the stream; no array has so many */
#define LEVELS 4096

/* Phases are in 2^-32 of a turn. */
struct wave {
	uint32_t start, along, across; /* at the first element; more for each element, each row */
};

struct field {
	struct wave waves[WAVES];
	uint32_t noise;
};

/* Along a row a wave is 60 to 2048 elements long, across rows 32 rows or more. */
static struct field field_of(const struct normal_stream *stream)
{
	struct field field;
	uint32_t words[3 * WAVES + 4];

	normal_fill_words(stream, PARAMETER_BLOCK, words, sizeof(words));
	for (size_t i = 0; i < WAVES; i++)
		field.waves[i] = (struct wave){
			.start = words[3 * i],
			.along = (UINT32_C(1) << 21) + (words[3 * i + 1] >> (6 + (WAVES - 1 - i))),
			.across = (words[3 * i + 2] >> 4) - (UINT32_C(1) << 27),
		};
	field.noise = words[3 * WAVES];
	return field;
}

/* A parabola up and one down for each turn, -2^28 to 2^28. */
static int32_t wave_at(uint32_t phase)
{
	int32_t turn = (int32_t)(phase >> 16) - 32768;
	int32_t size = turn < 0 ? -turn : turn;

	return turn * (32768 - size);
}

/* 0 to 3, without a pattern. */
static uint32_t noise_at(uint32_t seed, uint32_t row, uint32_t column)
{
	uint32_t mixed = (seed ^ row * UINT32_C(0x9e3779b1)) + column * UINT32_C(0x85ebca77);

	mixed = (mixed ^ mixed >> 15) * UINT32_C(0x2c1b3c6d);
	return (mixed ^ mixed >> 13) >> 30;
}

/* Each wave is half as high as the one before, and the last two are the same: they fill it. */
static uint32_t level_at(const struct field *field, uint32_t row, uint32_t column)
{
	static const unsigned halvings[WAVES] = {1, 2, 3, 3};
	int32_t sum = INT32_C(1) << 28;
	uint32_t level;

	for (size_t i = 0; i < WAVES; i++) {
		const struct wave *wave = &field->waves[i];

		sum += wave_at(wave->start + row * wave->across + column * wave->along) /
		       (1 << halvings[i]);
	}
	level = ((uint32_t)sum >> 17) + noise_at(field->noise, row, column);
	return level < LEVELS ? level : LEVELS - 1;
}

static void put_integer(const struct dtype_row *row, uint32_t level, unsigned char *to)
{
	const uint32_t narrow = row->bytes == 1 ? level >> 4 : level;
	const uint32_t middle = row->bytes == 1 ? LEVELS / 32 : LEVELS / 2;
	const int64_t value = (int64_t)narrow - (row->kind == DTYPE_SIGNED ? (int64_t)middle : 0);

	for (size_t i = 0; i < row->bytes; i++)
		to[i] = (unsigned char)((uint64_t)value >> 8 * i);
}

/* Each of these numbers is one of the type: none is rounded. */
static void put_float(enum dtype dtype, uint32_t level, unsigned char *to)
{
	const double value = (level >> 1) / (LEVELS / 2.0);
	const float single = (float)value;
	const uint16_t half = dtype == DTYPE_BFLOAT16 ? bfloat16_round((level >> 4) / 256.0) :
							float16_round(value);

	if (dtype == DTYPE_FLOAT64)
		memcpy(to, &value, sizeof(value));
	else if (dtype == DTYPE_FLOAT32)
		memcpy(to, &single, sizeof(single));
	else
		memcpy(to, &half, sizeof(half));
}

void smooth_draw(enum dtype dtype, const struct normal_stream *stream, uint64_t first_block,
		 void *elements, size_t count)
{
	const struct dtype_row *row = &dtype_table[dtype];
	const struct field field = field_of(stream);
	const size_t width = elements_a_block(dtype);
	unsigned char *to = elements;

	for (size_t i = 0; i < count; i++, to += row->bytes) {
		uint32_t level = level_at(&field, (uint32_t)(first_block + i / width),
					  (uint32_t)(i % width));

		if (row->kind == DTYPE_FLOAT)
			put_float(dtype, level, to);
		else if (row->kind == DTYPE_TRUTH)
			*to = (unsigned char)(level >= LEVELS / 2);
		else
			put_integer(row, level, to);
	}
}
