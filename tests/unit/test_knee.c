/* SPDX-License-Identifier: MIT */
/* The knee of a load. */
#include <math.h>

#include "bench/stats/knee.h"
#include "tests/support/test.h"

#define COUNT(points) (sizeof(points) / sizeof((points)[0]))

/* One server of 1 ms and random arrivals: latency 1 / (1000 - rate); the power peaks at 500. */
static void test_queue(void)
{
	struct knee_point points[19];

	for (size_t i = 0; i < COUNT(points); i++) {
		double rate = 50 * (double)(i + 1);

		points[i] = (struct knee_point){rate, rate, 1e9 / (1000 - rate)};
	}
	CHECK(knee_find(points, COUNT(points)) == 9);
}

/* Constant service: latency stays until the server is full, and the knee is the last to keep up. */
static void test_cliff(void)
{
	static const struct knee_point points[] = {
		{100, 100, 5e6}, {500, 499, 5e6}, {900, 897, 5.1e6}, {1000, 930, 4e8},
	};

	CHECK(knee_find(points, COUNT(points)) == 2);
	CHECK(knee_kept_up(&points[2]) && !knee_kept_up(&points[3]));
}

static void test_unknown(void)
{
	static const struct knee_point none[] = {{100, 50, 1e6}, {200, 50, 2e6}, {300, 50, 3e6}};
	struct knee_point some[] = {{100, 100, 1e6}, {200, 200, 1e6}, {300, NAN, NAN}};

	CHECK(knee_find(none, COUNT(none)) == COUNT(none));
	CHECK(knee_find(some, COUNT(some)) == COUNT(some)); /* two points make no knee */
	CHECK(knee_find(none, 0) == 0);
	some[2] = (struct knee_point){300, 300, 1e9};
	CHECK(knee_find(some, COUNT(some)) == 1);
}

/* A higher rate that takes less, or brings less, is not what a queue does. */
static void test_dip(void)
{
	struct knee_point points[] = {
		{100, 100, 5e6},   {500, 499, 4.7e6}, {800, NAN, NAN},
		{900, 897, 5.1e6}, {1000, 930, 4e8},
	};

	CHECK(knee_dip(points, COUNT(points)) == COUNT(points)); /* 6 % less is nothing */
	points[1].planned_ns = 4.4e6;
	CHECK(knee_dip(points, COUNT(points)) == 1);
	points[1].planned_ns = 5e6;
	points[4].achieved = 700; /* it collapses */
	CHECK(knee_dip(points, COUNT(points)) == 4);
	points[3].planned_ns = 1e6; /* the one that was not measured is passed over */
	CHECK(knee_dip(points, COUNT(points)) == 3);
	CHECK(knee_dip(points, 0) == 0);
}

static const struct test tests[] = {
	{"knee of a sweep that is not monotone", test_dip},
	{"knee of a queue is where the power peaks", test_queue},
	{"knee before a cliff", test_cliff},
	{"knee of too little is none", test_unknown},
};

TEST_MAIN(tests)
