/* SPDX-License-Identifier: MIT */
/*
 * A log-linear histogram of durations in nanoseconds: fixed memory, exact minimum and
 * maximum, and percentiles within 0.05 % (every power of two is cut into 1024
 * buckets; a bucket stands for its middle). Recording never allocates. All zero is an
 * empty histogram. It may lie in shared memory with one writer; readers then see each
 * count whole, but not all of one moment. A reader of a count also sees what was
 * recorded before it: a count of 1 never comes with an old min_ns.
 */
#ifndef BENCH_STATS_HIST_H
#define BENCH_STATS_HIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HIST_SUB_BITS 10
/* 2 h 26 min: a longer duration is counted as that long; max_ns stays exact. */
#define HIST_VALUE_BITS 43
#define HIST_BUCKETS ((HIST_VALUE_BITS - HIST_SUB_BITS + 1) << HIST_SUB_BITS)

struct hist {
	uint64_t count;
	uint64_t min_ns; /* meaningless while count is 0 */
	uint64_t max_ns;
	uint64_t sum_ns;
	double sum_squares_ns2;
	uint32_t buckets[HIST_BUCKETS];
};

void hist_record(struct hist *hist, uint64_t value_ns);
void hist_merge(struct hist *into, const struct hist *from);
void hist_clear(struct hist *hist);

/* The value at percent (0 to 100) of the samples: min_ns at 0, max_ns at 100. 0 if empty. */
uint64_t hist_percentile(const struct hist *hist, double percent);

double hist_mean_ns(const struct hist *hist);   /* NaN if empty */
double hist_stddev_ns(const struct hist *hist); /* of the samples (n - 1); NaN below two */

/* The samples in [low_ns, high_ns), buckets cut in proportion: for drawing. */
double hist_count_between(const struct hist *hist, double low_ns, double high_ns);

/* The bucket of a value, and the first value of a bucket. */
size_t hist_bucket(uint64_t value_ns);
uint64_t hist_bucket_low_ns(size_t bucket);

/*
 * The buckets that hold samples, from the lowest:
 *
 *     for (struct hist_walk walk = hist_walk(hist); hist_next(&walk);)
 */
struct hist_walk {
	const struct hist *hist; /* borrowed */
	size_t next, end;        /* buckets still to be looked at */
	uint64_t count;          /* samples of the present one */
	uint64_t low_ns;         /* its first value, and the first beyond it */
	uint64_t high_ns;
	uint64_t value_ns;       /* what its samples are taken for */
};

struct hist_walk hist_walk(const struct hist *hist); /* NULL counts as empty */
bool hist_next(struct hist_walk *walk);              /* false: there are no more */

#endif
