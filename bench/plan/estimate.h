/* SPDX-License-Identifier: MIT */
/*
 * What a cell takes before anything was measured: in memory, exactly enough to refuse
 * it, and in time, by the rules of thumb that the rows of carriers and encodings state.
 */
#ifndef BENCH_PLAN_ESTIMATE_H
#define BENCH_PLAN_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/machine/facilities.h"
#include "bench/plan/plan.h"
#include "transports/err.h"

/* What a cell needs in memory. */
struct plan_need {
	uint64_t private_bytes; /* both processes together */
	uint64_t shared_bytes;  /* in /dev/shm */
	const char *impossible; /* not NULL: why this cell can never run */
	unsigned facilities;    /* FACILITY_BIT of each that it cannot do without */
};

struct plan_need plan_cell_need(const struct plan_cell *cell);

/* Why the cell's transport does not carry its dtype, or NULL if it does. Part of `impossible`. */
const char *plan_cell_uncarried(const struct plan_cell *cell);

/*
 * 0 if the cell fits into this machine as it is now, else -1 with the reason
 * and both figures in err ("needs 2.1 GiB in /dev/shm, 64 MiB free").
 */
int plan_cell_fits(const struct plan_cell *cell, struct err *err);

/*
 * Estimated median latency and whole duration of the cell in ns, from rules of thumb;
 * for ETA and the picker.
 */
double plan_cell_estimate_latency_ns(const struct plan_cell *cell,
				     const struct plan_options *options);
double plan_cell_estimate_ns(const struct plan_cell *cell, const struct plan_options *options);

/* The decision above with the machine's figures as arguments: for tests. */

#define PLAN_REASON_BYTES 360

/* What the machine has free at the moment. */
struct plan_available {
	uint64_t memory_bytes; /* UINT64_MAX: unknown */
	uint64_t shared_bytes; /* in /dev/shm */
	bool memory_is_limited; /* by a container's limit, below what the machine has */
	struct {
		char reason[PLAN_REASON_BYTES]; /* why it is not there, and the remedy; "": it is */
	} facilities[FACILITY_COUNT];
};

struct plan_available plan_available_now(void);

/* 0 if need fits into available, else -1 with the reason and both figures. */
int plan_need_check(const struct plan_need *need, const struct plan_available *available,
		    struct err *err);

#endif
