/* SPDX-License-Identifier: MIT */
/*
 * How the runner reaches a worker, wherever that runs: a row of functions, as a carrier is, and
 * the state of one worker, which the caller allocates zeroed. Nothing here waits, but for end.
 *
 * A worker's figures, and what the one that it takes from says of its exchanges, are in its region
 * of a scoreboard. Where workers share memory that is their own business; a link to one that does
 * not carries both, outside the clock, and region is its copy.
 */
#ifndef BENCH_RUN_LINK_H
#define BENCH_RUN_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/machine/world.h"
#include "bench/wire/control.h"
#include "bench/wire/role.h"
#include "bench/wire/scoreboard.h"
#include "transports/err.h"

/* What a worker is started with. All is borrowed until it has ended, but for what. */
struct link_start {
	struct world_watch watch; /* readable when there is something to hear or to reap */
	const struct worker_role *role;
	const char *what; /* for ps and top: the transport, or "" where it plays for none */
	const struct world_shared *scoreboard; /* NULL: it has none */
	size_t member;                         /* which region of it is the worker's own */
	size_t environment_bytes;              /* that its environment is longer by */
};

/* What has become of a worker. */
enum link_fate {
	LINK_ALIVE,
	LINK_ENDED,  /* by itself, and well */
	LINK_FAILED, /* by itself, with another status than 0 */
	LINK_KILLED, /* by a signal */
};

struct link {
	size_t size; /* of the state */

	/* On failure too, end is called. */
	int (*start)(void *state, const struct link_start *start, struct err *err);

	/* Sends a record; blocks while the worker's buffer is full. A worker that is gone fails. */
	int (*tell)(void *state, struct record_writer *writer, struct err *err);

	/*
	 * Takes the next record that the worker has sent. Returns 1; 0: none is there; or -1, once:
	 * none will be, since the stream has ended (ERR_CLOSED) or is broken.
	 */
	int (*hear)(void *state, struct record *record, struct err *err);

	/* Its region, to be read. NULL if it has none. */
	const struct scoreboard_member *(*region)(const void *state);

	/* What it said before its end is heard after this has told of that. */
	enum link_fate (*reap)(void *state);

	/* Whether a signal has stopped it and none has made it go on. */
	bool (*is_stopped)(const void *state);

	/* How it ended, with the last line of its log: "the server was killed by signal 9 ...". */
	void (*explain)(const void *state, struct err *err);

	/* The end of its log, NUL-terminated, unprintable bytes replaced. Returns its length. */
	size_t (*log)(const void *state, char *text, size_t size);

	/* At once, it and all that it has started. */
	void (*kill)(void *state);

	/* Kills, reaps (blocks for the moment that takes) and closes. Accepts a zeroed state. */
	void (*end)(void *state);
};

/* To a process of this machine. */
extern const struct link link_local;

#endif
