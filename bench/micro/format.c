/* SPDX-License-Identifier: MIT */
/* Formats the array that http+json sends, alone on one core: what its pipeline cannot beat. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/clock.h"
#include "bench/hist.h"
#include "bench/source.h"
#include "transports/array.h"
#include "transports/encodings/decimal.h"
#include "transports/memory.h"

#define ROW_COUNT 2048u /* values a call: their text stays in the L2 cache, as a block's does */

static uint64_t format_once(const struct array *array, char *text)
{
	const double *values = array->data;
	uint64_t start_ns = clock_now_ns();
	size_t bytes = 0;

	for (size_t i = 0; i < array->count; i += ROW_COUNT) {
		size_t left = array->count - i;

		bytes += decimal_format_row(values + i, left < ROW_COUNT ? left : ROW_COUNT, text);
	}
	return bytes ? clock_now_ns() - start_ns : 0;
}

static uint64_t format_median_ns(struct array *array, size_t exchanges)
{
	static struct hist hist;
	static char text[ROW_COUNT * (DECIMAL_MAX_BYTES + 1)];
	struct source_stream stream = {.kind = SOURCE_READY, .seed = 1};

	source_prepare(&stream, array);
	for (size_t i = 0; i <= exchanges; i++) {
		uint64_t ns = format_once(array, text);

		if (i > 0) /* the first warms up */
			hist_record(&hist, ns);
		source_refresh(&stream, i + 1, array);
		(void)source_hash(array);
	}
	return hist_percentile(&hist, 50);
}

int main(int argc, char **argv)
{
	struct shape shape;
	struct array array;
	struct err err = {0};
	char text[32];

	if (argc != 3) {
		(void)fprintf(stderr, "usage: format BYTES EXCHANGES; prints the median in ns\n");
		return 2;
	}
	(void)snprintf(text, sizeof(text), "%llu", strtoull(argv[1], NULL, 10) / sizeof(double));
	if (shape_parse(text, &shape, &err) == 0) {
		array = array_describe(&shape, DTYPE_FLOAT64);
		(void)memory_map(array.bytes, PAGES_SMALL, true, &array.data, &err);
	}
	if (err.kind != ERR_NONE) {
		(void)fprintf(stderr, "format: %s\n", err.message);
		return 1;
	}
	(void)printf("%" PRIu64 "\n", format_median_ns(&array, strtoull(argv[2], NULL, 10)));
	memory_unmap(array.data, array.bytes);
	return 0;
}
