/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what a foreign program says: as one line, and as bytes that come in
 * pieces of which the first byte decides the size.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/wire/pair_lines.h"
#include "tests/fuzz/fuzz.h"

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
	for (size_t i = 0; i < PAIR_FIELDS; i++)
		must(pair_line_has(line, (enum pair_field)i) || line->fields[i] == 0);
}

static void check_error(const struct err *err)
{
	must(err->kind == ERR_PROTOCOL && err->message[0]);
	check_text(err->message);
}

static void fuzz_line(const uint8_t *data, size_t size)
{
	struct pair_line line;
	struct err err = {0};
	char *text = fuzz_copy(data, size);

	if (pair_line_parse(&line, text, size, &err) == 0)
		check_line(&line);
	else
		check_error(&err);
	free(text);
}

static void fuzz_pieces(const uint8_t *data, size_t size, size_t piece)
{
	static struct pair_lines lines;
	struct pair_line line;
	struct err err = {0};
	int status = 0;

	lines.used = 0;
	while (size && status >= 0) {
		size_t room;
		char *space = pair_lines_space(&lines, &room);
		size_t bytes = piece < room ? piece : room;

		bytes = bytes < size ? bytes : size;
		must(bytes > 0);
		memcpy(space, data, bytes);
		lines.used += bytes;
		data += bytes;
		size -= bytes;
		while ((status = pair_lines_take(&lines, &line, &err)) == 1)
			check_line(&line);
	}
	if (status < 0)
		check_error(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_line(data, size);
	if (size)
		fuzz_pieces(data + 1, size - 1, data[0] + 1u);
	return 0;
}
