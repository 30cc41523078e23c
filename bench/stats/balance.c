/* SPDX-License-Identifier: MIT */
/* Blocks and samples for a width. */
#include "bench/stats/balance.h"

#include <math.h>

#include "bench/stats/interval.h"
#include "bench/stats/student.h"

#define MEDIAN_OVER_MEAN 1.5707963267948966 /* pi / 2: of normals, for many samples */

double balance_samples(const struct balance *balance)
{
	double one = MEDIAN_OVER_MEAN * balance->within2;
	double between = balance->between2 - one / fmax(balance->samples, 1);

	if (!(between > 0))
		return INFINITY;
	return fmax(1, sqrt(balance->set_up_ns / balance->exchange_ns * one / between));
}

/* Beyond, t is that of a normal, and no plan has so many. */
#define BLOCKS_MOST 1000000

/* As many blocks as give that width by the t of count of them: fewer, the higher count is. */
static double blocks_by(size_t count, double deviation, double half_width)
{
	double t = student_two_sided(INTERVAL_CONFIDENCE, (double)count - 1);

	return ceil(t * t * deviation * deviation / (half_width * half_width));
}

size_t balance_blocks(const struct moments *logs, double half_width)
{
	size_t low = logs->count;
	double deviation, most;
	size_t high;

	if (logs->count < INTERVAL_BLOCKS_LEAST || !(half_width > 0))
		return 0;
	deviation = sqrt(logs->squares / ((double)logs->count - 1));
	most = blocks_by(low, deviation, half_width);
	high = most < BLOCKS_MOST ? (size_t)most : BLOCKS_MOST;
	if (high <= low)
		return low;
	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (blocks_by(middle, deviation, half_width) <= (double)middle)
			high = middle;
		else
			low = middle;
	}
	return high;
}

size_t balance_rounds_within(size_t before, size_t blocks, double half_width, double wanted)
{
	return blocks >= BALANCE_BLOCKS_LEAST && half_width <= wanted ? before + 1 : 0;
}
