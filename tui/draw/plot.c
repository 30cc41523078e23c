/* SPDX-License-Identifier: MIT */
/* Latency axes, their round values, and distributions cut into cells. */
#include "tui/draw/plot.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define SNAP 8 /* limits lie on 2^(1/SNAP) */

static double clamp(double value, double low, double high)
{
	return value > low ? value < high ? value : high : low; /* NaN: low */
}

/* Whatever is asked for, an axis has two different positive limits and a cell. */
static struct axis axis_make(double low_ns, double high_ns, int cells, bool linear)
{
	struct axis axis = {.linear = linear};

	axis.low_ns = clamp(low_ns, 1e-3, 1e18);
	axis.high_ns = clamp(high_ns, axis.low_ns * 1.0001, 2e18);
	axis.cells = cells < 1 ? 1 : cells < PLOT_COLUMNS_MAX ? cells : PLOT_COLUMNS_MAX;
	return axis;
}

struct axis axis_fit(double low_ns, double high_ns, int cells, bool linear)
{
	double low = clamp(low_ns, 1, 1e18);
	double high = clamp(high_ns, low, 1e18);

	low = exp2(floor(log2(low * 0.97) * SNAP) / SNAP);
	high = exp2(ceil(log2(high * 1.03) * SNAP) / SNAP);
	return axis_make(low, high, cells, linear);
}

/* A value of the axis at a share of it. */
static double axis_at_share(const struct axis *axis, double share)
{
	if (axis->linear)
		return axis->low_ns + (axis->high_ns - axis->low_ns) * share;
	return axis->low_ns * pow(axis->high_ns / axis->low_ns, share);
}

struct axis axis_window(const struct axis *axis, double left, double right)
{
	left = clamp(left, 0, 1);
	right = clamp(right, left, 1);
	return axis_make(axis_at_share(axis, left), axis_at_share(axis, right), axis->cells,
			 axis->linear);
}

double axis_position(const struct axis *axis, double ns)
{
	double share;

	if (axis->linear)
		share = (ns - axis->low_ns) / (axis->high_ns - axis->low_ns);
	else
		share = log(clamp(ns, 1e-6, 1e19) / axis->low_ns) /
			log(axis->high_ns / axis->low_ns);
	return share * axis->cells;
}

double axis_value(const struct axis *axis, double position)
{
	return axis_at_share(axis, position / axis->cells);
}

int axis_cell(const struct axis *axis, double ns)
{
	return (int)clamp(floor(axis_position(axis, ns)), 0, axis->cells - 1);
}

/* "20.0ms" -> "20ms": labels of round values. */
static void tick_text(double ns, bool ascii, char text[FMT_BYTES])
{
	char figure[FMT_BYTES];
	size_t number;
	size_t kept;

	fmt_ns(ns, ascii, figure);
	number = strspn(figure, "0123456789.");
	kept = number;
	if (memchr(figure, '.', number)) {
		while (kept > 1 && figure[kept - 1] == '0')
			kept--;
		kept -= kept > 1 && figure[kept - 1] == '.';
	}
	(void)snprintf(text, FMT_BYTES, "%.*s%s", (int)kept, figure, figure + number);
}

/* Where ticks are collected; a try fails as soon as one is too close to the one before. */
struct tick_try {
	const struct axis *axis;
	bool upright, ascii;
	int apart;
	int count;
	int used; /* the first cell that is free */
	struct tick *ticks;
};

/* Adds a tick if it lies on the axis; false if it is too close to the one before. */
static bool tick_add(struct tick_try *try, double ns)
{
	const struct axis *axis = try->axis;
	struct tick *tick = &try->ticks[try->count];
	int width = 1;
	int left;

	if (ns < axis->low_ns * 0.99999 || ns > axis->high_ns * 1.00001)
		return true;
	if (try->count == AXIS_TICKS_MAX)
		return false;
	tick->ns = ns;
	tick->cell = axis_cell(axis, ns);
	tick_text(ns, try->ascii, tick->text);
	if (!try->upright)
		width = glyph_text_width(GLYPHS_UTF8, tick->text);
	if (width > axis->cells)
		return true;
	left = (int)clamp(tick->cell - (width - 1) / 2, 0, axis->cells - width);
	if (try->count > 0 && left < try->used + try->apart)
		return false;
	try->used = left + width;
	try->count++;
	return true;
}

/* Powers of ten, every so many of them, times each of the factors. */
static bool ticks_of_decades(struct tick_try *try, const char *factors, int every)
{
	int first = (int)floor(log10(try->axis->low_ns));
	int last = (int)ceil(log10(try->axis->high_ns));

	first -= ((first % every) + every) % every;
	for (int decade = first; decade <= last; decade += every)
		for (const char *factor = factors; *factor; factor++)
			if (!tick_add(try, pow(10, decade) * (*factor - '0')))
				return false;
	return true;
}

static bool ticks_of_step(struct tick_try *try, double step)
{
	double first = ceil(try->axis->low_ns / step);

	for (int i = 0; i <= AXIS_TICKS_MAX * 4; i++)
		if (!tick_add(try, (first + i) * step))
			return false;
	return true;
}

/* 1, 2, 5, 10, ... from the largest not above value. */
static double step_near(double value)
{
	double decade = pow(10, floor(log10(value)));
	double share = value / decade;

	return decade * (share < 2 ? 1 : share < 5 ? 2 : 5);
}

static double step_next(double step)
{
	return step_near(step * 2.6);
}

struct axis axis_rounded(double low_ns, double high_ns, int cells)
{
	double low = clamp(low_ns, 1, 1e17);
	double high = clamp(high_ns, low, 1e17);

	return axis_make(step_near(low), step_next(step_near(high)), cells, false);
}

static bool ticks_linear(struct tick_try *try, int least)
{
	double step = step_near((try->axis->high_ns - try->axis->low_ns) / AXIS_TICKS_MAX);

	for (int i = 0; i < 6; i++) {
		try->count = 0;
		if (ticks_of_step(try, step) && try->count > 0)
			return try->count >= least;
		step = step_next(step);
	}
	return false;
}

static bool ticks_log(struct tick_try *try)
{
	static const struct {
		const char *factors;
		int every;
	} densities[] = {{"125", 1}, {"1", 1}, {"1", 2}, {"1", 3}};

	for (size_t i = 0; i < sizeof(densities) / sizeof(densities[0]); i++) {
		try->count = 0;
		if (ticks_of_decades(try, densities[i].factors, densities[i].every))
			return true;
	}
	return false;
}

int axis_ticks(const struct axis *axis, bool upright, int apart, bool ascii,
	       struct tick ticks[AXIS_TICKS_MAX])
{
	struct tick_try try = {
		.axis = axis,
		.upright = upright,
		.ascii = ascii,
		.apart = apart,
		.ticks = ticks,
	};
	bool narrow = axis->high_ns / axis->low_ns < 8;

	/* Within less than a decade equal steps say more than 1-2-5. */
	if (axis->linear || narrow) {
		if (ticks_linear(&try, axis->linear ? 1 : 2))
			return try.count;
	}
	if (!ticks_log(&try) || try.count == 0)
		return ticks_linear(&try, 1) ? try.count : 0;
	return try.count;
}

void plot_tick_labels(struct grid *grid, int x, int y, const struct axis *axis)
{
	struct tick ticks[AXIS_TICKS_MAX];
	int count = axis_ticks(axis, false, 2, grid->glyphs == GLYPHS_ASCII, ticks);

	for (int i = 0; i < count; i++) {
		int width = glyph_text_width(grid->glyphs, ticks[i].text);
		int left = (int)clamp(ticks[i].cell - (width - 1) / 2, 0, axis->cells - width);

		(void)grid_text(grid, x + left, y, width, ROLE_DIM, ticks[i].text);
	}
}

void plot_quantiles(const struct hist *hist, const double *percents, size_t count,
		    double *values_ns)
{
	size_t done = 0;
	uint64_t seen = 0;

	for (size_t i = 0; i < count; i++)
		values_ns[i] = hist && hist->count ? (double)hist->max_ns : (double)NAN;
	for (struct hist_walk walk = hist_walk(hist); done < count && hist_next(&walk);) {
		seen += walk.count;
		while (done < count &&
		       (double)seen >= percents[done] / 100 * (double)hist->count * (1 - 1e-12)) {
			if (seen < hist->count)
				values_ns[done] = (double)walk.value_ns;
			done++;
		}
	}
}

double plot_slice_ns(const struct series *series, size_t slice, double percent)
{
	const uint32_t *counts = series->counts[slice];
	uint64_t total = 0;
	uint64_t seen = 0;
	uint64_t rank;
	size_t bin = 0;
	double within;

	for (size_t i = 0; i < SERIES_BINS; i++)
		total += counts[i];
	if (total == 0)
		return 0;
	rank = (uint64_t)ceil(percent / 100 * (double)total * (1 - 1e-12));
	rank = rank > 1 ? rank : 1;
	while (seen + counts[bin] < rank)
		seen += counts[bin++];
	/* The samples of a bin are taken to lie evenly in it. */
	within = ((double)(rank - seen) - 0.5) / counts[bin];
	return exp2(SERIES_OCTAVE_FIRST + ((double)bin + within) / SERIES_BINS_PER_OCTAVE);
}

/*
 * A bucket narrower than a cell goes to the cell of its middle, so that counts
 * stay whole; a wider one is shared. per_log: cells for a factor of e.
 */
static void bin_bucket(const struct axis *axis, const struct hist_walk *bucket, double per_log,
		       double *bins, double *below, double *above)
{
	double count = (double)bucket->count;
	double low_ns = fmax((double)bucket->low_ns, 0.5);
	double high_ns = (double)bucket->high_ns;
	double low = axis->linear ? axis_position(axis, low_ns) :
				    log(low_ns / axis->low_ns) * per_log;
	double high = axis->linear ? axis_position(axis, high_ns) :
				     low + log1p((high_ns - low_ns) / low_ns) * per_log;
	int first, last;

	if (high - low < 1)
		low = high = floor((low + high) / 2) + 0.5;
	if (low == high) {
		low -= 0.5;
		high += 0.5;
	}
	first = (int)floor(clamp(low, 0, axis->cells));
	last = (int)ceil(clamp(high, 0, axis->cells));
	*below += count * clamp(-low / (high - low), 0, 1);
	*above += count * clamp((high - axis->cells) / (high - low), 0, 1);
	for (int i = first; i < last; i++) {
		double overlap = fmin(high, i + 1) - fmax(low, i);

		bins[i] += overlap > 0 ? count * overlap / (high - low) : 0;
	}
}

double plot_bins(const struct hist *hist, const struct axis *axis, double bins[PLOT_COLUMNS_MAX],
		 double *below, double *above)
{
	double per_log = axis->cells / log(axis->high_ns / axis->low_ns);
	double largest = 0;

	*below = *above = 0;
	memset(bins, 0, sizeof(double) * (size_t)axis->cells);
	for (struct hist_walk walk = hist_walk(hist); hist_next(&walk);)
		bin_bucket(axis, &walk, per_log, bins, below, above);
	for (int i = 0; i < axis->cells; i++)
		largest = fmax(largest, bins[i]);
	return largest;
}
