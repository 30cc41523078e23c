/* SPDX-License-Identifier: MIT */
/* Humps: coarse cells on a log axis, and the valleys between their peaks. */
#include "bench/stats/modes.h"

#include <math.h>

#define CELLS_MAX 48
#define SHARE_LEAST 0.05 /* of the samples in each hump */
#define VALLEY 0.6       /* of the smaller peak: a deeper valley parts two humps */
#define SIGMAS 4.0       /* and so much deeper than chance makes it */
#define RATIO_LEAST 1.1  /* nearer peaks do not matter */

/*
 * The middle 99 % of a distribution. Each sum is over three neighbours, so that noise is
 * no peak.
 */
struct cells {
	size_t count;
	double low_ns, step; /* cell i begins at low_ns * exp(i * step) */
	double samples[CELLS_MAX];
	double sums[CELLS_MAX];
};

static double cell_at_ns(const struct cells *cells, double cell)
{
	return cells->low_ns * exp(cell * cells->step);
}

static bool cells_fill(struct cells *cells, const struct hist *hist)
{
	/* Whole buckets: otherwise samples at the very ends would be cut. */
	double low_ns = (double)hist_bucket_low_ns(hist_bucket(hist_percentile(hist, 0.5)));
	double high_ns = (double)hist_bucket_low_ns(hist_bucket(hist_percentile(hist, 99.5)) + 1);
	size_t count = (size_t)fmin(CELLS_MAX, 8 + sqrt((double)hist->count));

	if (!(low_ns > 0) || !(high_ns > low_ns))
		return false;
	*cells = (struct cells){
		.count = count,
		.low_ns = low_ns,
		.step = log(high_ns / low_ns) / (double)count,
	};
	for (size_t i = 0; i < count; i++)
		cells->samples[i] = hist_count_between(hist, cell_at_ns(cells, (double)i),
						       cell_at_ns(cells, (double)i + 1));
	for (size_t i = 0; i < count; i++)
		cells->sums[i] = cells->samples[i] + (i > 0 ? cells->samples[i - 1] : 0) +
				 (i + 1 < count ? cells->samples[i + 1] : 0);
	return true;
}

/* Three sums are alike around a hump narrower than a cell: it lies where the samples are. */
static size_t highest(const struct cells *cells, size_t from, size_t to)
{
	size_t best = from;

	for (size_t i = from; i < to; i++)
		if (cells->sums[i] > cells->sums[best] ||
		    (!(cells->sums[i] < cells->sums[best]) &&
		     cells->samples[i] > cells->samples[best]))
			best = i;
	return best;
}

static double lowest_sum(const struct cells *cells, size_t from, size_t to)
{
	double lowest = cells->sums[from];

	for (size_t i = from; i < to; i++)
		lowest = fmin(lowest, cells->sums[i]);
	return lowest;
}

static double share_from(const struct cells *cells, size_t valley, double total)
{
	double above = 0;

	for (size_t i = valley; i < cells->count; i++)
		above += cells->samples[i];
	return above / total;
}

/* Whether the cells on both sides of a valley are humps. Fills modes in any case. */
static bool valley_parts(const struct cells *cells, size_t valley, double total,
			 struct modes *modes)
{
	size_t left = highest(cells, 0, valley);
	size_t right = highest(cells, valley + 1, cells->count);
	double peak = fmin(cells->sums[left], cells->sums[right]);
	double low = lowest_sum(cells, left, right);

	*modes = (struct modes){
		.low_ns = cell_at_ns(cells, (double)left + 0.5),
		.high_ns = cell_at_ns(cells, (double)right + 0.5),
		.high_share = share_from(cells, valley, total),
	};
	return low < VALLEY * peak && peak - low > SIGMAS * sqrt(peak + low) &&
	       modes->high_share >= SHARE_LEAST && modes->high_share <= 1 - SHARE_LEAST &&
	       modes->high_ns >= modes->low_ns * RATIO_LEAST;
}

bool modes_find(const struct hist *hist, struct modes *modes)
{
	struct cells cells;
	struct modes found;
	double deepest = INFINITY;

	if (!hist || hist->count < MODES_SAMPLES_LEAST || !cells_fill(&cells, hist))
		return false;
	for (size_t i = 1; i + 1 < cells.count; i++) {
		if (cells.sums[i] < deepest &&
		    valley_parts(&cells, i, (double)hist->count, &found)) {
			deepest = cells.sums[i];
			*modes = found;
		}
	}
	return deepest < INFINITY;
}

double modes_count(const struct hist *hist)
{
	struct modes modes;

	if (!hist || hist->count < MODES_SAMPLES_LEAST)
		return NAN;
	return modes_find(hist, &modes) ? 2 : 1;
}
