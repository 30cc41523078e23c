/* SPDX-License-Identifier: MIT */
/* What must be true of reading rows of decimal text, whichever way. */
#include "tests/support/drive_decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/must.h"

const struct decimal_kernel *decimal_portable(void)
{
	return &decimal_kernels[decimal_kernel_count - 1];
}

void drive_decimal(const struct decimal_kernel *kernel, const char *text, size_t before,
		   size_t size, const struct decimal_rows *rows, struct decimal_reading *reading)
{
	struct decimal_text at = {.begin = text, .at = text + before, .end = text + size};

	must(rows->count <= DECIMAL_COUNT_MAX);
	reading->count = kernel->parse_rows(&at, reading->values, rows);
	reading->at = (size_t)(at.at - text);
	must(reading->count <= rows->count && reading->at >= before && reading->at <= size);
	must(reading->count ? reading->at > before && reading->at < size : reading->at == before);
}

const char *decimal_difference(const struct decimal_reading *got,
			       const struct decimal_reading *want)
{
	static char words[100];

	if (got->count != want->count || got->at != want->at) {
		(void)snprintf(words, sizeof(words), "%zu numbers to byte %zu, not %zu to %zu",
			       got->count, got->at, want->count, want->at);
		return words;
	}
	for (size_t i = 0; i < got->count; i++) {
		if (memcmp(&got->values[i], &want->values[i], sizeof(double)) != 0 &&
		    !(isnan(got->values[i]) && isnan(want->values[i]))) {
			(void)snprintf(words, sizeof(words), "number %zu is %a, not %a", i,
				       got->values[i], want->values[i]);
			return words;
		}
	}
	return NULL;
}
