/* SPDX-License-Identifier: MIT */
/*
 * Times every way of making normals that this CPU has: nanoseconds per value,
 * for an array of 4 MiB, which stays in the cache, and one of 256 MiB.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bench/normal.h"
#include "bench/normal_paths.h"

#define RUNS 9

static uint64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* cannot fail with this clock */
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static void fill(const struct normal_path *path, uint64_t exchange, double *out, size_t count)
{
	const struct normal_stream stream = {.seed = 1, .client = 2, .exchange = exchange};

	for (size_t i = 0; i < count / NORMAL_BLOCK_COUNT; i++)
		path->block(&stream, i, out + i * NORMAL_BLOCK_COUNT);
}

/* Fills the array often enough that a run has at least 2^23 values. */
static double time_run_ns(const struct normal_path *path, double *out, size_t count)
{
	size_t repeats = count < (1 << 23) ? (1 << 23) / count : 1;
	uint64_t start = now_ns();

	for (size_t i = 0; i < repeats; i++)
		fill(path, i, out, count);
	return (double)(now_ns() - start) / (double)(repeats * count);
}

static void time_path(const struct normal_path *path, double *out, size_t count)
{
	double ns[RUNS];

	for (size_t i = 0; i < RUNS; i++)
		ns[i] = time_run_ns(path, out, count);
	qsort(ns, RUNS, sizeof(ns[0]), compare_doubles);
	printf("%-8s %4zu MiB  min %6.3f  median %6.3f ns/value\n", path->name,
	       count * sizeof(*out) >> 20, ns[0], ns[RUNS / 2]);
}

int main(void)
{
	static const size_t counts[] = {1 << 19, 1 << 25};
	double *out = calloc(counts[1], sizeof(*out));

	if (!out)
		return 1;
	fill(&normal_paths[normal_path_count - 1], 0, out, counts[1]); /* map every page */
	for (size_t i = 0; i < 2; i++) {
		for (size_t p = 0; p < normal_path_count; p++) {
			if (normal_paths[p].usable())
				time_path(&normal_paths[p], out, counts[i]);
		}
	}
	free(out);
	return 0;
}
