/* SPDX-License-Identifier: MIT */
/* Latency over time in slices that double when the time outgrows them. */
#include "bench/stats/series.h"

#include <math.h>
#include <string.h>

#define SLICE_SHORTEST_NS 1000000u

size_t series_bin(uint64_t latency_ns)
{
	double octave = log2((double)latency_ns) - SERIES_OCTAVE_FIRST;

	if (latency_ns <= (uint64_t)1 << SERIES_OCTAVE_FIRST)
		return 0;
	if (octave * SERIES_BINS_PER_OCTAVE >= SERIES_BINS)
		return SERIES_BINS - 1;
	return (size_t)(octave * SERIES_BINS_PER_OCTAVE);
}

/* Where a bin begins; the fraction is a way into it. */
static double bin_at_ns(double bin)
{
	return exp2(SERIES_OCTAVE_FIRST + bin / SERIES_BINS_PER_OCTAVE);
}

double series_bin_low_ns(size_t bin)
{
	return bin_at_ns((double)bin);
}

static void series_halve(struct series *series)
{
	for (size_t i = 0; i < SERIES_SLICES / 2; i++) {
		for (size_t bin = 0; bin < SERIES_BINS; bin++)
			series->counts[i][bin] =
				series->counts[2 * i][bin] + series->counts[2 * i + 1][bin];
	}
	memset(series->counts[SERIES_SLICES / 2], 0, sizeof(series->counts) / 2);
	series->used = (series->used + 1) / 2;
	series->slice_ns *= 2;
}

/* No shorter than the first sample: slices that no sample ends in would only be gaps. */
static uint64_t slice_first_ns(uint64_t latency_ns)
{
	return latency_ns > SLICE_SHORTEST_NS ? latency_ns : SLICE_SHORTEST_NS;
}

void series_record(struct series *series, uint64_t at_ns, uint64_t latency_ns)
{
	size_t slice;

	if (series->slice_ns == 0)
		series->slice_ns = slice_first_ns(latency_ns);
	while (at_ns / series->slice_ns >= SERIES_SLICES)
		series_halve(series);
	slice = at_ns / series->slice_ns;
	series->counts[slice][series_bin(latency_ns)]++;
	if (slice >= series->used)
		series->used = slice + 1;
}

static uint64_t slice_count(const struct series *series, size_t slice)
{
	uint64_t count = 0;

	for (size_t bin = 0; bin < SERIES_BINS; bin++)
		count += series->counts[slice][bin];
	return count;
}

/* The samples of a bin are taken to lie evenly in it. */
double series_percentile_ns(const struct series *series, size_t slice, double percent)
{
	double rank = ceil(percent / 100.0 * (double)slice_count(series, slice) * (1 - 1e-12));
	double seen = 0;

	rank = rank > 1 ? rank : 1;
	for (size_t bin = 0; bin < SERIES_BINS; bin++) {
		double count = series->counts[slice][bin];

		if (count > 0 && seen + count >= rank)
			return bin_at_ns((double)bin + (rank - seen - 0.5) / count);
		seen += count;
	}
	return 0;
}
