/* SPDX-License-Identifier: MIT */
/* The histogram: bars in eighths of a cell, counts at the left, marks below. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tui/draw/plot.h"

#define BARS_LEAST 12 /* over the whole axis */

/* A histogram while it is drawn. */
struct drawing {
	struct grid *grid;
	const struct plot_histogram *plot;
	struct axis axis;
	struct rect area;              /* the bars */
	int bar;                       /* columns that are one bar; the last may be cut off */
	double bins[PLOT_COLUMNS_MAX]; /* one a bar */
	double largest, below, above;
};

const char *plot_counts_name(enum count_scale counts, bool ascii)
{
	static const char *const names[COUNT_SCALES][2] = {
		[COUNTS_SQRT] = {"√ count", "sqrt"},
		[COUNTS_LINEAR] = {"count", "count"},
		[COUNTS_LOG] = {"log count", "log"},
	};

	return names[counts][ascii];
}

static double count_scaled(enum count_scale counts, double count)
{
	if (counts == COUNTS_SQRT)
		return sqrt(count);
	return counts == COUNTS_LOG ? log1p(count) : count;
}

/* A bar's height in eighths of a cell; a count above 0 never looks empty. */
static int bar_height(const struct drawing *d, double count)
{
	double full = count_scaled(d->plot->counts, d->largest);
	double share = full > 0 ? count_scaled(d->plot->counts, count) / full : 0;
	int height = (int)lround(share * 8 * d->area.height);

	return height < 1 && count > 0 ? 1 : height;
}

static bool on_axis(const struct drawing *d, double ns)
{
	return ns >= d->axis.low_ns && ns <= d->axis.high_ns;
}

/* The mark in this column of the plot, or NULL. */
static const struct plot_mark *mark_at(const struct drawing *d, int column)
{
	for (size_t i = 0; i < d->plot->mark_count; i++) {
		double ns = d->plot->marks[i].ns;

		if (on_axis(d, ns) && axis_cell(&d->axis, ns) == column)
			return &d->plot->marks[i];
	}
	return NULL;
}

static double column_count(const struct drawing *d, int column)
{
	return d->bins[column / d->bar];
}

static void draw_column(const struct drawing *d, int column)
{
	int height = bar_height(d, column_count(d, column));
	enum role role = mark_at(d, column) ? ROLE_MARK : ROLE_PLOT;
	int x = d->area.x + column;
	int y = d->area.y + d->area.height - 1;

	for (; height > 0; height -= 8, y--)
		grid_put(d->grid, x, y, glyph_bar_up((unsigned)(height < 8 ? height : 8)), role);
}

/* Draws a line through the plot; a bar in its way takes its colour. */
static void draw_line(const struct drawing *d, double ns, enum role role)
{
	int column;

	if (!on_axis(d, ns))
		return;
	column = axis_cell(&d->axis, ns);
	for (int i = 0; i < d->area.height; i++) {
		bool bar = bar_height(d, column_count(d, column)) > 8 * (d->area.height - 1 - i);
		struct rect cell = {d->area.x + column, d->area.y + i, 1, 1};

		if (bar)
			grid_recolor(d->grid, cell, role);
		else
			grid_put(d->grid, cell.x, cell.y, U'┊', role);
	}
}

/* "31", "12k": at most five characters. */
static void count_text(double count, char text[FMT_BYTES])
{
	if (count < 10 && fabs(count - round(count)) > 0.05)
		(void)snprintf(text, FMT_BYTES, "%d.%d", (int)count, (int)(count * 10) % 10);
	else if (count < 99999)
		(void)snprintf(text, FMT_BYTES, "%ld", lround(count));
	else if (count < 9.9e6)
		(void)snprintf(text, FMT_BYTES, "%ldk", lround(count / 1e3));
	else
		(void)snprintf(text, FMT_BYTES, "%ldM", lround(fmin(count, 1e15) / 1e6));
}

static void draw_count(const struct drawing *d, int y, double count)
{
	char text[FMT_BYTES];

	count_text(count, text);
	(void)grid_text_right(d->grid, d->area.x - PLOT_GUTTER, y, PLOT_GUTTER - 2, ROLE_DIM, text);
	grid_put(d->grid, d->area.x - 1, y, U'┤', ROLE_DIM);
}

/* A round count that lies about half way up. */
static double count_middle(const struct drawing *d)
{
	double half = d->area.height * 8 * 0.6;
	double best = 0;

	for (double decade = 1; decade <= d->largest; decade *= 10)
		for (int factor = 1; factor <= 5; factor += factor == 1 ? 1 : 3)
			if (bar_height(d, decade * factor) <= half)
				best = decade * factor;
	return best;
}

static void draw_counts(const struct drawing *d)
{
	int bottom = d->area.y + d->area.height - 1;
	double middle = count_middle(d);
	int y;

	for (int i = 0; i < d->area.height; i++)
		grid_put(d->grid, d->area.x - 1, d->area.y + i, U'│', ROLE_DIM);
	if (!(d->largest > 0))
		return;
	draw_count(d, d->area.y, d->largest);
	y = bottom - (bar_height(d, middle) - 1) / 8;
	if (middle > 0 && y > d->area.y + 1)
		draw_count(d, y, middle);
}

static void draw_axis(const struct drawing *d, int y)
{
	struct tick ticks[AXIS_TICKS_MAX];
	int count = axis_ticks(&d->axis, false, 2, d->grid->glyphs == GLYPHS_ASCII, ticks);

	grid_put(d->grid, d->area.x - 1, y, U'└', ROLE_DIM);
	grid_hline(d->grid, d->area.x, y, d->axis.cells, U'─', ROLE_DIM);
	for (int i = 0; i < count; i++)
		grid_put(d->grid, d->area.x + ticks[i].cell, y, U'┬', ROLE_DIM);
	for (int i = 0; i < d->axis.cells; i++)
		if (mark_at(d, i))
			grid_put(d->grid, d->area.x + i, y, U'▲', ROLE_MARK);
	if (on_axis(d, d->plot->floor_ns))
		grid_put(d->grid, d->area.x + axis_cell(&d->axis, d->plot->floor_ns), y, U'▲',
			 ROLE_BASE);
}

/* A name below the axis, of a mark or of the floor, and where it goes. */
struct placed {
	double ns;
	const char *name;
	int rank;
	enum role role;
	int x, width;
};

/* Pushes names apart: to the right from the left, then back from the right end. */
static bool names_place(struct placed *names, size_t count, int cells)
{
	int free = 0;

	for (size_t i = 0; i < count; i++) {
		names[i].x = names[i].x > free ? names[i].x : free;
		free = names[i].x + names[i].width + 1;
	}
	free = cells;
	for (size_t i = count; i-- > 0;) {
		if (names[i].x + names[i].width > free)
			names[i].x = free - names[i].width;
		free = names[i].x - 1;
	}
	return count == 0 || names[0].x >= 0;
}

static void names_center(const struct drawing *d, struct placed *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		names[i].width = glyph_text_width(d->grid->glyphs, names[i].name);
		names[i].x = axis_cell(&d->axis, names[i].ns) - (names[i].width - 1) / 2;
	}
}

/* Drops the least important name. */
static size_t names_drop(struct placed *names, size_t count)
{
	size_t worst = 0;

	for (size_t i = 1; i < count; i++)
		if (names[i].rank > names[worst].rank)
			worst = i;
	for (size_t i = worst + 1; i < count; i++)
		names[i - 1] = names[i];
	return count - 1;
}

#define FLOOR_NAME_BYTES (FMT_BYTES + 16)

/* "memcpy"; with its value and an arrow if the axis does not reach it. */
static const char *floor_name(const struct drawing *d, char text[FLOOR_NAME_BYTES])
{
	double ns = d->plot->floor_ns;
	char value[FMT_BYTES];

	if (on_axis(d, ns))
		return "memcpy";
	fmt_ns(ns, d->grid->glyphs == GLYPHS_ASCII, value);
	(void)snprintf(text, FLOOR_NAME_BYTES, ns < d->axis.low_ns ? "◂ memcpy %s" : "memcpy %s ▸",
		       value);
	return text;
}

/* Collects the names in ascending order, as names_place wants them. */
static size_t names_collect(const struct drawing *d, struct placed *names, const char *floor)
{
	struct placed below = {
		.ns = d->plot->floor_ns, .name = floor, .rank = 1, .role = ROLE_BASE};
	bool pending = below.ns > 0;
	size_t count = 0;

	for (size_t i = 0; i < d->plot->mark_count && i < PLOT_MARKS_MAX; i++) {
		const struct plot_mark *mark = &d->plot->marks[i];

		if (pending && mark->ns > below.ns) {
			names[count++] = below;
			pending = false;
		}
		if (on_axis(d, mark->ns))
			names[count++] = (struct placed){.ns = mark->ns,
							 .name = mark->name,
							 .rank = mark->rank,
							 .role = ROLE_MARK};
	}
	if (pending)
		names[count++] = below;
	return count;
}

static void draw_names(const struct drawing *d, int y)
{
	struct placed names[PLOT_MARKS_MAX + 1];
	char text[FLOOR_NAME_BYTES];
	size_t count = names_collect(d, names, floor_name(d, text));

	names_center(d, names, count);
	while (!names_place(names, count, d->axis.cells)) {
		count = names_drop(names, count);
		names_center(d, names, count);
	}
	for (size_t i = 0; i < count; i++)
		(void)grid_text(d->grid, d->area.x + names[i].x, y, names[i].width, names[i].role,
				names[i].name);
}

/* Writes how many samples lie outside the window. */
static void draw_outside(const struct drawing *d)
{
	char count[FMT_BYTES];
	int right = d->area.x + d->axis.cells;

	if (d->below >= 0.5)
		(void)grid_printf(d->grid, d->area.x, d->area.y, d->axis.cells, ROLE_WARN, "◂ %s",
				  fmt_count(d->below, count));
	if (d->above >= 0.5)
		(void)grid_printf_right(d->grid, right - 16, d->area.y, 16, ROLE_WARN, "%s ▸",
					fmt_count(d->above, count));
}

/* Draws below the bars the axis, its labels and the marks' names, as far as there are lines. */
static void draw_below(const struct drawing *d, int lines)
{
	int y = d->area.y + d->area.height;

	if (lines > 0)
		draw_axis(d, y);
	if (lines > 1) {
		plot_tick_labels(d->grid, d->area.x, y + 1, &d->axis);
		(void)grid_text_right(
			d->grid, d->area.x - PLOT_GUTTER, y + 1, PLOT_GUTTER - 1, ROLE_DIM,
			d->plot->counts == COUNTS_LOG ?
				"log" :
				plot_counts_name(d->plot->counts, d->grid->glyphs == GLYPHS_ASCII));
	}
	if (lines > 2)
		draw_names(d, y + 2);
	if (lines > 2 && d->bar > 1)
		(void)grid_printf_right(d->grid, d->area.x - PLOT_GUTTER, y + 2, PLOT_GUTTER - 1,
					ROLE_DIM, "/%d cols", d->bar);
}

int plot_bar_columns(const struct hist *hist, const struct axis *axis)
{
	static const double quarters[] = {25, 75};
	double most = fmax(axis->cells / BARS_LEAST, 1);
	double values[2];
	double middle; /* columns of the middle half, the IQR */

	plot_quantiles(hist, quarters, 2, values);
	if (!(values[1] > values[0]))
		return 1;
	middle = axis_position(axis, values[1]) - axis_position(axis, values[0]);
	return (int)fmin(ceil(middle / cbrt((double)hist->count)), most);
}

/* Bins whole bars, also the last one, of which the right end may cut some off. */
static void fill_bins(struct drawing *d)
{
	struct axis bars = d->axis;

	d->bar = plot_bar_columns(d->plot->hist, &d->axis);
	bars.cells = (d->axis.cells + d->bar - 1) / d->bar;
	bars.high_ns = axis_value(&d->axis, bars.cells * d->bar);
	d->largest = plot_bins(d->plot->hist, &bars, d->bins, &d->below, &d->above);
}

void plot_histogram(struct grid *grid, struct rect rect, const struct plot_histogram *plot)
{
	struct drawing d = {.grid = grid, .plot = plot, .axis = plot->axis, .area = rect};
	int lines = rect.height >= 6 ? 3 : rect.height >= 4 ? 2 : rect.height >= 2;

	if (rect.width <= PLOT_GUTTER || rect.height < 1)
		return;
	(void)rect_cut_left(&d.area, PLOT_GUTTER);
	d.area.height -= lines;
	d.axis.cells = d.area.width < PLOT_COLUMNS_MAX ? d.area.width : PLOT_COLUMNS_MAX;
	fill_bins(&d);
	for (int i = 0; i < d.axis.cells; i++)
		draw_column(&d, i);
	draw_line(&d, plot->floor_ns, ROLE_BASE);
	draw_line(&d, plot->cursor_ns, ROLE_ACCENT);
	draw_counts(&d);
	draw_outside(&d);
	draw_below(&d, lines);
}
