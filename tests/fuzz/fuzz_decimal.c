/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reading of rows of numbers. The first four bytes choose the rows and how much
 * of the text lies before them; every way that this processor has must read what the
 * portable one does, and as much of it.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "transports/encodings/decimal/decimal.h"

#define COUNT_MAX 128

struct reading {
	size_t count;
	size_t at;
	double values[COUNT_MAX];
};

static void read_rows(const struct decimal_kernel *kernel, const char *text, size_t before,
		      size_t size, const struct decimal_rows *rows, struct reading *reading)
{
	struct decimal_text at = {.begin = text, .at = text + before, .end = text + size};

	reading->count = kernel->parse_rows(&at, reading->values, rows);
	reading->at = (size_t)(at.at - text);
	must(reading->count <= rows->count && reading->at >= before && reading->at <= size);
	must(reading->count ? reading->at > before && reading->at < size : reading->at == before);
}

/* The same bits, but that any NaN is one. */
static bool same_values(const struct reading *a, const struct reading *b)
{
	for (size_t i = 0; i < a->count; i++)
		if (memcmp(&a->values[i], &b->values[i], sizeof(double)) != 0 &&
		    (a->values[i] == a->values[i] || b->values[i] == b->values[i]))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reading want;
	static struct reading got;
	struct decimal_rows rows;
	char *text;
	size_t before;

	if (size < 4)
		return 0;
	rows.each = data[0] % COUNT_MAX + 1u;
	rows.left = data[1] % rows.each + 1u;
	rows.count = data[2] % COUNT_MAX + 1u;
	before = data[3] % (size - 3);
	text = fuzz_copy(data + 4, size - 4);
	must(text);
	read_rows(&decimal_kernels[decimal_kernel_count - 1], text, before, size - 4, &rows, &want);
	for (size_t i = 0; i + 1 < decimal_kernel_count; i++) {
		if (!decimal_kernels[i].usable())
			continue;
		read_rows(&decimal_kernels[i], text, before, size - 4, &rows, &got);
		must(got.count == want.count && got.at == want.at && same_values(&got, &want));
	}
	free(text);
	return 0;
}
