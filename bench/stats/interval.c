/* SPDX-License-Identifier: MIT */
/* Student's t on the logarithms of blocks. */
#include "bench/stats/interval.h"

#include <math.h>

#include "bench/stats/student.h"

struct interval interval_of_logs(const struct moments *logs, double resolution)
{
	struct interval interval = {
		.count = logs->count,
		.middle = logs->count ? exp(logs->mean) : (double)NAN,
		.low = NAN,
		.high = NAN,
	};
	double margin;

	if (logs->count < INTERVAL_BLOCKS_LEAST)
		return interval;
	margin = student_two_sided(INTERVAL_CONFIDENCE, (double)logs->count - 1) *
		 sqrt(moments_error2(logs));
	interval.low = interval.middle * exp(-margin) / (1 + resolution);
	interval.high = interval.middle * exp(margin) * (1 + resolution);
	return interval;
}

double interval_half_width(const struct interval *interval)
{
	return expm1(log(interval->high / interval->low) / 2);
}
