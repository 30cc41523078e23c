/* SPDX-License-Identifier: MIT */
/*
 * Plots made of cells: axes, distributions, strips, maps and bars. Everything is
 * drawn into a rect or a run of cells of any size; figures may be NaN.
 */
#ifndef TUI_DRAW_PLOT_H
#define TUI_DRAW_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/stats/hist.h"
#include "bench/stats/series.h"
#include "bench/text/fmt.h"
#include "tui/draw/grid.h"

#define PLOT_COLUMNS_MAX 512 /* plots are not wider, whatever the screen is */

/* How bars stand for counts. */
enum count_scale {
	COUNTS_SQRT,
	COUNTS_LINEAR,
	COUNTS_LOG,
	COUNT_SCALES,
};

/* Latencies from low_ns to high_ns over so many cells, to the right or upwards. */
struct axis {
	double low_ns, high_ns; /* the outer edges of the first and the last cell */
	int cells;
	bool linear;
};

/* Room on both sides of low to high; the limits snap, so that a growing range seldom moves them. */
struct axis axis_fit(double low_ns, double high_ns, int cells, bool linear);

/* From a round value to another, for a logarithmic axis that several rows share. */
struct axis axis_rounded(double low_ns, double high_ns, int cells);

/* The part of axis between two shares of it (0 to 1), over the same cells. */
struct axis axis_window(const struct axis *axis, double left, double right);

/*
 * Where a value lies, in cells from the low edge, perhaps outside; and the value at such a
 * place.
 */
double axis_position(const struct axis *axis, double ns);
double axis_value(const struct axis *axis, double position);

/* The cell of a value, kept inside the axis. */
int axis_cell(const struct axis *axis, double ns);

#define AXIS_TICKS_MAX 16

struct tick {
	double ns;
	int cell;
	char text[FMT_BYTES]; /* "20ms" */
};

/*
 * Round values with their labels, ascending, as many as keep `apart` cells free
 * between them: labels side by side (apart from 1 up), or, for an upright
 * axis, one a line (upright). Returns how many.
 */
int axis_ticks(const struct axis *axis, bool upright, int apart, bool ascii,
	       struct tick ticks[AXIS_TICKS_MAX]);

/* The labels of axis under a plot that begins at x. */
void plot_tick_labels(struct grid *grid, int x, int y, const struct axis *axis);

/* The values at ascending percents, in one pass; NaN where hist is NULL or empty. */
void plot_quantiles(const struct hist *hist, const double *percents, size_t count,
		    double *values_ns);

/* As series_percentile_ns, but quick enough for every slice of every row of a screen. */
double plot_slice_ns(const struct series *series, size_t slice, double percent);

/*
 * The samples in each cell of the axis. Returns the largest; *below and *above
 * get those outside.
 */
double plot_bins(const struct hist *hist, const struct axis *axis, double bins[PLOT_COLUMNS_MAX],
		 double *below, double *above);

/* A name under a histogram's axis. If not all fit, those of the highest ranks are left out. */
struct plot_mark {
	double ns; /* NaN: left out */
	const char *name;
	int rank;
};

#define PLOT_MARKS_MAX 8

struct plot_histogram {
	const struct hist *hist;
	struct axis axis; /* cells is set when it is drawn */
	enum count_scale counts;
	const struct plot_mark *marks; /* ascending, at most PLOT_MARKS_MAX */
	size_t mark_count;
	double cursor_ns; /* NaN: none */
	double floor_ns;  /* one copy in memory; 0 or NaN: not known */
};

/* The cells that a histogram's counts take at its left. */
#define PLOT_GUTTER 9

/*
 * How many columns of axis are one bar: more than one if samples are few, since bars of few
 * samples would show their own noise. Half of what Freedman and Diaconis advise, 2 IQR /
 * n^(1/3) ("On the histogram as a density estimator", 1981), on the axis as it is: half, so
 * that two humps stay two.
 */
int plot_bar_columns(const struct hist *hist, const struct axis *axis);

/*
 * Bars over a latency axis, with counts at the left, and marks and labels below. A floor is
 * a dotted line, or a name with an arrow if it lies off the axis.
 */
void plot_histogram(struct grid *grid, struct rect rect, const struct plot_histogram *plot);

/* "√ count", "count", "log count". */
const char *plot_counts_name(enum count_scale counts, bool ascii);

/* Median, middle half, p1 to p99 and maximum in one line. */
void plot_strip(struct grid *grid, int x, int y, const struct axis *axis, const struct hist *hist,
		bool final);

/* A floor in a line of strips, drawn before them; an arrow if it lies off the axis. */
void plot_floor(struct grid *grid, int x, int y, const struct axis *axis, double ns);

/*
 * Where an axis from low_ns should begin so that a floor is in sight: at the
 * floor if it is not more than an octave below, else at low_ns.
 */
double plot_floor_low(double low_ns, double floor_ns);

/* A distribution divided by its own median, from plot_spread_low to plot_spread_high of it. */
void plot_spread(struct grid *grid, int x, int y, int width, const struct hist *hist);
/* The labels above such a plot: ".75 1  2 3x". */
void plot_spread_labels(struct grid *grid, int x, int y, int width);

/*
 * A percentile of each slice as a line of bars. The time so far takes share of the width (0
 * to 1]; the rest is yet to come.
 */
void plot_trend(struct grid *grid, int x, int y, int width, const struct series *series,
		double percent, double share);

/* Latency upwards, time to the right, samples as shade; the time below if there is room. */
void plot_heat(struct grid *grid, struct rect rect, const struct series *series, double share);

/* A bar of share (0 to 1) of width, to eighths of a cell; a share above 0 always shows. */
void plot_bar(struct grid *grid, int x, int y, int width, double share, enum role role);

/*
 * The share of a bar that a ratio fills: logarithmic; the largest ratio, but at least 10,
 * fills it.
 */
double plot_ratio_share(double ratio, double largest);

struct plot_part {
	double value; /* NaN or 0: nothing */
	uint32_t glyph;
	enum role role;
};

/* Parts end to end over width cells, which stand for total. Returns the cells used. */
int plot_stack(struct grid *grid, int x, int y, int width, const struct plot_part *parts,
	       size_t count, double total);

/* One curve of letters. */
struct plot_line {
	char letter;
	enum role role;
	const struct hist *hist; /* plot_ladder */
	const double *values_ns; /* plot_scaling: one for each size, NaN where unknown */
};

/* Latency upwards over the percentiles, every nine as wide as the next. */
void plot_ladder(struct grid *grid, struct rect rect, const struct plot_line *lines, size_t count);

/* Latency upwards over array sizes, both logarithmic; labels name the sizes. */
void plot_scaling(struct grid *grid, struct rect rect, const struct plot_line *lines, size_t count,
		  const double *sizes, const char *const *labels, size_t size_count);

/* A step of a sweep. */
struct plot_load_point {
	double asked; /* a second; 0 or NaN: not known yet */
	double p50_ns, p99_ns; /* NaN where unknown */
	bool kept_up;
	bool selected;
};

/* Latency upwards, logarithmic, over the rate asked for; points[knee] is marked if there is one. */
void plot_load(struct grid *grid, struct rect rect, const struct plot_load_point *points,
	       size_t count, size_t knee);

#endif
