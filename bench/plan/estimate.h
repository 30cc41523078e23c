/* SPDX-License-Identifier: MIT */
/* What bench/plan/estimate.c decides, with the machine's figures as arguments: for its tests. */
#ifndef BENCH_PLAN_ESTIMATE_H
#define BENCH_PLAN_ESTIMATE_H

#include <stdint.h>

#include "bench/plan/plan.h"
#include "transports/err.h"

/* What the machine has free at the moment. */
struct plan_available {
	uint64_t memory_bytes; /* UINT64_MAX: unknown */
	uint64_t shared_bytes; /* in /dev/shm */
};

struct plan_available plan_available_now(void);

/* 0 if need fits into available, else -1 with the reason and both figures. */
int plan_need_check(const struct plan_need *need, const struct plan_available *available,
		    struct err *err);

#endif
