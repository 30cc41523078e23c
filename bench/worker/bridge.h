/* SPDX-License-Identifier: MIT */
/*
 * A foreign program as a child of a worker: started, spoken to and heard in
 * lines, ended. Its stderr goes to the worker's, hence to the log.
 *
 * It is in the worker's process group, which the runner kills as a whole, and
 * dies with the worker.
 */
#ifndef BENCH_WORKER_BRIDGE_H
#define BENCH_WORKER_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/wire/pair_lines.h"
#include "transports/carrier.h"
#include "transports/err.h"

/* After `stop` and the end of its stdin a program has this long; 1 GiB is unmapped in less. */
#define BRIDGE_GRACE_NS (UINT64_C(3) * 1000000000u)

#define BRIDGE_TAIL_BYTES 160

struct bridge {
	const char *name;  /* of the program, for messages: argv[0] */
	pid_t pid;         /* 0: none, or reaped */
	int pid_fd;        /* readable once it has exited */
	int status;        /* as waitpid gives it */
	uint64_t watched_ns; /* when it was last listened to, and had not ended */
	uint64_t ended_ns; /* when it was seen to have ended, or to speak no more; 0: not yet */
	uint64_t peak_rss_bytes; /* once it has been reaped */
	int to_fd;         /* its stdin */
	int from_fd;       /* its stdout */
	int error_fd;      /* its stderr */
	int wake_fd;       /* readable once bridge_wake was called */
	struct pair_lines lines;
	bool deaf; /* it has closed its stdin */
	char line[BRIDGE_TAIL_BYTES]; /* of its stderr, as far as it has come */
	size_t line_used;
	char tail[BRIDGE_TAIL_BYTES]; /* the last line that has a letter or a digit */
	size_t logged_bytes;
};

/* Starts it. command is its argv; a zeroed struct otherwise. bridge_end is called in any case. */
int bridge_start(struct bridge *bridge, const struct program *program, const char *const *command,
		 struct err *err);

/* Sends text, which ends with a newline. Blocks no longer than the program lives. */
int bridge_say(struct bridge *bridge, const char *text, struct err *err);

/* Has it said anything that was not taken yet? */
bool bridge_has_words(const struct bridge *bridge);

/*
 * Waits for a line. Returns 1, 0 if woken (and from then on), or -1: the program has
 * ended, and how, or said what it may not. `error TEXT` is -1 with its text.
 */
int bridge_hear(struct bridge *bridge, struct pair_line *line, struct err *err);

/* Makes bridge_hear return 0. From any thread. */
void bridge_wake(struct bridge *bridge);

/* Waits until a time of clock_now_ns, or a little less. Fails if the program ends; 0 if woken. */
int bridge_rest(struct bridge *bridge, uint64_t until_ns, struct err *err);

/* Fails, saying how it ended, if it did so before it was told to. */
int bridge_check(struct bridge *bridge, struct err *err);

/*
 * Says `stop`, waits for its end. Fails if it must be killed after BRIDGE_GRACE_NS, or had ended
 * before.
 */
int bridge_stop(struct bridge *bridge, struct err *err);

/* Kills what is left and closes. Accepts a zeroed struct. */
void bridge_end(struct bridge *bridge);

#endif
