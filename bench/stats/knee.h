/* SPDX-License-Identifier: MIT */
/*
 * Where the knee of a load lies: the rate up to which asking for more brings
 * more, and beyond which it brings waiting. Pure.
 */
#ifndef BENCH_STATS_KNEE_H
#define BENCH_STATS_KNEE_H

#include <stdbool.h>
#include <stddef.h>

struct knee_point {
	double asked;      /* exchanges a second that the schedule wanted */
	double achieved;   /* that came out */
	double planned_ns; /* median latency from the planned start */
};

/*
 * Did the replies keep up with the schedule? They did if at most 2 % of what was
 * asked for is missing: the start and end of a block explain that much.
 */
bool knee_kept_up(const struct knee_point *point);

/*
 * The point of the greatest power, rate over latency, among those that kept up;
 * count if none did or fewer than three points are known. Kleinrock, "Power and
 * deterministic rules of thumb for probabilistic problems in computer
 * communications" (ICC 1979): where the ratio peaks, latency begins to grow
 * faster, in proportion, than what is gained.
 */
size_t knee_find(const struct knee_point *points, size_t count);

#define KNEE_DIP 0.1 /* less is what a step differs by from one run to the next */

/*
 * The first point that took less time than the one before, whose rate is lower, by more than
 * KNEE_DIP, or brought that much fewer exchanges; count if the sweep is monotone. What was not
 * measured is passed over.
 */
size_t knee_dip(const struct knee_point *points, size_t count);

#endif
