/* SPDX-License-Identifier: MIT */
/* Repeated measurements and their median. */
#include "bench/machine/repeats.h"

#include <stdlib.h>

void repeats_add(struct repeats *repeats, uint64_t elapsed_ns, uint64_t units)
{
	if (repeats->count < REPEATS_MAX)
		repeats->each_ps[repeats->count++] = elapsed_ns * 1000 / units;
}

static int compare_ps(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

uint64_t repeats_median_ps(struct repeats *repeats)
{
	qsort(repeats->each_ps, repeats->count, sizeof(repeats->each_ps[0]), compare_ps);
	return repeats->count ? repeats->each_ps[repeats->count / 2] : 0;
}
