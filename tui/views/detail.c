/* SPDX-License-Identifier: MIT */
/* Screen 4: one cell, as close as it gets. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/says.h"
#include "bench/text/text.h"
#include "tui/views/cells.h"
#include "tui/views/detail_parts.h"
#include "tui/views/view.h"

#define HEADLINE_ARRAY 100 /* columns from which on the shape itself is named */

/* " · trust B", "" before anything was judged. */
static char *trust_text(const struct cell *cell, char text[16])
{
	text[0] = '\0';
	if (cell->trust.grade)
		(void)snprintf(text, 16, " · trust %c", cell->trust.grade);
	return text;
}

static void headline(const struct model *model, const struct ui *ui, char *text, size_t size)
{
	const struct cell *cell = ui_cell(ui, model);
	char name[TRANSPORT_NAME_BYTES];
	char array[CELLS_TEXT_BYTES];
	char load[CELLS_TEXT_BYTES];
	char why[SAYS_BYTES];
	char trust[16];

	text[0] = '\0';
	if (!cell)
		return;
	transport_format(&cell->plan->transport, name);
	trust_text(cell, trust);
	cell_load_text(cell, load);
	/* Narrow screens cut off the end, so the least important stands last. */
	if (ui->columns < HEADLINE_WIDE)
		(void)snprintf(text, size, "%s %s%s", name,
			       fmt_payload(array_type_bytes(&cell->plan->type), array), trust);
	else if (ui->columns < HEADLINE_ARRAY)
		(void)snprintf(text, size, "%s · %s%s%s%s", name,
			       fmt_payload(array_type_bytes(&cell->plan->type), array), load,
			       trust, says_unsteady(cell, why) ? " · ! unsteady" : "");
	else
		(void)snprintf(text, size, "%s · %s%s%s%s", name,
			       cell_array_text(&cell->plan->type, array), load, trust,
			       says_unsteady(cell, why) ? " · ! unsteady" : "");
}

/* "cursor 26.9ms: 31 samples, p86.1". */
static void cursor_text(const struct detail *detail, int cells, char text[CELLS_TEXT_BYTES])
{
	const struct hist *hist = detail->cell->latency;
	const struct zoom *zoom = &detail->ui->zoom;
	struct axis whole = cell_axis(detail->cell, detail->ui, cells);
	struct axis axis = axis_window(&whole, zoom->left, zoom->right);
	double ns = axis_value(&whole, zoom->cursor * whole.cells);
	int columns = plot_bar_columns(hist, &axis);
	int bar = axis_cell(&axis, ns) / columns * columns; /* its first column */
	double low = axis_value(&axis, bar);
	double high = axis_value(&axis, bar + columns);
	char value[FMT_BYTES];
	char count[FMT_BYTES];

	(void)snprintf(text, CELLS_TEXT_BYTES, "%s · cursor %s: %s samples, p%.1f",
		       plot_counts_name(detail->ui->counts, detail->grid->glyphs == GLYPHS_ASCII),
		       fmt_ns(ns, false, value),
		       fmt_count(round(hist_count_between(hist, low, high)), count),
		       100 * hist_count_between(hist, 0, ns) / (double)hist->count);
}

/* What the interval of the median holds for, and what it rests on; "" without one. */
static void interval_text(const struct cell *cell, int columns, char text[CELLS_TEXT_BYTES])
{
	const struct summary *summary = &cell->summary;
	char low[FMT_BYTES];
	char high[FMT_BYTES];
	char basis[CELLS_TEXT_BYTES / 2];

	text[0] = '\0';
	if (!(summary->p50_ci_low_ns <= summary->p50_ci_high_ns))
		return;
	(void)fmt_ns(summary->p50_ci_low_ns, false, low);
	(void)fmt_ns(summary->p50_ci_high_ns, false, high);
	if (summary->p50_ci_blocks > 0)
		(void)snprintf(basis, sizeof(basis), "by %.0f blocks", summary->p50_ci_blocks);
	else
		(void)snprintf(basis, sizeof(basis), "by ranks within the run");
	(void)snprintf(text, CELLS_TEXT_BYTES,
		       "The median is %s to %s (95 %%) for the state of the machine that was "
		       "measured, %s.",
		       low, high, basis);
	if ((int)text_width(text) > columns)
		(void)snprintf(text, CELLS_TEXT_BYTES,
			       "median %s to %s (95 %%), machine as measured, %s", low, high,
			       basis);
}

#define PLOT_LINES_LEAST 7 /* that lines of text leave to the plot */

/* What is known of the median, and what more would cost, above the plot if it stays legible. */
static void draw_knowledge(const struct detail *detail, struct rect *inside)
{
	char texts[2][CELLS_TEXT_BYTES];

	interval_text(detail->cell, inside->width - 1, texts[0]);
	cells_more_text(detail->model, detail->ui, texts[1]);
	for (size_t i = 0; i < 2; i++) {
		struct rect line;

		if (!texts[i][0] || inside->height <= PLOT_LINES_LEAST ||
		    (int)text_width(texts[i]) >= inside->width)
			continue;
		line = rect_cut_top(inside, 1);
		(void)grid_text(detail->grid, line.x + 1, line.y, line.width - 1, ROLE_DIM,
				texts[i]);
	}
}

/* The plot inside a frame, or below the rule that PART_PROGRESS is. */
static void draw_histogram(const struct detail *detail, struct rect part)
{
	bool framed = detail->layout.size >= SIZE_WIDE;
	struct rect inside = framed ? rect_inside(part) : part;
	struct rect rule = detail->layout.parts[PART_PROGRESS];
	char right[CELLS_TEXT_BYTES];
	char why[SAYS_BYTES];

	(void)rect_cut_right(&inside, 2);
	cursor_text(detail, inside.width - PLOT_GUTTER, right);
	if (framed)
		grid_box(detail->grid, part, "latency", right);
	else if (!rect_empty(rule))
		grid_rule(detail->grid, rule.x, rule.y, rule.width, "latency", right);
	if (framed && says_unsteady(detail->cell, why)) {
		struct rect line = rect_cut_top(&inside, 1);

		(void)grid_printf(detail->grid, line.x + 1, line.y, line.width - 1, ROLE_WARN,
				  "! %s", why);
	}
	draw_knowledge(detail, &inside);
	cell_draw_histogram(detail->grid, inside, detail->cell, detail->ui, &detail->ui->zoom);
}

static void draw_heat(const struct detail *detail, struct rect part)
{
	struct rect inside = rect_inside(part);
	char slice[CELLS_TEXT_BYTES];

	cell_slice_text(detail->cell, slice);
	if (detail->layout.size >= SIZE_WIDE) {
		grid_box(detail->grid, part, "latency over time", slice);
	} else {
		grid_rule(detail->grid, part.x, part.y, part.width, "over time", slice);
		inside = part;
		(void)rect_cut_top(&inside, 1);
	}
	(void)rect_cut_right(&inside, 1);
	cell_draw_time(detail->grid, inside, detail->model, detail->cell);
}

static void draw_parts(const struct detail *detail)
{
	static const struct {
		enum part part;
		void (*draw)(const struct detail *detail, struct rect part);
	} parts[] = {
		{PART_HISTOGRAM, draw_histogram},
		{PART_PHASES, detail_draw_phases},
		{PART_HEAT, draw_heat},
		{PART_NUMBERS, detail_draw_numbers},
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!rect_empty(detail->layout.parts[parts[i].part]))
			parts[i].draw(detail, detail->layout.parts[parts[i].part]);
}

static void draw(struct grid *grid, struct rect rect, const struct model *model,
		 const struct ui *ui)
{
	struct detail detail = {
		.grid = grid,
		.model = model,
		.ui = ui,
		.cell = ui_cell(ui, model),
		.layout = layout_screen(SCREEN_DETAIL, layout_size(grid->columns, grid->rows), rect,
					0),
	};
	char words[CELLS_TEXT_BYTES];

	if (detail.cell && ui->log)
		detail_draw_log(&detail, rect);
	else if (detail.cell && cell_has_figures(detail.cell))
		draw_parts(&detail);
	else if (detail.cell && cell_state_final(detail.cell->state))
		detail_draw_card(&detail, rect);
	else if (detail.cell)
		view_draw_nothing(grid, rect, cell_words(detail.cell, words),
				  "the first sample will show here");
	else
		view_draw_nothing(grid, rect, "nothing has run yet", VIEW_HINT_RUN);
}

const struct view view_detail = {
	.id = "detail",
	.title = "DETAIL",
	.headline = headline,
	.draw = draw,
};
