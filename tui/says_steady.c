/* SPDX-License-Identifier: MIT */
/* Is a cell steady? Humps, drift, blocks that disagree. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fmt.h"
#include "bench/summary.h"
#include "tui/plot.h"
#include "tui/says.h"

bool says_median_interval(const struct hist *hist, double *low_ns, double *high_ns)
{
	uint64_t rank = hist ? summary_ci_rank(hist->count) : 0;
	double percents[2];
	double values[2];

	if (rank == 0)
		return false;
	percents[0] = 100.0 * (double)rank / (double)hist->count;
	percents[1] = 100.0 * (double)(hist->count + 1 - rank) / (double)hist->count;
	plot_quantiles(hist, percents, 2, values);
	*low_ns = values[0];
	*high_ns = values[1];
	return true;
}

#define HUMP_CELLS_MAX 48
#define HUMP_SAMPLES_LEAST 100
#define HUMP_SHARE_LEAST 0.05 /* of the samples in each hump */
#define HUMP_VALLEY 0.6       /* of the smaller peak: a deeper valley parts two humps */
#define HUMP_SIGMAS 4.0       /* and so much deeper than chance makes it */
#define HUMP_RATIO_LEAST 1.1  /* nearer peaks do not matter */

/* A distribution in coarse cells, each the sum of three neighbours, so that peaks are not noise. */
struct hump_cells {
	struct axis axis;
	double raw[PLOT_COLUMNS_MAX];
	double sums[HUMP_CELLS_MAX];
};

static void hump_cells_fill(struct hump_cells *cells, const struct hist *hist)
{
	static const double ends[] = {0.5, 99.5};
	double values[2];
	double below, above;
	int count = (int)fmin(HUMP_CELLS_MAX, 8 + sqrt((double)hist->count));

	plot_quantiles(hist, ends, 2, values);
	cells->axis = axis_fit(values[0], values[1], count, false);
	(void)plot_bins(hist, &cells->axis, cells->raw, &below, &above);
	for (int i = 0; i < count; i++)
		cells->sums[i] = cells->raw[i] + (i > 0 ? cells->raw[i - 1] : 0) +
				 (i + 1 < count ? cells->raw[i + 1] : 0);
}

static int highest(const struct hump_cells *cells, int from, int to)
{
	int best = from;

	for (int i = from; i < to; i++)
		if (cells->sums[i] > cells->sums[best])
			best = i;
	return best;
}

static int lowest(const struct hump_cells *cells, int from, int to)
{
	int best = from;

	for (int i = from; i < to; i++)
		if (cells->sums[i] < cells->sums[best])
			best = i;
	return best;
}

/* Whether the cells on both sides of a valley are humps; fills in where. */
static bool humps_at(const struct hump_cells *cells, int valley, double count,
		     struct says_humps *humps)
{
	int left = highest(cells, 0, valley);
	int right = highest(cells, valley + 1, cells->axis.cells);
	double peak = fmin(cells->sums[left], cells->sums[right]);
	double low = cells->sums[lowest(cells, left, right)];
	double above = 0;

	for (int i = valley; i < cells->axis.cells; i++)
		above += cells->raw[i];
	humps->low_ns = axis_value(&cells->axis, left + 0.5);
	humps->high_ns = axis_value(&cells->axis, right + 0.5);
	humps->high_share = above / count;
	return low < HUMP_VALLEY * peak && peak - low > HUMP_SIGMAS * sqrt(peak + low) &&
	       humps->high_share >= HUMP_SHARE_LEAST && humps->high_share <= 1 - HUMP_SHARE_LEAST &&
	       humps->high_ns >= humps->low_ns * HUMP_RATIO_LEAST;
}

bool says_find_humps(const struct hist *hist, struct says_humps *humps)
{
	struct hump_cells cells;
	struct says_humps found;
	double deepest = INFINITY;

	if (!hist || hist->count < HUMP_SAMPLES_LEAST)
		return false;
	hump_cells_fill(&cells, hist);
	for (int i = 1; i + 1 < cells.axis.cells; i++) {
		if (cells.sums[i] < deepest && humps_at(&cells, i, (double)hist->count, &found)) {
			deepest = cells.sums[i];
			*humps = found;
		}
	}
	return deepest < INFINITY;
}

#define DRIFT_SLICES_LEAST 4 /* in each third */
#define DRIFT_RATIO_LEAST 1.1

/* The rank'th smallest of a few values. */
static double value_at_rank(const double *values, size_t count, size_t rank)
{
	for (size_t i = 0; i < count; i++) {
		size_t below = 0;
		size_t equal = 0;

		for (size_t j = 0; j < count; j++) {
			below += values[j] < values[i];
			equal += values[j] == values[i];
		}
		if (below <= rank && rank < below + equal)
			return values[i];
	}
	return NAN;
}

bool says_find_drift(const struct series *series, struct says_drift *drift)
{
	double medians[SERIES_SLICES];
	size_t count = 0;
	size_t third;
	const double *late;

	for (size_t i = 0; series && i < series->used && i < SERIES_SLICES; i++) {
		double ns = plot_slice_ns(series, i, 50);

		if (ns > 0)
			medians[count++] = ns;
	}
	third = count / 3;
	if (third < DRIFT_SLICES_LEAST)
		return false;
	late = medians + count - third;
	drift->first_ns = value_at_rank(medians, third, third / 2);
	drift->last_ns = value_at_rank(late, third, third / 2);
	/* The middle halves of both thirds lie apart, and far enough to matter. */
	if (drift->last_ns > drift->first_ns)
		return drift->last_ns >= drift->first_ns * DRIFT_RATIO_LEAST &&
		       value_at_rank(late, third, third / 4) >
			       value_at_rank(medians, third, third * 3 / 4);
	return drift->first_ns >= drift->last_ns * DRIFT_RATIO_LEAST &&
	       value_at_rank(medians, third, third / 4) > value_at_rank(late, third, third * 3 / 4);
}

#define BLOCK_SAMPLES_LEAST 10
#define BLOCK_RATIO_LEAST 1.3

/* The lowest and the highest median of blocks with enough samples. */
static bool blocks_disagree(const struct cell *cell, double *low_ns, double *high_ns)
{
	*low_ns = INFINITY;
	*high_ns = 0;
	for (size_t i = 0; cell->blocks && i < cell->blocks_done; i++) {
		if (cell->blocks[i].samples < BLOCK_SAMPLES_LEAST)
			continue;
		*low_ns = fmin(*low_ns, cell->blocks[i].p50_ns);
		*high_ns = fmax(*high_ns, cell->blocks[i].p50_ns);
	}
	return *high_ns > *low_ns * BLOCK_RATIO_LEAST;
}

bool says_unsteady(const struct cell *cell, char text[SAYS_BYTES])
{
	char name[TRANSPORT_NAME_BYTES];
	char low[FMT_BYTES];
	char high[FMT_BYTES];
	struct says_humps humps;
	struct says_drift drift;
	double low_ns, high_ns;

	text[0] = '\0';
	if (cell->state != CELL_DONE && cell->state != CELL_INTERRUPTED)
		return false;
	transport_format(&cell->plan->transport, name);
	if (blocks_disagree(cell, &low_ns, &high_ns))
		(void)snprintf(text, SAYS_BYTES,
			       "%s: its blocks disagree, their medians lie between %s and "
			       "%s.",
			       name, fmt_ns(low_ns, false, low), fmt_ns(high_ns, false, high));
	else if (says_find_drift(cell->series, &drift))
		(void)snprintf(text, SAYS_BYTES,
			       "%s got %.0f%% %s while it ran: %s in the first third of its "
			       "time, %s in the last.",
			       name, 100 * fabs(drift.last_ns / drift.first_ns - 1),
			       drift.last_ns > drift.first_ns ? "slower" : "faster",
			       fmt_ns(drift.first_ns, false, low),
			       fmt_ns(drift.last_ns, false, high));
	else if (says_find_humps(cell->latency, &humps))
		(void)snprintf(text, SAYS_BYTES,
			       "%s has two humps: %s, and %s for %.0f%% of its samples; the median "
			       "hides that.",
			       name, fmt_ns(humps.low_ns, false, low),
			       fmt_ns(humps.high_ns, false, high), 100 * humps.high_share);
	return text[0] != '\0';
}
