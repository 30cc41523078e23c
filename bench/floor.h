/* SPDX-License-Identifier: MIT */
/*
 * What this machine needs for one warm copy of so many bytes: the floor that
 * every transport is compared with (`memcpy_ratio`). Measured once a payload
 * size, in a process of its own, before the first block of that size.
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include "bench/child.h"
#include "bench/setup.h"
#include "bench/worker.h"

struct floor_row {
	size_t bytes;
	double memcpy_ns; /* NaN: not known (yet) */
};

/* The floors of a run, and the process that measures the next. */
struct floors {
	struct floor_row *rows; /* owned */
	size_t count;
	struct child child;
	size_t measuring;       /* its row; count if none is under way */
	uint64_t deadline_ns;
	int epoll_fd;           /* the owner's */
};

/* Room for the floors of up to `cells` payload sizes. */
int floors_init(struct floors *floors, size_t cells, int epoll_fd, struct err *err);

/* One copy of so many bytes, NaN if unknown. */
double floors_memcpy_ns(const struct floors *floors, size_t bytes);

/*
 * Starts measuring the size if that was not tried yet and memory allows.
 * Returns true while a measurement is under way: step it before going on.
 */
bool floors_begin(struct floors *floors, const struct worker_setup *setup);
bool floors_step(struct floors *floors, uint64_t now_ns);

/* Ends a measurement that is under way; its floor stays unknown. */
void floors_stop(struct floors *floors);

void floors_free(struct floors *floors);

/* The worker's role. */
int worker_floor(struct worker *worker, struct err *err);

#endif
