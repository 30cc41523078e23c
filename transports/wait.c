/* SPDX-License-Identifier: MIT */
/*
 * How an end waits. This is the one file of transports/ that reads a clock, to
 * know when to stop spinning: a count of pauses would be 1 us on one processor
 * and 30 on another. Nothing here is a measurement or leaves the file.
 */
#include "transports/wait.h"

#include <time.h>

static uint64_t wait_now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail: the clock exists */
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void wait_rest(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* The first look comes at once, without rest or clock: what is wanted is often there. */
bool wait_spins_on(struct wait *wait)
{
	if (!wait->looked) {
		wait->looked = true;
		return true;
	}
	wait_rest();
	if (wait->mode == WAIT_SPIN)
		return true;
	if (wait->until_ns == 0)
		wait->until_ns = wait_now_ns() + WAIT_HYBRID_NS;
	return wait_now_ns() < wait->until_ns;
}
