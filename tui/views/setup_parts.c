/* SPDX-License-Identifier: MIT */
/* The setup screen's options, preview and explanations. */
#include "tui/views/setup_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/plan/preset.h"
#include "bench/text/fmt.h"
#include "tui/ui/ui.h"
#include "tui/views/view.h"

#define LINE_BYTES 1024
#define SPINS_CROWDED "spinning without a core of its own"

/* Two lines about what is under the cursor. */
struct hint {
	enum role role; /* of the second */
	char first[LINE_BYTES], second[LINE_BYTES];
};

static void help_transport(const struct picker *picker, struct hint *help)
{
	const struct transport *transport = &picker->transports[picker->row];
	char name[TRANSPORT_NAME_BYTES];

	(void)snprintf(help->first, LINE_BYTES, "%s: %s; %s", transport_format(transport, name),
		       transport->carrier->title, transport->encoding->title);
}

static void help_cell(const struct picker *picker, struct hint *help)
{
	const struct picker_cell *cell = &picker->cells[picker->row][picker->column];
	char shape[ARRAY_TYPE_TEXT_BYTES];
	char figures[3][FMT_BYTES];

	help_transport(picker, help);
	array_type_format(&picker->types[picker->column], shape);
	if (!cell->possible) {
		help->role = ROLE_WARN;
		(void)snprintf(help->second, LINE_BYTES, "⊘ %.200s: %s", shape, cell->why);
		return;
	}
	(void)snprintf(help->second, LINE_BYTES, "%.200s: about %s, %s of memory", shape,
		       fmt_ns(cell->estimate_ns, false, figures[0]),
		       fmt_memory((double)cell->need.private_bytes, figures[1]));
	if (cell->need.shared_bytes) {
		size_t used = strlen(help->second);

		(void)snprintf(help->second + used, LINE_BYTES - used, ", %s of %s /dev/shm",
			       fmt_memory((double)cell->need.shared_bytes, figures[1]),
			       fmt_memory((double)picker->shm_free_bytes, figures[2]));
	}
}

static void help_shape(const struct picker *picker, struct hint *help)
{
	const struct array_type *type = &picker->types[picker->column < 0 ? 0 : picker->column];
	char text[ARRAY_SHAPE_TEXT_BYTES];
	char count[FMT_BYTES];
	char bytes[FMT_BYTES];

	(void)snprintf(help->first, LINE_BYTES, "%.200s: %s elements of %s, %s",
		       shape_format(&type->shape, text),
		       fmt_count((double)array_type_count(type), count),
		       dtype_table[type->dtype].name, fmt_payload(array_type_bytes(type), bytes));
	(void)snprintf(help->second, LINE_BYTES, "%s",
		       picker->column >= 0 && picker->own[picker->column] ?
			       "your own shape: Space turns the column on or off, x removes it" :
			       "Space turns the column on or off; s types a shape of your own");
}

static void help_option(const struct picker *picker, struct hint *help)
{
	enum picker_option option = picker_option_at(picker);
	const char *const *word = picker_option_words(option);
	size_t used;

	(void)snprintf(help->first, LINE_BYTES, "%s: %s", picker_option_name(option),
		       picker_option_help(option));
	if (!word) {
		(void)snprintf(help->second, LINE_BYTES, "Enter edits it, left and right step it");
		return;
	}
	(void)snprintf(help->second, LINE_BYTES, "left and right step through");
	for (; *word; word++) {
		used = strlen(help->second);
		(void)snprintf(help->second + used, LINE_BYTES - used, " %s%s", *word,
			       word[1] ? "," : "");
	}
}

static void help_find(const struct picker *picker, struct hint *help)
{
	*help = (struct hint){.role = ROLE_DIM};
	if (picker_option_at(picker) != OPTION_COUNT) {
		help_option(picker, help);
	} else if (picker->row < 0) {
		if (picker->type_count)
			help_shape(picker, help);
	} else if ((size_t)picker->row < picker->transport_count) {
		if (picker->column >= 0 && (size_t)picker->column < picker->type_count) {
			help_cell(picker, help);
			return;
		}
		help_transport(picker, help);
		(void)snprintf(help->second, LINE_BYTES, "Space turns the whole row on or off");
	}
}

void setup_draw_help(struct grid *grid, struct rect lines, const struct picker *picker)
{
	struct hint help;

	if (lines.height < 2)
		return;
	if (lines.height > 2)
		(void)rect_cut_top(&lines, 1);
	help_find(picker, &help);
	(void)grid_text(grid, lines.x, lines.y, lines.width, ROLE_TEXT, help.first);
	(void)grid_text(grid, lines.x, lines.y + 1, lines.width, help.role, help.second);
}

#define NAME_WIDTH 10
#define VALUE_WIDTH 9

/* Draws the words that an option has, the present one in bold. */
static void draw_words(struct grid *grid, int x, int y, int width, const char *const *words,
		       const char *value)
{
	for (int end = x + width; *words && x < end; words++)
		x += 2 + grid_text(grid, x, y, end - x,
				   strcmp(*words, value) == 0 ? ROLE_STRONG : ROLE_DIM, *words);
}

/* Draws as much of a help text as makes sense: all, up to a comma, or nothing. */
static void draw_clause(struct grid *grid, int x, int y, int width, const char *text)
{
	char clause[LINE_BYTES];
	char *comma;

	(void)snprintf(clause, sizeof(clause), "%s", text);
	while (glyph_text_width(grid->glyphs, clause) > width) {
		comma = strrchr(clause, ',');
		if (!comma)
			return;
		*comma = '\0';
	}
	(void)grid_text(grid, x, y, width, ROLE_DIM, clause);
}

static void draw_option(struct grid *grid, struct rect line, const struct picker *picker,
			enum picker_option option)
{
	bool focused = picker_option_at(picker) == option;
	int x = line.x + 3;
	int help_x = x + NAME_WIDTH + VALUE_WIDTH + 1;
	int help_width = line.x + line.width - help_x - 1;
	const char *const *words = picker_option_words(option);
	char value[64];

	view_focus(grid, line.x, line.y, focused);
	(void)grid_text(grid, x, line.y, NAME_WIDTH, focused ? ROLE_STRONG : ROLE_TEXT,
			picker_option_name(option));
	picker_option_value(picker, option, value, sizeof(value));
	if (focused)
		(void)grid_printf(grid, x + NAME_WIDTH - 1, line.y, VALUE_WIDTH + 2, ROLE_ACCENT,
				  "[%s]", value);
	else
		(void)grid_text(grid, x + NAME_WIDTH, line.y, VALUE_WIDTH, ROLE_TEXT, value);
	if (words && help_width < 40)
		draw_words(grid, help_x, line.y, help_width, words, value);
	else
		draw_clause(grid, help_x, line.y, help_width, picker_option_help(option));
}

void setup_draw_options(struct grid *grid, struct rect part, enum size_class size,
			const struct picker *picker)
{
	int selected = picker->row - (int)picker->transport_count;
	struct rect inside = layout_option_lines(size, part, OPTION_COUNT);
	int first;

	if (size >= SIZE_WIDE)
		grid_box(grid, part, "run options", "Enter edits, left and right step");
	else
		grid_rule(grid, part.x, part.y, part.width, "run options",
			  "Enter edits, left and right step");
	first = layout_scroll(selected, OPTION_COUNT, inside.height);
	for (int i = 0; i < inside.height && first + i < OPTION_COUNT; i++)
		draw_option(grid, (struct rect){inside.x, inside.y + i, inside.width, 1}, picker,
			    (enum picker_option)(first + i));
	view_scroll_marks(grid, inside, first, OPTION_COUNT);
}

/* " of 2.0 GiB", "" if unknown. */
static const char *of_free(uint64_t bytes, char text[FMT_BYTES + 8])
{
	char free_text[FMT_BYTES];

	text[0] = '\0';
	if (bytes && bytes != UINT64_MAX)
		(void)snprintf(text, FMT_BYTES + 8, " of %s", fmt_memory((double)bytes, free_text));
	return text;
}

/* A narrow width leaves out what is free. */
static void preview_text(const struct picker *picker, int width, char text[LINE_BYTES])
{
	struct picker_total total = picker_total(picker);
	char figures[3][FMT_BYTES];
	char of_memory[FMT_BYTES + 8];
	char of_shm[FMT_BYTES + 8];
	char skipped[64] = "";
	bool narrow = width < (total.skipped ? 92 : 74);

	if (total.cells == 0) {
		(void)snprintf(text, LINE_BYTES, "%s: Space turns cells on, P takes a preset",
			       total.skipped ? "nothing of this can run here" :
					       "nothing is chosen");
		return;
	}
	if (total.skipped)
		(void)snprintf(skipped, sizeof(skipped), " and %zu that cannot run", total.skipped);
	(void)snprintf(text, LINE_BYTES, "%zu cell%s%s  about %s%s  RAM %s%s  /dev/shm %s%s",
		       total.cells, total.cells == 1 ? "" : "s", skipped,
		       fmt_clock(total.estimate_ns, figures[0]),
		       picker_spins_crowded(picker) ? "  " SPINS_CROWDED : "",
		       fmt_memory((double)total.private_bytes, figures[1]),
		       of_free(narrow ? 0 : picker->memory_free_bytes, of_memory),
		       fmt_memory((double)total.shared_bytes, figures[2]),
		       of_free(narrow ? 0 : picker->shm_free_bytes, of_shm));
}

/* How much of a command fits into width: up to the last space or comma, which stays. */
static size_t command_break(const char *text, int width)
{
	size_t length = strlen(text);
	size_t end = width > 0 ? (size_t)width : 0;

	if (length <= end)
		return length;
	while (end > 0 && text[end - 1] != ' ' && text[end - 1] != ',')
		end--;
	return end ? end : width > 0 ? (size_t)width : length;
}

/* Draws the command over as many lines as there are; the last may end in "…". */
static void draw_command(struct grid *grid, struct rect rect, const struct picker *picker)
{
	char command[LINE_BYTES];
	const char *text = picker_command(picker, command, sizeof(command));

	for (int i = 0; i < rect.height && *text; i++) {
		size_t bytes = i + 1 < rect.height ? command_break(text, rect.width) : strlen(text);
		char line[LINE_BYTES];

		(void)snprintf(line, sizeof(line), "%.*s", (int)bytes, text);
		(void)grid_text(grid, rect.x, rect.y + i, rect.width, ROLE_ACCENT, line);
		text += bytes;
	}
}

static void draw_preview_lines(struct grid *grid, struct rect part, const struct picker *picker)
{
	char text[LINE_BYTES];

	if (part.height > 2) {
		grid_rule(grid, part.x, part.y, part.width, "preview", "y copies the command");
		(void)rect_cut_top(&part, 1);
	}
	(void)rect_cut_left(&part, 3);
	(void)rect_cut_right(&part, 1);
	preview_text(picker, part.width, text);
	(void)grid_text(grid, part.x, part.y, part.width, ROLE_TEXT, text);
	(void)rect_cut_top(&part, 1);
	if (part.height > 0)
		draw_command(grid, part, picker);
}

static void draw_fact(struct grid *grid, struct rect *rect, const char *name, const char *text)
{
	struct rect line = rect_cut_top(rect, 1);

	if (rect_empty(line))
		return;
	(void)grid_text(grid, line.x, line.y, 10, ROLE_DIM, name);
	(void)grid_text(grid, line.x + 11, line.y, line.width - 11, ROLE_TEXT, text);
}

static void draw_facts(struct grid *grid, struct rect *rect, const struct picker *picker)
{
	struct picker_total total = picker_total(picker);
	char text[LINE_BYTES];
	char figure[FMT_BYTES];
	char of[FMT_BYTES + 8];

	(void)snprintf(text, sizeof(text), "%zu of %zu", total.cells,
		       picker->transport_count * picker->type_count);
	if (total.skipped)
		(void)snprintf(text, sizeof(text), "%zu of %zu, %zu more cannot run here",
			       total.cells, picker->transport_count * picker->type_count,
			       total.skipped);
	draw_fact(grid, rect, "cells", text);
	(void)snprintf(text, sizeof(text), "about %s", fmt_clock(total.estimate_ns, figure));
	draw_fact(grid, rect, "time", text);
	(void)snprintf(text, sizeof(text), "%s%s free",
		       fmt_memory((double)total.private_bytes, figure),
		       of_free(picker->memory_free_bytes, of));
	draw_fact(grid, rect, "peak RAM", text);
	(void)snprintf(text, sizeof(text), "%s%s free",
		       fmt_memory((double)total.shared_bytes, figure),
		       of_free(picker->shm_free_bytes, of));
	draw_fact(grid, rect, "/dev/shm", text);
	if (picker_spins_crowded(picker))
		draw_fact(grid, rect, "wait", SPINS_CROWDED);
	draw_fact(grid, rect, "ports", "picked at the start, loopback only");
}

/* Draws the presets and the shapes in full, if there is room to spare. */
static void draw_lists(struct grid *grid, struct rect *rect, const struct picker *picker)
{
	(void)rect_cut_top(rect, 1);
	for (const struct preset *preset = preset_table; preset->name; preset++)
		draw_fact(grid, rect, preset->name, preset->help);
	(void)rect_cut_top(rect, 1);
	for (size_t i = 0; i < picker->type_count; i++) {
		const struct array_type *type = &picker->types[i];
		char text[ARRAY_TYPE_TEXT_BYTES];
		char bytes[FMT_BYTES];

		draw_fact(grid, rect, fmt_payload(array_type_bytes(type), bytes),
			  array_type_format(type, text));
	}
}

void setup_draw_preview(struct grid *grid, struct rect part, enum size_class size,
			const struct picker *picker)
{
	struct rect inside = rect_inside(part);

	if (size < SIZE_WIDE) {
		draw_preview_lines(grid, part, picker);
		return;
	}
	grid_box(grid, part, "preview", "y copies the command");
	(void)rect_cut_left(&inside, 2);
	(void)rect_cut_right(&inside, 1);
	(void)rect_cut_top(&inside, 1);
	draw_facts(grid, &inside, picker);
	(void)rect_cut_top(&inside, 1);
	(void)grid_text(grid, inside.x, inside.y, inside.width, ROLE_DIM,
			"the same without a screen, so that it can be scripted:");
	(void)rect_cut_top(&inside, 1);
	if (inside.height >= 14 + (int)picker->type_count) {
		draw_command(grid, rect_cut_top(&inside, 5), picker);
		draw_lists(grid, &inside, picker);
	} else {
		draw_command(grid, inside, picker);
	}
}
