/* SPDX-License-Identifier: MIT */
/*
 * Formats, or parses, the array that http+json sends, alone on one core: what
 * its pipeline of the two cannot beat is the slower one. "charconv" is formatting
 * by C++'s standard library, which is what a programmer has at hand.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/stats/hist.h"
#include "bench/worker/source.h"
#include "transports/array.h"
#include "transports/encodings/decimal/decimal.h"
#include "transports/memory.h"

#define ROW_COUNT 2048u /* values a call: their text stays in the L2 cache, as a block's does */

enum stage {
	STAGE_FORMAT,
	STAGE_PARSE,
	STAGE_CHARCONV,
	STAGES,
};

static const char *const stage_names[STAGES] = {"format", "parse", "charconv"};

/* tests/speed/decimal_charconv.cpp */
size_t charconv_format(double value, char *out);

/* As decimal_format_row. */
static size_t charconv_format_row(const double *values, size_t count, char *out)
{
	char *at = out;

	for (size_t i = 0; i < count; i++) {
		at += charconv_format(values[i], at);
		*at++ = ',';
	}
	return (size_t)(at - out) - 1;
}

/* Reads a row that was written, which cannot fail. */
static void read_back(char *row, size_t length, size_t count)
{
	static double back[ROW_COUNT];
	const struct decimal_rows rows = {.left = count, .each = count, .count = count};
	struct decimal_text text = {.begin = row, .at = row, .end = row + length + 1};

	row[length] = ']';
	if (decimal_parse_rows(&text, back, &rows) != count)
		abort();
}

/* What one stage takes for a row of values. */
static uint64_t row_once(const double *values, size_t count, enum stage stage)
{
	static char text[ROW_COUNT * (DECIMAL_MAX_BYTES + 1)];
	uint64_t start_ns = clock_now_ns();
	const size_t length = stage == STAGE_CHARCONV ? charconv_format_row(values, count, text) :
							decimal_format_row(values, count, text);

	if (stage == STAGE_PARSE) {
		start_ns = clock_now_ns();
		read_back(text, length, count);
	}
	return clock_now_ns() - start_ns;
}

static uint64_t array_once(const struct array *array, enum stage stage)
{
	const double *values = array->data;
	uint64_t sum_ns = 0;

	for (size_t i = 0; i < array->count; i += ROW_COUNT) {
		const size_t left = array->count - i;

		sum_ns += row_once(values + i, left < ROW_COUNT ? left : ROW_COUNT, stage);
	}
	return sum_ns;
}

/* The array changes and is read between exchanges, as verification has it. */
static uint64_t stage_median_ns(struct array *array, enum stage stage, size_t exchanges)
{
	static struct hist hist;
	const struct source_stream stream = {.kind = SOURCE_READY, .seed = 1};

	source_prepare(&stream, array);
	for (size_t i = 0; i <= exchanges; i++) {
		const uint64_t ns = array_once(array, stage);

		if (i > 0) /* the first warms up */
			hist_record(&hist, ns);
		source_refresh(&stream, i + 1, array);
		(void)source_hash(array);
	}
	return hist_percentile(&hist, 50);
}

/* An array of so many bytes, given as text. Returns false if there is none. */
static bool array_map(struct array *array, const char *bytes, struct err *err)
{
	struct shape shape;
	char text[32];

	(void)snprintf(text, sizeof(text), "%llu", strtoull(bytes, NULL, 10) / sizeof(double));
	if (shape_parse(text, &shape, err) != 0)
		return false;
	*array = array_describe(&(struct array_type){shape, DTYPE_FLOAT64});
	return memory_map(array->bytes, PAGES_SMALL, true, &array->data, err) == 0;
}

int main(int argc, char **argv)
{
	enum stage stage = STAGE_FORMAT;
	struct array array = {0};
	struct err err = {0};

	while (argc == 4 && stage < STAGES && strcmp(argv[1], stage_names[stage]) != 0)
		stage++;
	if (argc != 4 || stage == STAGES) {
		(void)fprintf(stderr, "usage: alone format|parse|charconv BYTES EXCHANGES; "
				      "prints the median in ns\n");
		return 2;
	}
	if (!array_map(&array, argv[2], &err)) {
		(void)fprintf(stderr, "alone: %s\n", err.message);
		return 1;
	}
	(void)printf("%" PRIu64 "\n", stage_median_ns(&array, stage, strtoull(argv[3], NULL, 10)));
	memory_unmap(array.data, array.bytes);
	return 0;
}
