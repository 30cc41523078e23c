/* SPDX-License-Identifier: MIT */
/*
 * The same thing measured again and again, bounded in count and in time, and the
 * median of that: what the floors are made of.
 */
#ifndef BENCH_MACHINE_REPEATS_H
#define BENCH_MACHINE_REPEATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPEATS_MAX 101

struct repeats {
	uint64_t deadline_ns; /* on the clock: after it only the least is still wanted */
	size_t least;
	size_t count;
	uint64_t each_ps[REPEATS_MAX];
};

/* Whether another one is wanted at now_ns. */
static inline bool repeats_wanted(const struct repeats *repeats, uint64_t now_ns)
{
	return repeats->count < REPEATS_MAX &&
	       (repeats->count < repeats->least || now_ns < repeats->deadline_ns);
}

/* Adds so many (at least one), which took elapsed_ns together. Ignored beyond REPEATS_MAX. */
void repeats_add(struct repeats *repeats, uint64_t elapsed_ns, uint64_t units);

/* The median of one, in ps (so that a few ns keep their fraction); 0 if there are none. Sorts. */
uint64_t repeats_median_ps(struct repeats *repeats);

#endif
