/* SPDX-License-Identifier: MIT */
/* The setup screen's choice as the command that does the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/ui/picker.h"
#include "tui/ui/picker_options.h"

/* Text that stops growing when it is full. */
struct line {
	char *text;
	size_t size, used;
};

static void line_add(struct line *line, const char *text)
{
	int written = snprintf(line->text + line->used, line->size - line->used, "%s", text);

	line->used += (size_t)written;
	if (line->used >= line->size)
		line->used = line->size - 1;
}

static bool row_equal(const struct picker *picker, size_t a, size_t b)
{
	for (size_t s = 0; s < picker->type_count; s++)
		if (picker->cells[a][s].on != picker->cells[b][s].on)
			return false;
	return true;
}

static bool row_on(const struct picker *picker, size_t row)
{
	for (size_t s = 0; s < picker->type_count; s++)
		if (picker->cells[row][s].on)
			return true;
	return false;
}

/* Whether a row above has the same shapes: that row's command names this one, too. */
static bool row_covered(const struct picker *picker, size_t row)
{
	for (size_t t = 0; t < row; t++)
		if (row_equal(picker, t, row))
			return true;
	return false;
}

static void command_transports(const struct picker *picker, size_t row, struct line *line)
{
	char name[TRANSPORT_NAME_BYTES];
	const char *before = " -t ";

	for (size_t t = row; t < picker->transport_count; t++) {
		if (!row_equal(picker, t, row))
			continue;
		line_add(line, before);
		line_add(line, transport_format(&picker->transports[t], name));
		before = ",";
	}
}

static void command_shapes(const struct picker *picker, size_t row, struct line *line)
{
	char shape[ARRAY_TYPE_TEXT_BYTES];
	const char *before = " -s ";

	for (size_t s = 0; s < picker->type_count; s++) {
		if (!picker->cells[row][s].on)
			continue;
		line_add(line, before);
		line_add(line, array_type_format(&picker->types[s], shape));
		before = ",";
	}
}

/* Adds a word in quotes for a shell. */
static void line_add_quoted(struct line *line, const char *word)
{
	char piece[2] = "";

	line_add(line, "'");
	for (; *word; word++) {
		piece[0] = *word;
		line_add(line, *word == '\'' ? "'\\''" : piece);
	}
	line_add(line, "'");
}

/* Adds the user's file that a chosen transport comes from; there is at most one. */
static void command_pairs(const struct picker *picker, struct line *line)
{
	for (size_t t = 0; t < picker->transport_count; t++) {
		const struct carrier *carrier = picker->transports[t].carrier;

		if (!carrier->program || carrier->flags & CARRIER_SHIPPED || !row_on(picker, t))
			continue;
		line_add(line, " --pairs ");
		line_add_quoted(line, carrier->program->file);
		return;
	}
}

static void command_options(const struct picker *picker, struct line *line)
{
	char value[64];

	for (unsigned i = 0; i < OPTION_COUNT; i++) {
		const char *flag =
			picker_option_flag(picker, (enum picker_option)i, value, sizeof(value));
		if (!flag)
			continue;
		line_add(line, " ");
		line_add(line, flag);
		line_add(line, " ");
		line_add(line, value);
	}
}

static void command_begin(const struct picker *picker, struct line *line)
{
	line_add(line, line->used ? "; ipctop run" : "ipctop run");
	command_pairs(picker, line);
	if (!picker->preset[0])
		return;
	line_add(line, " -p ");
	line_add(line, picker->preset);
	if (picker_cells_changed(picker) || picker->options.dtype == DTYPE_FLOAT64)
		return;
	line_add(line, " --dtype ");
	line_add(line, dtype_table[picker->options.dtype].name);
}

char *picker_command(const struct picker *picker, char *text, size_t size)
{
	struct line line = {text, size, 0};

	text[0] = '\0';
	if (!picker_cells_changed(picker)) {
		command_begin(picker, &line);
		command_options(picker, &line);
		return text;
	}
	for (size_t t = 0; t < picker->transport_count; t++) {
		if (!row_on(picker, t) || row_covered(picker, t))
			continue;
		command_begin(picker, &line);
		command_transports(picker, t, &line);
		command_shapes(picker, t, &line);
		command_options(picker, &line);
	}
	return text;
}

#define COMMAND_BYTES 4096 /* enough for nearly all */

char *picker_command_whole(const struct picker *picker)
{
	char *text = NULL;
	size_t size = COMMAND_BYTES;

	for (;; size *= 2) {
		char *larger = realloc(text, size);

		if (!larger) {
			free(text);
			return NULL;
		}
		text = larger;
		/* A command that fills the buffer may have been cut. */
		if (strlen(picker_command(picker, text, size)) + 1 < size)
			return text;
	}
}
