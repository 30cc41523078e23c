/* SPDX-License-Identifier: MIT */
/*
 * Latency over time, for the heat map and the drift strip: slices of equal
 * length, each a coarse log histogram. When all slices are used, neighbours are
 * merged and the slice doubles, so that the whole run always fits.
 */
#ifndef BENCH_STATS_SERIES_H
#define BENCH_STATS_SERIES_H

#include <stddef.h>
#include <stdint.h>

#define SERIES_SLICES 128
#define SERIES_BINS_PER_OCTAVE 8
#define SERIES_OCTAVE_FIRST 6 /* bin 0 begins at 2^6 ns */
#define SERIES_BINS (36 * SERIES_BINS_PER_OCTAVE)

struct series {
	uint64_t slice_ns;       /* length of a slice in measured time; 0 while empty */
	size_t used;             /* slices with data or before such */
	uint32_t counts[SERIES_SLICES][SERIES_BINS];
};

/*
 * Adds a sample of latency_ns that ended at_ns after the cell's first (time spent in
 * other cells left out).
 */
void series_record(struct series *series, uint64_t at_ns, uint64_t latency_ns);

size_t series_bin(uint64_t latency_ns);
double series_bin_low_ns(size_t bin); /* also of SERIES_BINS: the end of the last */

/* The value at percent of one slice's samples, 0 if it has none. */
double series_percentile_ns(const struct series *series, size_t slice, double percent);

#endif
