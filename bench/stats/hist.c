/* SPDX-License-Identifier: MIT */
/* A log-linear histogram of durations, written by one process while others read it. */
#include "bench/stats/hist.h"

#include <math.h>
#include <string.h>

#define SUB_BUCKETS ((uint64_t)1 << HIST_SUB_BITS)
#define VALUE_LAST (((uint64_t)1 << HIST_VALUE_BITS) - 1)

/*
 * Relaxed atomics cost nothing beyond plain accesses here, and are what lets
 * another process read a field while it is being written. The count is what a
 * reader goes by: it is written last and read first, with release and acquire,
 * or a processor that reorders stores could show a count of 1 beside a min_ns of 0.
 */
#define FIELD_LOAD(field) __atomic_load_n(&(field), __ATOMIC_RELAXED)
#define FIELD_STORE(field, value) __atomic_store_n(&(field), (value), __ATOMIC_RELAXED)
#define COUNT_LOAD(hist) __atomic_load_n(&(hist)->count, __ATOMIC_ACQUIRE)
#define COUNT_STORE(hist, value) __atomic_store_n(&(hist)->count, (value), __ATOMIC_RELEASE)

static double squares_load(const struct hist *hist)
{
	double squares;

	__atomic_load(&hist->sum_squares_ns2, &squares, __ATOMIC_RELAXED);
	return squares;
}

static void squares_add(struct hist *hist, double more)
{
	double squares = hist->sum_squares_ns2 + more;

	__atomic_store(&hist->sum_squares_ns2, &squares, __ATOMIC_RELAXED);
}

/*
 * Values below SUB_BUCKETS have a bucket each. Above, the top HIST_SUB_BITS + 1
 * bits choose one: the leading 1 among them moves each octave past the last.
 */
size_t hist_bucket(uint64_t value_ns)
{
	uint64_t value = value_ns < VALUE_LAST ? value_ns : VALUE_LAST;
	unsigned shift;

	if (value < SUB_BUCKETS)
		return value;
	shift = 63u - (unsigned)__builtin_clzll(value) - HIST_SUB_BITS;
	return ((size_t)shift << HIST_SUB_BITS) + (value >> shift);
}

uint64_t hist_bucket_low_ns(size_t bucket)
{
	unsigned octave = (unsigned)(bucket >> HIST_SUB_BITS);

	if (octave == 0)
		return bucket;
	return (SUB_BUCKETS + (bucket & (SUB_BUCKETS - 1))) << (octave - 1);
}

/* What a bucket's samples are taken for: its middle, kept between the minimum and the maximum. */
static uint64_t bucket_value_ns(const struct hist *hist, size_t bucket)
{
	uint64_t low = hist_bucket_low_ns(bucket);
	uint64_t value = low + (hist_bucket_low_ns(bucket + 1) - low) / 2;
	uint64_t min_ns = FIELD_LOAD(hist->min_ns);
	uint64_t max_ns = FIELD_LOAD(hist->max_ns);

	if (value < min_ns)
		return min_ns;
	return value < max_ns ? value : max_ns;
}

struct hist_walk hist_walk(const struct hist *hist)
{
	struct hist_walk walk = {.hist = hist};

	if (hist && COUNT_LOAD(hist) > 0) {
		walk.next = hist_bucket(FIELD_LOAD(hist->min_ns));
		walk.end = hist_bucket(FIELD_LOAD(hist->max_ns)) + 1;
	}
	return walk;
}

bool hist_next(struct hist_walk *walk)
{
	for (; walk->next < walk->end; walk->next++) {
		walk->count = FIELD_LOAD(walk->hist->buckets[walk->next]);
		if (walk->count == 0)
			continue;
		walk->value_ns = bucket_value_ns(walk->hist, walk->next);
		walk->low_ns = hist_bucket_low_ns(walk->next++);
		walk->high_ns = hist_bucket_low_ns(walk->next);
		return true;
	}
	return false;
}

/* Takes in the extremes of count values; before count grows, which says whether min_ns is set. */
static void hist_widen(struct hist *hist, uint64_t min_ns, uint64_t max_ns)
{
	if (hist->count == 0 || min_ns < hist->min_ns)
		FIELD_STORE(hist->min_ns, min_ns);
	if (max_ns > hist->max_ns)
		FIELD_STORE(hist->max_ns, max_ns);
}

void hist_record(struct hist *hist, uint64_t value_ns)
{
	uint32_t *bucket = &hist->buckets[hist_bucket(value_ns)];

	hist_widen(hist, value_ns, value_ns);
	FIELD_STORE(*bucket, *bucket + 1);
	FIELD_STORE(hist->sum_ns, hist->sum_ns + value_ns);
	squares_add(hist, (double)value_ns * (double)value_ns);
	COUNT_STORE(hist, hist->count + 1);
}

void hist_merge(struct hist *into, const struct hist *from)
{
	uint64_t count = COUNT_LOAD(from);
	uint64_t min_ns = FIELD_LOAD(from->min_ns);
	uint64_t max_ns = FIELD_LOAD(from->max_ns);
	size_t last = hist_bucket(max_ns);

	if (count == 0)
		return;
	hist_widen(into, min_ns, max_ns);
	for (size_t i = hist_bucket(min_ns); i <= last; i++) {
		uint32_t more = FIELD_LOAD(from->buckets[i]);

		if (more)
			FIELD_STORE(into->buckets[i], into->buckets[i] + more);
	}
	FIELD_STORE(into->sum_ns, into->sum_ns + FIELD_LOAD(from->sum_ns));
	squares_add(into, squares_load(from));
	COUNT_STORE(into, into->count + count);
}

void hist_clear(struct hist *hist)
{
	memset(hist, 0, sizeof(*hist));
}

/* The nearest rank, from 1; the sliver taken off keeps 99.9 % of 1000 from becoming 999.0000001. */
static uint64_t rank_of(uint64_t count, double percent)
{
	double rank = ceil(percent * (double)count / 100.0 * (1.0 - 1e-12));

	return rank > 1.0 ? (uint64_t)rank : 1;
}

uint64_t hist_percentile(const struct hist *hist, double percent)
{
	uint64_t count = COUNT_LOAD(hist);
	uint64_t max_ns = FIELD_LOAD(hist->max_ns);
	uint64_t rank;
	uint64_t seen = 0;

	if (count == 0)
		return 0;
	rank = rank_of(count, percent);
	if (rank == 1)
		return FIELD_LOAD(hist->min_ns);
	if (rank >= count)
		return max_ns;
	for (struct hist_walk walk = hist_walk(hist); hist_next(&walk);) {
		seen += walk.count;
		if (seen >= rank)
			return walk.value_ns;
	}
	return max_ns;
}

double hist_mean_ns(const struct hist *hist)
{
	uint64_t count = COUNT_LOAD(hist);

	return count ? (double)FIELD_LOAD(hist->sum_ns) / (double)count : NAN;
}

double hist_stddev_ns(const struct hist *hist)
{
	double count = (double)COUNT_LOAD(hist);
	double mean = hist_mean_ns(hist);
	double spread = squares_load(hist) - count * mean * mean;

	if (count < 2)
		return NAN;
	return spread > 0 ? sqrt(spread / (count - 1)) : 0;
}

/* How much of [low, high) lies in [from, to), as a share of the former. */
static double overlap_share(double low, double high, double from, double to)
{
	double begin = low > from ? low : from;
	double end = high < to ? high : to;

	return end > begin ? (end - begin) / (high - low) : 0;
}

static size_t bucket_at(double ns)
{
	if (!(ns > 0))
		return 0;
	return hist_bucket(ns < (double)VALUE_LAST ? (uint64_t)ns : VALUE_LAST);
}

double hist_count_between(const struct hist *hist, double low_ns, double high_ns)
{
	double total = 0;
	size_t last = bucket_at(high_ns);

	for (size_t i = bucket_at(low_ns); i <= last; i++) {
		uint32_t count = FIELD_LOAD(hist->buckets[i]);

		if (count)
			total += count * overlap_share((double)hist_bucket_low_ns(i),
						       (double)hist_bucket_low_ns(i + 1), low_ns,
						       high_ns);
	}
	return total;
}
