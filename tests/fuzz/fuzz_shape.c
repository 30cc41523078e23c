/* SPDX-License-Identifier: MIT */
/* Fuzzes the reader of shapes. */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_shape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = exact_text(data, size);
	struct shape shape;
	struct err err = {0};

	(void)drive_shape(text, &shape, &err);
	free(text);
	return 0;
}
