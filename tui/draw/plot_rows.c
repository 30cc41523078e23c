/* SPDX-License-Identifier: MIT */
/* Plots of one line: intervals, spreads, trends and bars. */
#include <math.h>
#include <string.h>

#include "tui/draw/clamp.h"
#include "tui/draw/plot.h"

static void strip_run(struct grid *grid, int x, int y, int from, int to, uint32_t glyph,
		      enum role role)
{
	for (int i = from; i <= to; i++)
		grid_put(grid, x + i, y, glyph, role);
}

enum { STRIP_P1, STRIP_P25, STRIP_P50, STRIP_P75, STRIP_P99, STRIP_MAX, STRIP_FIGURES };

void plot_strip(struct grid *grid, int x, int y, const struct axis *axis, const struct hist *hist,
		bool final)
{
	static const double percents[STRIP_FIGURES] = {
		[STRIP_P1] = 1,   [STRIP_P25] = 25, [STRIP_P50] = 50,
		[STRIP_P75] = 75, [STRIP_P99] = 99, [STRIP_MAX] = 100,
	};
	double values[STRIP_FIGURES];
	int at[STRIP_FIGURES];

	plot_quantiles(hist, percents, STRIP_FIGURES, values);
	if (isnan(values[STRIP_P50]))
		return;
	for (int i = 0; i < STRIP_FIGURES; i++)
		at[i] = axis_cell(axis, values[i]);
	strip_run(grid, x, y, at[STRIP_P99], at[STRIP_MAX], U'╌', ROLE_DIM);
	strip_run(grid, x, y, at[STRIP_P1], at[STRIP_P99], U'─', ROLE_PLOT);
	strip_run(grid, x, y, at[STRIP_P25], at[STRIP_P75], U'━', ROLE_PLOT);
	/* The maximum is marked once it is final. */
	if (final)
		grid_put(grid, x + at[STRIP_MAX], y, U'×', ROLE_DIM);
	grid_put(grid, x + at[STRIP_P50], y, U'●', ROLE_MARK);
}

void plot_floor(struct grid *grid, int x, int y, const struct axis *axis, double ns)
{
	int cell = axis_cell(axis, ns);
	uint32_t glyph = ns < axis->low_ns ? U'◂' : ns > axis->high_ns ? U'▸' : U'┊';

	if (ns > 0)
		grid_put(grid, x + cell, y, glyph, ROLE_BASE);
}

#define FLOOR_NEAR 2 /* a floor farther below would take too many cells */

double plot_floor_low(double low_ns, double floor_ns)
{
	return floor_ns < low_ns && floor_ns * FLOOR_NEAR >= low_ns ? floor_ns : low_ns;
}

/* Shares of the median where the spread's plot begins and ends. */
#define SPREAD_LOW 0.7
#define SPREAD_HIGH 3.2

static void draw_levels(struct grid *grid, int x, int y, int width, const double *levels,
			enum role role)
{
	for (int i = 0; i < width; i++) {
		double level = ceil(levels[i] * 8 - 1e-9);

		grid_put(grid, x + i, y, glyph_bar_up((unsigned)clamp_double(level, 0, 8)), role);
	}
}

void plot_spread(struct grid *grid, int x, int y, int width, const struct hist *hist)
{
	static const double half = 50;
	double bins[PLOT_COLUMNS_MAX];
	double median;
	double below, above, largest;
	struct axis axis;

	plot_quantiles(hist, &half, 1, &median);
	if (isnan(median) || width < 1)
		return;
	axis = (struct axis){
		.low_ns = fmax(median, 1) * SPREAD_LOW,
		.high_ns = fmax(median, 1) * SPREAD_HIGH,
		.cells = width < PLOT_COLUMNS_MAX ? width : PLOT_COLUMNS_MAX,
	};
	largest = plot_bins(hist, &axis, bins, &below, &above);
	/* Samples outside are added to the cells at the ends. */
	bins[0] += below;
	bins[axis.cells - 1] += above;
	largest = fmax(largest, fmax(bins[0], bins[axis.cells - 1]));
	for (int i = 0; i < axis.cells; i++)
		bins[i] = largest > 0 ? sqrt(bins[i] / largest) : 0;
	draw_levels(grid, x, y, axis.cells, bins, ROLE_PLOT);
}

void plot_spread_labels(struct grid *grid, int x, int y, int width)
{
	static const struct {
		double ratio;
		const char *text;
	} labels[] = {{0.75, ".75"}, {1, "1"}, {2, "2"}, {3, "3×"}};
	struct axis axis = {
		.low_ns = SPREAD_LOW,
		.high_ns = SPREAD_HIGH,
		.cells = width > 1 ? width : 1,
	};
	int free = 0;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		int at = axis_cell(&axis, labels[i].ratio);
		int cells = glyph_text_width(GLYPHS_UTF8, labels[i].text);

		if (i == 3 && at + cells > width)
			at = width - cells;
		if (at < free)
			continue;
		(void)grid_text(grid, x + at, y, width - at, ROLE_DIM, labels[i].text);
		free = at + cells + 1;
	}
}

/* The largest percentile of the slices from `from` to before `to`; NaN if they have no sample. */
static double slices_percentile(const struct series *series, size_t from, size_t to, double percent)
{
	double largest = NAN;

	for (size_t i = from; i < to; i++) {
		double ns = plot_slice_ns(series, i, percent);

		if (ns > 0)
			largest = fmax(largest, ns); /* passes over NaN */
	}
	return largest;
}

static int trend_values(const struct series *series, double percent, int cells, double *values)
{
	size_t used = series->used < SERIES_SLICES ? series->used : SERIES_SLICES;
	int known = 0;

	for (int i = 0; i < cells; i++) {
		size_t from = (size_t)i * used / (size_t)cells;
		size_t to = (size_t)(i + 1) * used / (size_t)cells;

		values[i] = slices_percentile(series, from, to > from ? to : from + 1, percent);
		known += !isnan(values[i]);
	}
	return known;
}

/* A smaller ratio of the highest to the lowest is noise, and is drawn low. */
#define TREND_RATIO_LEAST 1.3

void plot_trend(struct grid *grid, int x, int y, int width, const struct series *series,
		double percent, double share)
{
	double values[PLOT_COLUMNS_MAX];
	double low = INFINITY;
	double high = 0;
	int cells = width < PLOT_COLUMNS_MAX ? width : PLOT_COLUMNS_MAX;
	int past = (int)clamp_double(round(share * cells), 1, cells);

	if (cells < 1 || !series || series->used == 0)
		return;
	(void)trend_values(series, percent, past, values);
	for (int i = 0; i < past; i++) {
		low = fmin(low, values[i]);
		high = fmax(high, values[i]);
	}
	high = fmax(high, low * TREND_RATIO_LEAST);
	for (int i = 0; i < past; i++) {
		double level = log(values[i] / low) / log(high / low);

		if (!isnan(values[i]))
			grid_put(grid, x + i, y,
				 glyph_bar_up(1 + (unsigned)clamp_double(level * 7.99, 0, 7)),
				 ROLE_PLOT);
	}
	for (int i = past; i < cells; i++)
		grid_put(grid, x + i, y, U'░', ROLE_DIM);
}

void plot_bar(struct grid *grid, int x, int y, int width, double share, enum role role)
{
	int eighths;

	if (!(share > 0) || width < 1)
		return;
	eighths = (int)lround(clamp_double(share, 0, 1) * 8 * width);
	for (eighths = eighths > 1 ? eighths : 1; eighths > 0; eighths -= 8)
		grid_put(grid, x++, y, glyph_bar_right((unsigned)(eighths < 8 ? eighths : 8)),
			 role);
}

double plot_ratio_share(double ratio, double largest)
{
	if (!(ratio > 1))
		return ratio > 0 ? 1e-6 : 0;
	return clamp_double(log(ratio) / log(fmax(largest, 10)), 1e-6, 1);
}

int plot_stack(struct grid *grid, int x, int y, int width, const struct plot_part *parts,
	       size_t count, double total)
{
	double sum = 0;
	int used = 0;

	if (!(total > 0) || width < 1)
		return 0;
	for (size_t i = 0; i < count; i++) {
		bool there = parts[i].value > 0;
		int end;

		sum += there ? parts[i].value : 0;
		end = (int)lround(clamp_double(sum / total, 0, 1) * width);
		/* A part that is there shows, if only as one cell. */
		if (there && end == used && used < width && parts[i].value > total / width / 4)
			end = used + 1;
		for (; used < end; used++)
			grid_put(grid, x + used, y, parts[i].glyph, parts[i].role);
	}
	return used;
}
