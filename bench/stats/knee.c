/* SPDX-License-Identifier: MIT */
/* The knee by the greatest power. */
#include "bench/stats/knee.h"

#include <math.h>

#define KEPT_UP 0.98

static bool knee_known(const struct knee_point *point)
{
	return point->asked > 0 && point->achieved > 0 && point->planned_ns > 0;
}

bool knee_kept_up(const struct knee_point *point)
{
	return knee_known(point) && point->achieved >= KEPT_UP * point->asked;
}

size_t knee_find(const struct knee_point *points, size_t count)
{
	size_t knee = count;
	size_t known = 0;
	double best = 0;

	for (size_t i = 0; i < count; i++) {
		double power = points[i].achieved / points[i].planned_ns;

		known += knee_known(&points[i]);
		if (!knee_kept_up(&points[i]) || power <= best)
			continue;
		best = power;
		knee = i;
	}
	return known < 3 ? count : knee;
}

size_t knee_dip(const struct knee_point *points, size_t count)
{
	const struct knee_point *before = NULL;

	for (size_t i = 0; i < count; i++) {
		const struct knee_point *point = &points[i];

		if (!(point->planned_ns > 0) || !(point->achieved > 0))
			continue;
		if (before && (point->planned_ns * (1 + KNEE_DIP) < before->planned_ns ||
			       point->achieved * (1 + KNEE_DIP) < before->achieved))
			return i;
		before = point;
	}
	return count;
}
