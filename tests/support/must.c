/* SPDX-License-Identifier: MIT */
/* What must hold, and copies of which nothing may be read past the end. */
#include "tests/support/must.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void must_fail(const char *file, int line, const char *condition)
{
	(void)printf("not ok must: %s:%d: %s\n", file, line, condition);
	(void)fflush(stdout);
	abort();
}

void *exact_copy(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	must(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

char *exact_text(const void *data, size_t size)
{
	char *text = malloc(size + 1);

	must(text != NULL);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}
