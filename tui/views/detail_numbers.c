/* SPDX-License-Identifier: MIT */
/* The figures of one cell: where its time goes, percentiles, costs, blocks. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/model/cell.h"
#include "bench/text/text.h"
#include "tui/draw/clamp.h"
#include "tui/views/cells.h"
#include "tui/views/detail_parts.h"

#define AT(member) offsetof(struct summary, member)
#define PHASES 5

static const struct phase {
	const char *name;
	size_t offset;
	size_t request; /* what both ways add, of the request's array; 0: nothing */
	uint32_t glyph;
	enum role role;
} phase_table[PHASES] = {
	{"make", AT(make_ns), AT(request_make_ns), U'░', ROLE_MAKE},
	{"encode", AT(encode_ns), AT(request_encode_ns), U'▒', ROLE_ENCODE},
	{"carry", AT(carry_ns), 0, U'█', ROLE_CARRY},
	{"decode", AT(decode_ns), AT(request_decode_ns), U'▓', ROLE_DECODE},
	{"read", AT(read_ns), AT(request_read_ns), U'╌', ROLE_READ},
};

static double summary_figure(const struct summary *summary, size_t offset)
{
	double figure;

	memcpy(&figure, (const char *)summary + offset, sizeof(figure));
	return figure;
}

static double phase_ns(const struct cell *cell, const struct phase *phase)
{
	double ns = summary_figure(&cell->summary, phase->offset);

	return phase->request ? cell_stage_ns(cell, ns, summary_figure(&cell->summary,
								       phase->request)) : ns;
}

/* Draws "▒ encode 6.86ms 35%", the time only if wide. Returns the cells used. */
static int draw_phase_name(struct grid *grid, int x, int y, int room, const struct phase *phase,
			   double ns, double mean_ns, bool wide)
{
	char time[FMT_BYTES];
	char text[64];
	int width;

	(void)snprintf(text, sizeof(text), "%s %s%s%.0f%%", phase->name,
		       wide ? fmt_ns(ns, false, time) : "", wide ? " " : "", 100 * ns / mean_ns);
	width = glyph_text_width(grid->glyphs, text) + 2;
	if (width > room)
		return 0;
	grid_put(grid, x, y, phase->glyph, phase->role);
	(void)grid_text(grid, x + 2, y, room - 2, ROLE_TEXT, text);
	return width + (wide ? 3 : 2);
}

#define SHARE_LEAST 0.005 /* what would read 0% is left out */

/* The parts of the mean, then what read adds to it; stages that overlap add up to more. */
static void draw_phase_legend(const struct detail *detail, struct rect line)
{
	const struct summary *summary = &detail->cell->summary;
	bool wide = line.width >= 110;
	char text[FMT_BYTES];
	int end = line.x + line.width;
	int x = line.x;

	x += grid_printf(detail->grid, x, line.y, line.width, ROLE_DIM,
			 "mean %s: ", fmt_ns(summary->mean_ns, false, text));
	for (int i = 0; i < PHASES; i++) {
		double ns = phase_ns(detail->cell, &phase_table[i]);

		if (i == PHASES - 1 && ns > summary->mean_ns * SHARE_LEAST && x + 6 < end)
			x += grid_text(detail->grid, x, line.y, end - x, ROLE_DIM, "then ");
		if (ns > summary->mean_ns * SHARE_LEAST)
			x += draw_phase_name(detail->grid, x, line.y, end - x, &phase_table[i], ns,
					     summary->mean_ns, wide);
	}
	if (summary->overlap_ns > 0 && end - x > 24)
		(void)grid_printf(detail->grid, x, line.y, end - x, ROLE_WARN, "%s at once",
				  fmt_ns(summary->overlap_ns, false, text));
}

static double draw_phase_bar(const struct detail *detail, struct rect line)
{
	struct plot_part parts[PHASES];
	double total = 0;

	for (int i = 0; i < PHASES; i++) {
		double ns = phase_ns(detail->cell, &phase_table[i]);

		parts[i] = (struct plot_part){ns, phase_table[i].glyph, phase_table[i].role};
		total += ns > 0 ? ns : 0;
	}
	(void)plot_stack(detail->grid, line.x, line.y, line.width, parts, PHASES, total);
	return total;
}

/* What read is, which no latency holds. */
static const char *const read_notes[] = {
	[DIRECTION_PULL] = "read comes after the latency",
	[DIRECTION_PUSH] = "read is the server's, while it acknowledges",
	[DIRECTION_BOTH] = "both arrays' stages; read is a sum of two ends",
};

void detail_draw_phases(const struct detail *detail, struct rect part)
{
	struct rect inside = part;

	if (detail->layout.size >= SIZE_WIDE) {
		inside = rect_inside(part);
		grid_box(detail->grid, part, "where the mean exchange spends its time",
			 detail->cell->summary.overlap_ns > 0 ?
				 "stages ran at once: their sum is more than the latency" :
				 read_notes[detail->cell->plan->direction]);
	}
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	if (!(draw_phase_bar(detail, inside) > 0)) {
		(void)grid_text(detail->grid, inside.x, inside.y, inside.width, ROLE_DIM,
				"phases are known when the first block has ended");
		return;
	}
	if (inside.height > 1)
		draw_phase_legend(detail, (struct rect){inside.x, inside.y + 1, inside.width, 1});
}

enum number_kind {
	NUMBER_PERCENTILE, /* index into cell_figures */
	NUMBER_NS,
	NUMBER_RATE,
	NUMBER_RATIO,
	NUMBER_COUNT,
	NUMBER_MEMORY,
	NUMBER_PAYLOAD,
	NUMBER_MEAN, /* a count with a fraction */
	NUMBER_A_SECOND,
};

#define SERVER(member) AT(ends[END_SERVER].member)
#define CLIENT(member) AT(ends[END_CLIENT].member)

static const struct number {
	const char *name;
	enum number_kind kind;
	size_t offset;
	bool minor; /* left out if there are few lines */
	enum number_when {
		NUMBER_ALWAYS,
		NUMBER_IF_KNOWN,
		NUMBER_OF_BOTH, /* where both ways carry an array: the request's */
	} when;
} number_table[] = {
	{"min", NUMBER_PERCENTILE, FIGURE_MIN, false, NUMBER_ALWAYS},
	{"p50", NUMBER_PERCENTILE, FIGURE_P50, false, NUMBER_ALWAYS},
	{"p90", NUMBER_PERCENTILE, FIGURE_P90, false, NUMBER_ALWAYS},
	{"p99", NUMBER_PERCENTILE, FIGURE_P99, false, NUMBER_ALWAYS},
	{"p99.9", NUMBER_PERCENTILE, FIGURE_P999, false, NUMBER_ALWAYS},
	{"max", NUMBER_PERCENTILE, FIGURE_MAX, false, NUMBER_ALWAYS},
	{"planned p50", NUMBER_NS, AT(planned_p50_ns), false, NUMBER_IF_KNOWN},
	{"planned p90", NUMBER_NS, AT(planned_p90_ns), true, NUMBER_IF_KNOWN},
	{"planned p99", NUMBER_NS, AT(planned_p99_ns), false, NUMBER_IF_KNOWN},
	{"planned p99.9", NUMBER_NS, AT(planned_p999_ns), true, NUMBER_IF_KNOWN},
	{"planned max", NUMBER_NS, AT(planned_max_ns), false, NUMBER_IF_KNOWN},
	{"with read", NUMBER_NS, AT(p50_with_read_ns), false, NUMBER_ALWAYS},
	{"throughput", NUMBER_RATE, AT(throughput_bytes_per_s), false, NUMBER_ALWAYS},
	{"exchanges/s", NUMBER_A_SECOND, AT(achieved_rate), true, NUMBER_ALWAYS},
	{"mean", NUMBER_NS, AT(mean_ns), true, NUMBER_ALWAYS},
	{"deviation", NUMBER_NS, AT(stddev_ns), true, NUMBER_ALWAYS},
	{"p50 from", NUMBER_NS, AT(p50_ci_low_ns), true, NUMBER_ALWAYS},
	{"p50 to", NUMBER_NS, AT(p50_ci_high_ns), true, NUMBER_ALWAYS},
	{"vs memcpy", NUMBER_RATIO, AT(memcpy_ratio), false, NUMBER_ALWAYS},
	{"copies", NUMBER_MEAN, AT(copies), false, NUMBER_ALWAYS},
	{"verified", NUMBER_COUNT, AT(verified), false, NUMBER_ALWAYS},
	{"CPU client", NUMBER_NS, CLIENT(cpu_ns), false, NUMBER_ALWAYS},
	{"CPU server", NUMBER_NS, SERVER(cpu_ns), false, NUMBER_ALWAYS},
	{"faults cli", NUMBER_MEAN, CLIENT(page_faults), false, NUMBER_ALWAYS},
	{"faults srv", NUMBER_MEAN, SERVER(page_faults), false, NUMBER_ALWAYS},
	{"switch cli", NUMBER_MEAN, CLIENT(context_switches), false, NUMBER_ALWAYS},
	{"switch srv", NUMBER_MEAN, SERVER(context_switches), false, NUMBER_ALWAYS},
	{"memory cli", NUMBER_MEMORY, CLIENT(peak_rss_bytes), false, NUMBER_ALWAYS},
	{"memory srv", NUMBER_MEMORY, SERVER(peak_rss_bytes), false, NUMBER_ALWAYS},
	{"on wire", NUMBER_PAYLOAD, AT(wire_bytes), false, NUMBER_ALWAYS},
	{"req on wire", NUMBER_PAYLOAD, AT(request_wire_bytes), false, NUMBER_OF_BOTH},
	{"req make", NUMBER_NS, AT(request_make_ns), true, NUMBER_OF_BOTH},
	{"req encode", NUMBER_NS, AT(request_encode_ns), true, NUMBER_OF_BOTH},
	{"req decode", NUMBER_NS, AT(request_decode_ns), true, NUMBER_OF_BOTH},
	{"req read", NUMBER_NS, AT(request_read_ns), true, NUMBER_OF_BOTH},
	{"connect", NUMBER_NS, AT(connect_ns), false, NUMBER_ALWAYS},
	{"first", NUMBER_NS, AT(first_ns), false, NUMBER_ALWAYS},
	{"release", NUMBER_NS, AT(release_ns), false, NUMBER_ALWAYS},
	{"verify", NUMBER_NS, AT(verify_ns), false, NUMBER_ALWAYS},
};

#define NUMBERS (sizeof(number_table) / sizeof(number_table[0]))

static char *mean_text(double value, char text[FMT_BYTES])
{
	char number[TEXT_NUMBER_BYTES];

	if (!isfinite(value))
		return fmt_count(value, text);
	if (value >= 100)
		return fmt_count(value, text);
	text_fixed(value, 1, number);
	(void)snprintf(text, FMT_BYTES, "%.20s", number);
	return text;
}

static char *payload_text(double bytes, char text[FMT_BYTES])
{
	return isfinite(bytes) ? fmt_payload((uint64_t)fmax(bytes, 0), text) :
				 fmt_memory(bytes, text);
}

static char *ns_text(double ns, char text[FMT_BYTES])
{
	return fmt_ns(ns, false, text);
}

static char *ratio_text(double ratio, char text[FMT_BYTES])
{
	return fmt_ratio(ratio, false, text);
}

static char *a_second_text(double rate, char text[FMT_BYTES])
{
	char number[TEXT_NUMBER_BYTES];

	if (!isfinite(rate))
		return fmt_count(rate, text);
	(void)snprintf(text, FMT_BYTES, "%.20s", text_significant(rate, 4, number));
	return text;
}

static char *number_text(const struct cell *cell, const struct number *number, char text[FMT_BYTES])
{
	static char *(*const formats[])(double value, char text[FMT_BYTES]) = {
		[NUMBER_NS] = ns_text,        [NUMBER_RATE] = fmt_rate,
		[NUMBER_RATIO] = ratio_text,  [NUMBER_COUNT] = fmt_count,
		[NUMBER_MEMORY] = fmt_memory, [NUMBER_PAYLOAD] = payload_text,
		[NUMBER_MEAN] = mean_text,    [NUMBER_A_SECOND] = a_second_text,
	};

	if (number->kind == NUMBER_PERCENTILE)
		return cell_figure_text(cell, &cell_figures[number->offset], text);
	return formats[number->kind](summary_figure(&cell->summary, number->offset), text);
}

static bool number_wanted(const struct cell *cell, const struct number *number)
{
	if (number->when == NUMBER_OF_BOTH && cell->plan->direction != DIRECTION_BOTH)
		return false;
	return number->when == NUMBER_ALWAYS ||
	       isfinite(summary_figure(&cell->summary, number->offset));
}

/* Finds the numbers that this cell has, in order. Returns how many. */
static size_t numbers_find(const struct cell *cell, const struct number *wanted[NUMBERS])
{
	size_t count = 0;

	for (size_t i = 0; i < NUMBERS; i++)
		if (number_wanted(cell, &number_table[i]))
			wanted[count++] = &number_table[i];
	return count;
}

/* Draws numbers side by side, wrapped, for parts with few lines. */
static void draw_flowing(const struct detail *detail, struct rect rect)
{
	int x = rect.x;
	int y = rect.y;

	for (size_t i = 0; i < NUMBERS; i++) {
		const struct number *number = &number_table[i];
		char text[FMT_BYTES];
		int width = (int)strlen(number->name) + 1;

		if (number->minor || !number_wanted(detail->cell, number))
			continue;
		number_text(detail->cell, number, text);
		width += glyph_text_width(detail->grid->glyphs, text);
		if (x + width > rect.x + rect.width) {
			x = rect.x;
			y++;
		}
		if (y >= rect.y + rect.height)
			return;
		(void)grid_text(detail->grid, x, y, width, ROLE_DIM, number->name);
		(void)grid_text(detail->grid, x + (int)strlen(number->name) + 1, y,
				width - (int)strlen(number->name) - 1, ROLE_TEXT, text);
		x += width + 3;
	}
}

#define COLUMN_LEAST 20
#define COLUMN_MOST 32

/* Draws numbers in columns, filled from the top. Returns the lines used. */
static int draw_columns(const struct detail *detail, struct rect rect)
{
	const struct number *wanted[NUMBERS];
	int count = (int)numbers_find(detail->cell, wanted);
	int columns = clamp_int(rect.width / COLUMN_LEAST, 1, 4);
	int width, lines, gap;

	while (columns > 1 && (count + columns - 2) / (columns - 1) <= rect.height)
		columns--;
	lines = (count + columns - 1) / columns;
	width = rect.width / columns;
	width = width < COLUMN_MOST ? width : COLUMN_MOST;
	gap = columns == 1 ? 0 : width > 24 ? 4 : 1;
	for (int i = 0; i < count; i++) {
		const struct number *number = wanted[i];
		int x = rect.x + i / lines * width;
		int name = (int)strlen(number->name);
		char text[FMT_BYTES];

		if (i % lines >= rect.height)
			continue;
		(void)grid_text(detail->grid, x, rect.y + i % lines, name, ROLE_DIM, number->name);
		(void)grid_text_right(detail->grid, x + name + 1, rect.y + i % lines,
				      width - gap - name - 1, ROLE_TEXT,
				      number_text(detail->cell, number, text));
	}
	return lines;
}

/* Draws a line for each block, as far as there is room. Returns the lines that all would take. */
static int draw_blocks(const struct detail *detail, struct rect rect)
{
	const struct cell *cell = detail->cell;

	if (rect.height < 3 || rect.width < 44 || !cell->blocks || cell->blocks_done == 0)
		return 0;
	(void)grid_printf(detail->grid, rect.x, rect.y, rect.width, ROLE_DIM, "%-6s%9s%9s%10s%10s",
			  "block", "samples", "p50", "connect", "first");
	for (size_t i = 0; i < cell->blocks_done && (int)i + 1 < rect.height; i++) {
		const struct block_result *block = &cell->blocks[i];
		char figures[3][FMT_BYTES];
		int y = rect.y + 1 + (int)i;

		(void)grid_printf(detail->grid, rect.x, y, 6, ROLE_TEXT, "%zu", i + 1);
		(void)grid_printf_right(detail->grid, rect.x + 6, y, 9, ROLE_TEXT, "%.0f",
					(double)block->samples);
		(void)grid_text_right(detail->grid, rect.x + 15, y, 9, ROLE_TEXT,
				      fmt_ns(block->p50_ns, false, figures[0]));
		(void)grid_text_right(detail->grid, rect.x + 24, y, 10, ROLE_TEXT,
				      fmt_ns(block->connect_ns, false, figures[1]));
		(void)grid_text_right(detail->grid, rect.x + 34, y, 10, ROLE_TEXT,
				      fmt_ns(block->first_ns, false, figures[2]));
	}
	return (int)cell->blocks_done + 1;
}

/* Draws the grade, then each reason with what would help; as many as fit. */
static void draw_trust(const struct detail *detail, struct rect rect)
{
	const struct trust *trust = &detail->cell->trust;

	if (rect.height < 1 || !trust->grade)
		return;
	(void)grid_printf(detail->grid, rect.x, rect.y, rect.width, ROLE_DIM, "trust %c%s",
			  trust->grade, trust->count ? ":" : ", nothing speaks against it");
	(void)rect_cut_top(&rect, 1);
	for (size_t i = 0; i < trust->count && rect.height > 0; i++) {
		const struct trust_reason *reason = &trust->reasons[i];
		struct rect text = rect;
		char sentence[2 * CELLS_TEXT_BYTES];

		(void)snprintf(sentence, sizeof(sentence), "%s %s", reason->sentence,
			       reason->advice);
		grid_put(detail->grid, rect.x, rect.y, (uint32_t)reason->grade,
			 reason->grave ? ROLE_WARN : ROLE_TEXT);
		(void)rect_cut_left(&text, 2);
		(void)rect_cut_top(&rect,
				   grid_paragraph(detail->grid, text, ROLE_TEXT, sentence));
	}
}

/* Draws the grade and its reasons, in fewer words where sentences are too long. */
static void draw_trust_line(const struct detail *detail, struct rect line)
{
	const struct trust *trust = &detail->cell->trust;
	char reasons[TRUST_TEXT_BYTES];
	int room = line.width - 9; /* "trust B: " */

	if (rect_empty(line) || !trust->grade)
		return;
	(void)grid_text(detail->grid, line.x, line.y, line.width, ROLE_DIM, "trust");
	(void)grid_printf(detail->grid, line.x + 6, line.y, line.width - 6,
			  trust->count && trust->reasons[0].grave ? ROLE_WARN : ROLE_TEXT, "%c%s%s",
			  trust->grade, trust->count ? ": " : "",
			  (int)text_width(trust_says(trust, true, reasons)) <= room ?
				  reasons :
				  trust_format(trust, reasons));
}

#define TRUST_LINES_LEAST 3 /* for the reasons with what would help */

void detail_draw_numbers(const struct detail *detail, struct rect part)
{
	bool framed = detail->layout.size >= SIZE_WIDE;
	struct rect inside = part;
	struct rect last;
	char right[CELLS_TEXT_BYTES];

	cell_progress(detail->cell, right);
	if (framed) {
		grid_box(detail->grid, part, "numbers", right);
		inside = rect_inside(part);
	} else if (detail->layout.size >= SIZE_COMPACT) {
		grid_rule(detail->grid, part.x, part.y, part.width, "numbers", right);
		(void)rect_cut_top(&inside, 1);
	}
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	if (inside.height < 6) {
		struct rect trust = rect_cut_bottom(&inside, inside.height > 4);

		draw_flowing(detail, inside);
		draw_trust_line(detail, trust);
		return;
	}
	last = rect_cut_bottom(&inside, 1);
	(void)rect_cut_top(&inside, draw_columns(detail, inside) + 1);
	if (inside.height < TRUST_LINES_LEAST) {
		draw_trust_line(detail, last);
		return;
	}
	inside.height++;
	(void)rect_cut_top(&inside, draw_blocks(detail, inside) + 1);
	draw_trust(detail, inside);
}
