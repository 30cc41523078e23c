/* SPDX-License-Identifier: MIT */
/* Fuzzes the reader of shapes: what it takes must be written, and read again, as the same. */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "transports/array.h"

static void check_shape(const struct shape *shape)
{
	struct array array = array_describe(&(struct array_type){*shape, DTYPE_FLOAT64});
	char text[ARRAY_SHAPE_TEXT_BYTES];
	struct shape again;

	must(shape->dimensions >= 1 && shape->dimensions <= ARRAY_DIMENSIONS_MAX);
	must(array.bytes == array.count * 8 && array.bytes <= INT64_MAX);
	must(strlen(shape_format(shape, text)) < sizeof(text) - 1);
	must(shape_parse(text, &again, NULL) == 0 && shape_equal(shape, &again));
	if (array.count)
		must(shape_format_index(shape, array.count - 1, text)[0] == '[');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct shape shape;
	struct err err = {0};

	if (shape_parse(text, &shape, &err) == 0)
		check_shape(&shape);
	else
		must(err.kind == ERR_USAGE && err.message[0]);
	free(text);
	return 0;
}
