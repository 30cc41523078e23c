/* SPDX-License-Identifier: MIT */
/* What must be true of the lines of foreign programs. */
#include "tests/support/drive_pair_line.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/must.h"

/* Printable, or at least no control character. */
static void check_text(const char *text)
{
	for (; *text; text++)
		must((unsigned char)*text >= ' ' && *text != 127);
}

static void check_line(const struct pair_line *line)
{
	must(line->verb <= PAIR_ERROR);
	must(memchr(line->text, '\0', sizeof(line->text)) != NULL);
	if (line->verb == PAIR_ERROR)
		check_text(line->text);
	if (line->verb == PAIR_READY)
		must(strlen(line->text) < CARRIER_ADDRESS_BYTES && !strchr(line->text, ' '));
	if (line->verb == PAIR_SAMPLE)
		must(line->number > 0 && line->number <= UINT64_C(86400000000000));
	must(pair_line_has(line, PAIR_MAKE) == pair_line_has(line, PAIR_ENCODE));
	must(pair_line_has(line, PAIR_REQUEST_MAKE) == pair_line_has(line, PAIR_REQUEST_ENCODE));
	for (size_t i = 0; i < PAIR_FIELDS; i++)
		must(pair_line_has(line, (enum pair_field)i) || line->fields[i] == 0);
}

static void check_outcome(int status, const struct pair_line *line, const struct err *err)
{
	if (status >= 0) {
		check_line(line);
		return;
	}
	must(err->kind == ERR_PROTOCOL && err->message[0]);
	check_text(err->message);
}

int drive_pair_line(struct pair_line *line, const void *text, size_t size, struct err *err)
{
	char *copy = exact_copy(text, size);
	int status = pair_line_parse(line, copy, size, err);

	free(copy);
	check_outcome(status, line, err);
	return status;
}

int drive_pair_lines(struct pair_lines *lines, struct pair_line *line, struct err *err)
{
	int status = pair_lines_take(lines, line, err);

	if (status != 0)
		check_outcome(status, line, err);
	return status;
}

size_t drive_pair_add(struct pair_lines *lines, const void *bytes, size_t size)
{
	size_t room;
	char *space = pair_lines_space(lines, &room);

	must(room > 0);
	size = size < room ? size : room;
	memcpy(space, bytes, size);
	lines->used += size;
	return size;
}
