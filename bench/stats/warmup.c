/* SPDX-License-Identifier: MIT */
/* One change of level in medians of five logarithms. */
#include "bench/stats/warmup.h"

#include <math.h>
#include <stdbool.h>

#include "bench/stats/student.h"

#define BATCH 5
#define BATCHES_MOST (WARMUP_LATENCIES_MOST / BATCH)

#define LEVEL 0.01

/* What a level may vary by without being another: one clock's or bucket's step in a thousand. */
#define RESOLUTION 0.001

/* Insertion, of five. */
static uint64_t median_of_batch(const uint64_t *latencies_ns)
{
	uint64_t sorted[BATCH];

	for (size_t i = 0; i < BATCH; i++) {
		size_t at = i;

		for (; at > 0 && sorted[at - 1] > latencies_ns[i]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = latencies_ns[i];
	}
	return sorted[BATCH / 2];
}

/* The squared deviations of count values from their mean, by their sums. */
static double deviations(double sum, double squares, size_t count)
{
	return fmax(0, squares - sum * sum / (double)count);
}

/* Whether two levels explain 3 batches or more better than one, and where the second begins. */
static bool find_change(const double *levels, size_t count, size_t *change)
{
	double sum = 0, squares = 0, first_sum = 0, first_squares = 0;
	double floor = (double)count * RESOLUTION * RESOLUTION;
	double degrees = (double)count - 2;
	double least = INFINITY;
	double t;

	for (size_t i = 0; i < count; i++) {
		sum += levels[i] - levels[0];
		squares += (levels[i] - levels[0]) * (levels[i] - levels[0]);
	}
	for (size_t k = 1; k < count; k++) {
		double value = levels[k - 1] - levels[0];
		double left;

		first_sum += value;
		first_squares += value * value;
		left = deviations(first_sum, first_squares, k) +
		       deviations(sum - first_sum, squares - first_squares, count - k);
		if (left < least) {
			least = left;
			*change = k;
		}
	}
	t = sqrt(fmax(0, deviations(sum, squares, count) - least) * degrees / (least + floor));
	return 2 * student_cdf(-t, degrees) * (double)(count - 1) < LEVEL;
}

static enum steadiness steadiness_of(const double *levels, size_t count)
{
	size_t change;

	if (count * BATCH < WARMUP_LATENCIES_LEAST)
		return STEADINESS_UNKNOWN;
	return find_change(levels, count, &change) ? STEADINESS_UNSTEADY : STEADINESS_STEADY;
}

struct warmup warmup_find(const uint64_t *latencies_ns, size_t count, size_t most)
{
	struct warmup warmup = {0};
	double levels[BATCHES_MOST];
	size_t batches = (count < WARMUP_LATENCIES_MOST ? count : WARMUP_LATENCIES_MOST) / BATCH;
	size_t change = 0;

	if (count < WARMUP_LATENCIES_LEAST)
		return warmup;
	for (size_t i = 0; i < batches; i++) {
		uint64_t median_ns = median_of_batch(latencies_ns + i * BATCH);

		levels[i] = log((double)(median_ns ? median_ns : 1));
	}
	if (!find_change(levels, batches, &change)) {
		warmup.steadiness = STEADINESS_STEADY;
	} else if (change * BATCH <= count / 2 && change * BATCH <= most) {
		warmup.drop = change * BATCH;
		warmup.steadiness = steadiness_of(levels + change, batches - change);
	} else {
		warmup.steadiness = STEADINESS_UNSTEADY;
	}
	return warmup;
}
