/* SPDX-License-Identifier: MIT */
/*
 * When a client's exchanges begin: warm-up (bench/stats/warmup.h), samples up to a limit and
 * a budget, pauses, a schedule if --rate asks for one, and several clients side by side.
 * What an exchange is, its owner knows: a carrier's, or a foreign program's.
 */
#ifndef BENCH_WORKER_PACE_H
#define BENCH_WORKER_PACE_H

#include "bench/worker/worker.h"

struct pace {
	struct worker *worker;
	struct scoreboard_own *board;
	/*
	 * One whole exchange, which begins after pace_await_start, is counted by pace_next and
	 * sets over_ns and latency_ns. What it measured goes to sample, of sample_bytes; NULL:
	 * it will be no sample. Fails with any kind but ERR_WRONG where the worker is to stop.
	 */
	int (*step)(void *state, uint64_t exchange, void *sample, struct err *err);
	/* Puts a sample on the scoreboard: at once, or when the block is known to be warm. */
	void (*score)(void *state, const void *sample);
	size_t sample_bytes;
	/*
	 * After the last sample: notes what the process has used. Returns what the
	 * reader of the result should know, or NULL.
	 */
	const char *(*finish)(void *state);
	void *state;
	uint64_t exchange; /* the next */
	uint64_t over_ns;  /* when the last one was over, but for counting it */
	uint64_t latency_ns; /* of the last one */
	/* When requests are to go out. */
	uint64_t interval_ns; /* 0: each as soon as the last is over */
	uint64_t next_ns;     /* the planned start of the next */
	uint64_t held_ns;     /* by pauses, ever */
	struct pace_window *window; /* what may yet be warm-up; NULL: there is no such */
};

/* Tells that the client is set up; waits for the server's address, or until it is to stop. */
int pace_await_address(struct worker *worker, struct err *err);

/* Returns at the planned start, or at once if that is past: then the exchange is late. */
void pace_await_start(const struct pace *pace);

/* How long an exchange that ended then took from its planned start; 0 without a schedule. */
uint64_t pace_next(struct pace *pace, uint64_t end_ns);

/*
 * Waits for `begin` and measures a block. The end is told; with several clients the
 * load then goes on until the worker is to stop.
 */
int pace_measure(struct pace *pace, struct err *err);

#endif
