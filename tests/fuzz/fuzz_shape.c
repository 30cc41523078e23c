/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the readers of shapes. The one for people takes what the other takes, and what its
 * errors suggest is a shape.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/type_read.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_shape.h"

#define SUGGESTION_BYTES 80 /* longer ones may have been cut */

/* What stands behind "write" in the message, and is no example. NULL if nothing does. */
static const char *suggestion_of(const char *message)
{
	static const char *const before[] = {"is malformed: write ", "for one write ",
					     "count elements; write "};

	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		const char *found = strstr(message, before[i]);

		found = found ? found + strlen(before[i]) : NULL;
		if (found && strncmp(found, "extents", 7) != 0)
			return found;
	}
	return NULL;
}

static void check_suggestion(const char *message)
{
	const char *suggestion = suggestion_of(message);
	size_t length = suggestion ? strcspn(suggestion, " ") : 0;
	char text[SUGGESTION_BYTES];
	struct array_type type;

	if (!suggestion || length >= sizeof(text))
		return;
	(void)snprintf(text, sizeof(text), "%.*s", (int)length, suggestion);
	must(array_type_parse(text, DTYPE_FLOAT64, &type, NULL) == 0);
}

static void check_read(const char *text)
{
	struct array_type parsed;
	struct array_type read;
	struct err err = {0};
	int status = array_type_parse(text, DTYPE_FLOAT64, &parsed, NULL);

	must(type_item_length(text) <= strlen(text));
	must(type_read(text, DTYPE_FLOAT64, &read, &err) == status);
	if (status == 0)
		must(array_type_equal(&parsed, &read));
	else
		must(err.kind == ERR_USAGE && err.message[0]);
	check_suggestion(err.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = exact_text(data, size);
	struct shape shape;
	struct err err = {0};

	(void)drive_shape(text, &shape, &err);
	check_read(text);
	free(text);
	return 0;
}
