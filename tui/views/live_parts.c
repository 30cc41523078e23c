/* SPDX-License-Identifier: MIT */
/* The selected cell on the live screen: histogram, time, numbers so far. */
#include "tui/views/live_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/says.h"
#include "tui/views/cells.h"
#include "tui/views/view.h"

#define NUMBERS_WIDTH 17

/* Percentiles one below the other, beside a histogram that has no numbers below it. */
static void draw_figures(struct grid *grid, struct rect rect, const struct cell *cell)
{
	double spread = 100 * cell->summary.stddev_ns / cell->summary.mean_ns;
	char text[FMT_BYTES];

	for (int i = 0; i < CELL_FIGURES && i < rect.height; i++) {
		const struct cell_figure *figure = &cell_figures[i];
		bool known = !isnan(cell_figure_ns(cell, figure));

		(void)grid_text(grid, rect.x, rect.y + i, 5, ROLE_DIM, figure->name);
		(void)grid_text_right(grid, rect.x + 6, rect.y + i, rect.width - 6,
				      known ? ROLE_TEXT : ROLE_DIM,
				      cell_figure_text(cell, figure, text));
	}
	if (rect.height <= CELL_FIGURES || !isfinite(spread))
		return;
	(void)grid_text(grid, rect.x, rect.y + CELL_FIGURES, 5, ROLE_DIM, "sd");
	(void)grid_printf_right(grid, rect.x + 6, rect.y + CELL_FIGURES, rect.width - 6, ROLE_TEXT,
				"%.1f%%", spread);
}

/* Why there is no histogram. */
static void draw_why(struct grid *grid, struct rect rect, const struct cell *cell)
{
	char words[CELLS_TEXT_BYTES];
	bool bad = cell->state == CELL_FAILED || cell->state == CELL_WRONG;

	(void)rect_cut_left(&rect, 2);
	(void)rect_cut_right(&rect, 1);
	(void)rect_cut_top(&rect, rect.height > 4);
	(void)grid_paragraph(grid, rect, bad ? ROLE_BAD : ROLE_DIM, cell_words(cell, words));
}

static void draw_histogram(const struct live *live, struct rect part)
{
	const struct cell *cell = live->cell;
	bool framed = live->layout.size >= SIZE_WIDE;
	struct rect inside = framed ? rect_inside(part) : part;
	char name[TRANSPORT_NAME_BYTES];
	char title[TRANSPORT_NAME_BYTES + 16];
	char right[CELLS_TEXT_BYTES];

	if (!cell)
		return;
	(void)snprintf(title, sizeof(title), framed ? "%s · latency" : "%s",
		       transport_format(&cell->plan->transport, name));
	cell_progress(cell, right);
	if (framed)
		grid_box(live->grid, part, title, right);
	else
		grid_rule(live->grid, part.x, part.y, part.width, title, right);
	if (!framed)
		(void)rect_cut_top(&inside, 1);
	if (!cell_has_figures(cell)) {
		draw_why(live->grid, inside, cell);
		return;
	}
	if (!framed && inside.width >= 58) {
		struct rect figures = rect_cut_right(&inside, NUMBERS_WIDTH + 1);

		figures.width--;
		draw_figures(live->grid, figures, cell);
	}
	(void)rect_cut_right(&inside, 2);
	cell_draw_histogram(live->grid, inside, cell, live->ui, NULL);
}

static void draw_heat(const struct live *live, struct rect part)
{
	char slice[CELLS_TEXT_BYTES];
	struct rect inside = rect_inside(part);

	if (part.height == 1) {
		(void)rect_cut_left(&part, 1);
		(void)rect_cut_right(&part, 1);
		if (live->cell)
			cell_draw_trend(live->grid, part, live->model, live->cell);
		return;
	}
	grid_box(live->grid, part, "latency over time",
		 live->cell ? cell_slice_text(live->cell, slice) : NULL);
	(void)rect_cut_right(&inside, 1);
	if (live->cell && cell_has_figures(live->cell))
		cell_draw_time(live->grid, inside, live->model, live->cell);
}

/* Draws a figure of a row, its name above it. Returns where the next begins. */
static int put_figure(struct grid *grid, struct rect rect, int x, const char *name,
		      const char *text)
{
	int width = glyph_text_width(grid->glyphs, text);
	int name_width = glyph_text_width(grid->glyphs, name);

	width = width > name_width ? width : name_width;
	if (x + width > rect.x + rect.width)
		return x;
	(void)grid_text(grid, x, rect.y, width, ROLE_DIM, name);
	(void)grid_text(grid, x, rect.y + 1, width, ROLE_TEXT, text);
	return x + (width > 7 ? width : 7) + 3;
}

static char *percent_pair(double a, double b, double of, char text[FMT_BYTES])
{
	if (isfinite(a / of) && isfinite(b / of))
		(void)snprintf(text, FMT_BYTES, "%.0f%% / %.0f%%", 100 * a / of, 100 * b / of);
	else
		(void)snprintf(text, FMT_BYTES, "-");
	return text;
}

static void draw_figure_row(struct grid *grid, struct rect rect, const struct cell *cell)
{
	const struct summary *summary = &cell->summary;
	char text[FMT_BYTES];
	char count[2 * FMT_BYTES];
	int x = rect.x;

	for (size_t i = 0; i < CELL_FIGURES; i++)
		x = put_figure(grid, rect, x, cell_figures[i].name,
			       cell_figure_text(cell, &cell_figures[i], text));
	x = put_figure(grid, rect, x, "with read", fmt_ns(summary->p50_with_read_ns, false, text));
	x = put_figure(grid, rect, x, "throughput",
		       fmt_rate(summary->throughput_bytes_per_s, text));
	x = put_figure(grid, rect, x, "CPU cli/srv",
		       percent_pair(summary->ends[END_CLIENT].cpu_ns,
				    summary->ends[END_SERVER].cpu_ns, summary->mean_ns, text));
	(void)snprintf(count, sizeof(count), "%.0f/%.0f", summary->verified, summary->samples);
	x = put_figure(grid, rect, x, "verified", isfinite(summary->verified) ? count : "-");
	(void)put_figure(grid, rect, x, "first exchange", fmt_ns(summary->first_ns, false, text));
}

/* Draws the first warning on this shape, else the first sentence. */
static void draw_sentence(const struct live *live, struct rect line)
{
	struct says_line lines[12];
	size_t count = says_find(live->model, ui_type(live->ui, live->model), lines, 12);
	size_t best = 0;

	for (size_t i = count; i-- > 0;)
		if (lines[i].warning)
			best = i;
	if (count == 0)
		return;
	(void)grid_printf(live->grid, line.x, line.y, line.width,
			  lines[best].warning ? ROLE_WARN : ROLE_TEXT, "%s%s",
			  lines[best].warning ? "! " : "", lines[best].text);
}

static void draw_numbers(const struct live *live, struct rect part)
{
	struct rect inside = rect_inside(part);
	char name[TRANSPORT_NAME_BYTES];
	char title[TRANSPORT_NAME_BYTES + 32];

	if (!live->cell)
		return;
	(void)snprintf(title, sizeof(title), "%s · numbers%s",
		       transport_format(&live->cell->plan->transport, name),
		       cell_state_final(live->cell->state) ? "" : " so far");
	grid_box(live->grid, part, title, "n<1000: takes more samples");
	(void)rect_cut_left(&inside, 2);
	(void)rect_cut_right(&inside, 1);
	if (cell_has_figures(live->cell))
		draw_figure_row(live->grid, inside, live->cell);
	/* What a duel says stands in its panel. */
	if (!live->model->plan->duel)
		draw_sentence(live, (struct rect){inside.x, inside.y + 2, inside.width, 1});
}

void live_draw_parts(const struct live *live)
{
	static const struct {
		enum part part;
		void (*draw)(const struct live *live, struct rect part);
	} parts[] = {
		{PART_HISTOGRAM, draw_histogram}, {PART_HEAT, draw_heat},
		{PART_NUMBERS, draw_numbers},     {PART_MATRIX, live_draw_matrix},
		{PART_LADDER, live_draw_ladder},  {PART_EVENTS, live_draw_events},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!rect_empty(live->layout.parts[parts[i].part]))
			parts[i].draw(live, live->layout.parts[parts[i].part]);
}
