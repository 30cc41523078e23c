/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reading of rows of numbers. The first four bytes choose the rows and how much
 * of the text lies before them; every way that this processor has must read what the
 * portable one does, and as much of it.
 */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_decimal.h"

#define COUNT_MAX 128

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct decimal_reading want;
	static struct decimal_reading got;
	struct decimal_rows rows;
	char *text;
	size_t before;

	if (size < 4)
		return 0;
	rows.each = data[0] % COUNT_MAX + 1u;
	rows.left = data[1] % rows.each + 1u;
	rows.count = data[2] % COUNT_MAX + 1u;
	before = data[3] % (size - 3);
	text = exact_copy(data + 4, size - 4);
	drive_decimal(decimal_portable(), text, before, size - 4, &rows, &want);
	for (size_t i = 0; i + 1 < decimal_kernel_count; i++) {
		if (!decimal_kernels[i].usable())
			continue;
		drive_decimal(&decimal_kernels[i], text, before, size - 4, &rows, &got);
		must(!decimal_difference(&got, &want));
	}
	free(text);
	return 0;
}
