/* SPDX-License-Identifier: MIT */
/* Drift from the medians of ten tenths: Kendall's test, the line of Theil and Sen. */
#include "bench/stats/drift.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define TENTHS 10
#define PAIRS (TENTHS * (TENTHS - 1) / 2)

/*
 * 0.93 % of the orders of ten values have so many more pairs that rise than fall, or
 * the reverse (Kendall, Rank Correlation Methods, table of S; the test counts them).
 */
#define KENDALL_LEAST 29
#define RATIO_LEAST 1.1

static int compare(const void *a, const void *b)
{
	const double *left = a;
	const double *right = b;

	return (*left > *right) - (*left < *right);
}

/* Sorts values. */
static double median(double *values, size_t count)
{
	qsort(values, count, sizeof(values[0]), compare);
	return (values[(count - 1) / 2] + values[count / 2]) / 2;
}

/* The medians of the slices that have samples, in order. Returns how many. */
static size_t slices_read(const struct series *series, double medians_ns[SERIES_SLICES])
{
	size_t count = 0;

	for (size_t i = 0; i < series->used && i < SERIES_SLICES; i++) {
		double ns = series_percentile_ns(series, i, 50);

		if (ns > 0)
			medians_ns[count++] = ns;
	}
	return count;
}

static int balance_of_pairs(const double tenths_ns[TENTHS])
{
	int balance = 0;

	for (size_t i = 0; i < TENTHS; i++)
		for (size_t j = i + 1; j < TENTHS; j++)
			balance += (tenths_ns[j] > tenths_ns[i]) - (tenths_ns[j] < tenths_ns[i]);
	return balance;
}

/* By which factor the line of Theil and Sen changes from the first tenth to the last. */
static double line_ratio(const double tenths_ns[TENTHS])
{
	double slopes[PAIRS] = {0};
	size_t count = 0;

	for (size_t i = 0; i < TENTHS; i++)
		for (size_t j = i + 1; j < TENTHS; j++)
			slopes[count++] = log(tenths_ns[j] / tenths_ns[i]) / (double)(j - i);
	return exp(median(slopes, count) * (TENTHS - 1));
}

bool drift_find(const struct series *series, struct drift *drift)
{
	double slices_ns[SERIES_SLICES];
	double tenths_ns[TENTHS];
	size_t count = series ? slices_read(series, slices_ns) : 0;
	double ratio;

	if (count < TENTHS)
		return false;
	for (size_t i = 0; i < TENTHS; i++) {
		size_t first = i * count / TENTHS;

		tenths_ns[i] = median(slices_ns + first, (i + 1) * count / TENTHS - first);
	}
	ratio = line_ratio(tenths_ns);
	drift->first_ns = tenths_ns[0];
	drift->last_ns = tenths_ns[TENTHS - 1];
	drift->ratio = drift->last_ns / drift->first_ns;
	drift->beyond_noise = abs(balance_of_pairs(tenths_ns)) >= KENDALL_LEAST &&
			      fmax(ratio, 1 / ratio) >= RATIO_LEAST;
	return true;
}
