/* SPDX-License-Identifier: MIT */
/* What must be true of shape_parse. */
#include "tests/support/drive_shape.h"

#include <stdint.h>
#include <string.h>

#include "tests/support/must.h"

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

int drive_shape(const char *text, struct shape *shape, struct err *err)
{
	int status = shape_parse(text, shape, err);

	if (status == 0)
		check_shape(shape);
	else
		must(!err || (err->kind == ERR_USAGE && err->message[0]));
	return status;
}
