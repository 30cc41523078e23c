/* SPDX-License-Identifier: MIT */
/*
 * The worker roles: this program, re-executed by a pair with the control
 * stream and the scoreboard at fixed descriptors. Our own exchanges are timed in
 * stopwatch.c, slot.c and worker_client.c only.
 */
#ifndef BENCH_WORKER_WORKER_H
#define BENCH_WORKER_WORKER_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>

#include "bench/stats/tally.h"
#include "bench/wire/control.h"
#include "bench/wire/records.h"
#include "bench/wire/role.h"
#include "bench/wire/scoreboard.h"
#include "bench/wire/setup.h"
#include "bench/worker/source.h"

struct worker {
	struct control control;
	struct scoreboard_member *scoreboard; /* of all; NULL until mapped */
	struct worker_setup setup;
	struct encoding_setup encoding_setup;
	struct array data; /* of the data's file; owned, for as long as the process */
	/* What the control thread has been told; guarded by lock. */
	pthread_mutex_t lock;
	pthread_cond_t told;
	char address[CARRIER_ADDRESS_BYTES]; /* "" until `connect` */
	bool begun; /* begin was told */
	struct begin begin;
	atomic_bool going; /* all clients of the pair are warm */
	atomic_bool paused;
	atomic_bool stopping;
	void (*on_stop)(struct worker *worker); /* called in the control thread; may be NULL */
	void *role;                             /* its role's own state */
	uint64_t failed_ns; /* by clock_now_ns, when what it will tell of came about; 0: just now */
};

/*
 * `ipctop worker ROLE [TRANSPORT]`: argv, from "worker" on, is rewritten to what ps is to show.
 * Returns the exit status.
 */
int worker_main(int argc, char **argv);

/*
 * Reads the data's file, if it is of one, for as long as the process lives. Fails as data_load, and
 * with ERR_PROTOCOL if the worker's arrays are of another type.
 */
int worker_load_data(struct worker *worker, struct err *err);

/* Has the stream be of the worker's data, which is loaded. */
void worker_stream_data(const struct worker *worker, struct source_stream *stream);

/*
 * Maps the scoreboard, until the process ends. takers: how many clients it has. Fails if it was
 * told of no region of its own there, or of too few for them.
 */
int worker_map_scoreboard(struct worker *worker, uint32_t takers, struct err *err);

/* Its own region, and the one of its client, once they are mapped. */
struct scoreboard_member *worker_region(const struct worker *worker);
struct scoreboard_member *worker_taker(const struct worker *worker, uint32_t client);

/*
 * Does what the runner says, in the control thread. Fails with ERR_PROTOCOL if that cannot be.
 */
int worker_obey(struct worker *worker, const struct record *record, struct err *err);

/* Sends a record of a verb alone, or `ready key=value`. */
int worker_tell(struct worker *worker, const char *verb, const char *key, const char *value,
		struct err *err);

/* Tells the runner what went wrong: the block has failed, whoever notices next. */
void worker_tell_error(struct worker *worker, const struct err *err);

/*
 * Fails with ERR_TIMEOUT if an exchange took longer than it may. The runner looks for what hangs
 * and cannot tell what is over by then.
 */
int worker_check_latency(const struct worker *worker, uint64_t latency_ns, struct err *err);

/* Keeps this thread and those that it starts on one CPU; nothing if SETUP_CPU_ANY. */
int worker_pin(uint32_t cpu, struct err *err);

/* What an array in memory got of the huge pages that it asked for. Reads /proc: takes a while. */
struct pages_got worker_pages_got(const struct worker *worker, const struct array *array);

/* What the process has used so far, and the CPU that the calling thread is on. */
struct worker_cost {
	struct end_cost used;
	int cpu;
};

struct worker_cost worker_cost_now(void);

/* What came between; migrations: 1 if the calling thread is on another CPU now. */
struct end_cost worker_cost_since(const struct worker_cost *start);

/* The most memory the process ever had, shared segments included, in bytes. */
uint64_t worker_peak_rss_bytes(void);

#endif
