/* SPDX-License-Identifier: MIT */
/* A clock that is known, in front of the kernel's. */
#include "tests/known/clock.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <time.h>

#define SECOND_NS 1000000000u

static _Atomic uint64_t detached_ns; /* 0: the kernel's clock */

/* The linker's names: __wrap_ is what everybody calls, __real_ what they would have called. */
int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);
int __real_clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
			   struct timespec *left);
int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
			   struct timespec *left);

static struct timespec time_of(uint64_t ns)
{
	return (struct timespec){(time_t)(ns / SECOND_NS), (long)(ns % SECOND_NS)};
}

static uint64_t ns_of(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * SECOND_NS + (uint64_t)time->tv_nsec;
}

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	if (clock != CLOCK_MONOTONIC || detached_ns == 0)
		return __real_clock_gettime(clock, time);
	*time = time_of(atomic_fetch_add(&detached_ns, CLOCK_LOOK_NS) + CLOCK_LOOK_NS);
	return 0;
}

int __wrap_clock_nanosleep(clockid_t clock, int flags, const struct timespec *request,
			   struct timespec *left)
{
	uint64_t now_ns = detached_ns;

	if (clock != CLOCK_MONOTONIC || now_ns == 0)
		return __real_clock_nanosleep(clock, flags, request, left);
	if (!(flags & TIMER_ABSTIME))
		detached_ns += ns_of(request);
	else if (ns_of(request) > now_ns)
		detached_ns = ns_of(request);
	return 0;
}

void clock_detach(void)
{
	struct timespec now;

	(void)__real_clock_gettime(CLOCK_MONOTONIC, &now);
	detached_ns = ns_of(&now);
}

void clock_pass(uint64_t ns)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	time = time_of(ns_of(&time) + ns);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		continue;
}
