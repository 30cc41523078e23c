/* SPDX-License-Identifier: MIT */
/* The heat map: latency upwards, time to the right, shade for the number of samples. */
#include <math.h>
#include <string.h>

#include "tui/draw/clamp.h"
#include "tui/draw/plot.h"

#define MAP_ROWS_MAX 64

/* A heat map while it is drawn. */
struct map {
	struct grid *grid;
	const struct series *series;
	struct rect area;
	struct axis axis; /* upwards */
	int low_bin;      /* the first bin of its first row; may be below 0 */
	int row_bins;     /* whole bins a row, so that a sample is in one row and in no other */
	int past;         /* columns that the time so far takes */
	double largest;   /* of all cells */
};

/* Finds the first and the last bin with a sample. False: there is none. */
static bool bins_used(const struct series *series, size_t *first, size_t *last)
{
	*first = SERIES_BINS;
	*last = 0;
	for (size_t slice = 0; slice < series->used && slice < SERIES_SLICES; slice++) {
		const uint32_t *counts = series->counts[slice];

		for (size_t bin = 0; bin < *first; bin++)
			if (counts[bin])
				*first = bin;
		for (size_t bin = SERIES_BINS - 1; bin > *last; bin--)
			if (counts[bin])
				*last = bin;
	}
	return *first < SERIES_BINS;
}

static double bin_edge_ns(int bin)
{
	return exp2(SERIES_OCTAVE_FIRST + (double)bin / SERIES_BINS_PER_OCTAVE);
}

/* Fits the axis around the bins that were used. */
static void map_fit(struct map *map, size_t first, size_t last)
{
	int rows = map->area.height;
	int used = (int)(last - first) + 1;

	map->row_bins = (used + rows - 1) / rows;
	map->low_bin = (int)first - (rows * map->row_bins - used) / 2;
	map->axis = (struct axis){
		.low_ns = bin_edge_ns(map->low_bin),
		.high_ns = bin_edge_ns(map->low_bin + rows * map->row_bins),
		.cells = rows,
	};
}

/* The slices that a column of the map shows. */
static void column_slices(const struct map *map, int column, size_t *from, size_t *to)
{
	size_t used = map->series->used < SERIES_SLICES ? map->series->used : SERIES_SLICES;

	*from = (size_t)column * used / (size_t)map->past;
	*to = (size_t)(column + 1) * used / (size_t)map->past;
	if (*to <= *from)
		*to = *from + 1;
}

static void column_counts(const struct map *map, int column, double counts[MAP_ROWS_MAX])
{
	size_t from, to;

	memset(counts, 0, sizeof(double) * MAP_ROWS_MAX);
	column_slices(map, column, &from, &to);
	for (int i = 0; i < map->axis.cells * map->row_bins; i++) {
		int bin = map->low_bin + i;

		if (bin < 0 || bin >= SERIES_BINS)
			continue;
		for (size_t slice = from; slice < to; slice++)
			counts[i / map->row_bins] += map->series->counts[slice][bin];
	}
}

static void map_measure(struct map *map)
{
	double counts[MAP_ROWS_MAX];

	for (int column = 0; column < map->past; column++) {
		column_counts(map, column, counts);
		for (int row = 0; row < map->axis.cells; row++)
			map->largest = fmax(map->largest, counts[row]);
	}
}

static void map_draw_column(const struct map *map, int column)
{
	double counts[MAP_ROWS_MAX];
	int bottom = map->area.y + map->area.height - 1;

	column_counts(map, column, counts);
	for (int row = 0; row < map->axis.cells; row++) {
		double share = map->largest > 0 ? sqrt(counts[row] / map->largest) : 0;
		unsigned level = counts[row] > 0 ? 1 + (unsigned)(share * 3.999) : 0;

		grid_put(map->grid, map->area.x + column, bottom - row,
			 glyph_shade(level < 4 ? level : 4), ROLE_PLOT);
	}
}

/* Draws latencies at the left of an upright axis. */
static void draw_upright(struct grid *grid, struct rect area, const struct axis *axis)
{
	struct tick ticks[AXIS_TICKS_MAX];
	int count = axis_ticks(axis, true, 1, grid->glyphs == GLYPHS_ASCII, ticks);
	int bottom = area.y + area.height - 1;

	for (int i = 0; i < area.height; i++)
		grid_put(grid, area.x - 1, area.y + i, U'│', ROLE_DIM);
	for (int i = 0; i < count; i++) {
		int y = bottom - ticks[i].cell;

		(void)grid_text_right(grid, area.x - PLOT_GUTTER, y, PLOT_GUTTER - 2, ROLE_DIM,
				      ticks[i].text);
		grid_put(grid, area.x - 1, y, U'┤', ROLE_DIM);
	}
}

static void map_draw_times(const struct map *map, int y)
{
	bool ascii = map->grid->glyphs == GLYPHS_ASCII;
	double whole = (double)map->series->slice_ns * (double)map->series->used;
	int x = map->area.x;
	char text[FMT_BYTES];

	(void)grid_text(map->grid, x, y, 2, ROLE_DIM, "0s");
	if (map->past >= 30) {
		fmt_ns(whole / 2, ascii, text);
		(void)grid_text_center(map->grid, x + map->past / 2 - 6, y, 12, ROLE_DIM, text);
	}
	fmt_ns(whole, ascii, text);
	if (map->past >= 12)
		(void)grid_text_right(map->grid, x + map->past - 10, y, 10, ROLE_DIM, text);
}

static void map_draw_axis(const struct map *map, int y)
{
	grid_put(map->grid, map->area.x - 1, y, U'└', ROLE_DIM);
	grid_hline(map->grid, map->area.x, y, map->area.width, U'─', ROLE_DIM);
	if (map->past < map->area.width)
		grid_put(map->grid, map->area.x + map->past, y, U'▴', ROLE_ACCENT);
}

void plot_heat(struct grid *grid, struct rect rect, const struct series *series, double share)
{
	struct map map = {.grid = grid, .series = series, .area = rect};
	int lines = rect.height >= 5 ? 2 : 0;
	size_t first, last;

	if (!series || rect.width <= PLOT_GUTTER || rect.height < 1 ||
	    !bins_used(series, &first, &last))
		return;
	(void)rect_cut_left(&map.area, PLOT_GUTTER);
	map.area.height -= lines;
	if (map.area.height > MAP_ROWS_MAX) {
		map.area.y += map.area.height - MAP_ROWS_MAX;
		map.area.height = MAP_ROWS_MAX;
	}
	if (map.area.width > PLOT_COLUMNS_MAX)
		map.area.width = PLOT_COLUMNS_MAX;
	map.past = (int)clamp_double(round(share * map.area.width), 1, map.area.width);
	map_fit(&map, first, last);
	map_measure(&map);
	for (int column = 0; column < map.past; column++)
		map_draw_column(&map, column);
	draw_upright(grid, map.area, &map.axis);
	if (lines) {
		map_draw_axis(&map, map.area.y + map.area.height);
		map_draw_times(&map, map.area.y + map.area.height + 1);
	}
}
