/* SPDX-License-Identifier: MIT */
/*
 * Times every way of making normals that this CPU has: nanoseconds per value,
 * for an array of 4 MiB, which stays in the cache, and one of 256 MiB.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/worker/random_normal.h"
#include "bench/worker/random_normal_paths.h"
#include "tests/speed/verdict.h"

/* Runs of an array: short ones many, so that some are undisturbed on a machine with other work. */
#define RUNS_CACHED 200
#define RUNS_MEMORY 9
#define BOUND_AVX_NS 3
#define BOUND_PORTABLE_NS 12

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

static double time_run_ns(const struct normal_path *path, uint64_t exchange, double *out,
			  size_t count)
{
	const uint64_t start_ns = clock_now_ns();

	fill(path, exchange, out, count);
	return (double)(clock_now_ns() - start_ns) / (double)count;
}

/* The least of the runs is judged: what disturbs a run can only slow it down. */
static void time_path(const struct normal_path *path, double *out, size_t count, size_t runs)
{
	const bool avx = strncmp(path->name, "avx", 3) == 0;
	const int bound_ns = avx ? BOUND_AVX_NS : BOUND_PORTABLE_NS;
	double ns[RUNS_CACHED] = {0}; /* all of them, as far as cppcheck can see */

	for (size_t i = 0; i < runs; i++)
		ns[i] = time_run_ns(path, i, out, count);
	qsort(ns, runs, sizeof(ns[0]), compare_doubles);
	printf("%-8s %4zu MiB %7.3f %7.3f %4s %2d  %s\n", path->name, count * sizeof(*out) >> 20,
	       ns[0], ns[runs / 2], "<=", bound_ns, verdict(ns[0] <= bound_ns));
}

int main(void)
{
	static const struct {
		size_t count, runs;
	} arrays[] = {{1 << 19, RUNS_CACHED}, {1 << 25, RUNS_MEMORY}};
	double *out = calloc(arrays[1].count, sizeof(*out));

	if (!out)
		return 1;
	fill(&normal_paths[normal_path_count - 1], 0, out, arrays[1].count); /* map every page */
	printf("ns a value\n%-8s %8s %7s %7s %7s  %s\n", "PATH", "ARRAY", "LEAST", "MEDIAN",
	       "BOUND", "VERDICT");
	for (size_t i = 0; i < 2; i++) {
		for (size_t p = 0; p < normal_path_count; p++) {
			if (normal_paths[p].usable())
				time_path(&normal_paths[p], out, arrays[i].count, arrays[i].runs);
		}
	}
	free(out);
	return 0;
}
