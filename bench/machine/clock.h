/* SPDX-License-Identifier: MIT */
/* The one clock: CLOCK_MONOTONIC, read through the vDSO where the kernel's clock source allows. */
#ifndef BENCH_MACHINE_CLOCK_H
#define BENCH_MACHINE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline uint64_t clock_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#endif
