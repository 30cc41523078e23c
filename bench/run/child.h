/* SPDX-License-Identifier: MIT */
/*
 * One worker process: this program re-executed, with a control stream, the
 * pair's scoreboard and a log that catches its stdout and stderr. It has a
 * process group of its own, so that a terminal's signals do not reach it.
 */
#ifndef BENCH_RUN_CHILD_H
#define BENCH_RUN_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "bench/wire/control.h"
#include "transports/err.h"

struct child {
	const char *role;       /* "server", "client": for messages */
	pid_t pid;              /* 0: none */
	int pidfd;              /* owned; readable once it has exited; -1: none */
	int log_fd;             /* owned */
	bool exited;            /* and reaped */
	int status;             /* as waitpid gives it */
	struct control control; /* our end */
};

/*
 * Moves the descriptor above the ones that a worker uses, so that putting one in its
 * place cannot overwrite another that is still to be moved. -1: it is closed, see errno.
 */
int child_lift(int *fd);

/*
 * Starts a worker, which ps and top show as "ipctop ROLE WHAT". role is kept; what: the transport,
 * or "" where it plays for none; scoreboard_fd -1: it has none.
 */
int child_start(struct child *child, const char *role, const char *what, int scoreboard_fd,
		struct err *err);

/* Reaps it if it has exited. Returns child->exited. */
bool child_reap(struct child *child);

/* Whether a signal has stopped it and none has made it go on. */
bool child_is_stopped(const struct child *child);

/* SIGKILL, to it and all that it has started. */
void child_kill(struct child *child);

/* "server was killed by signal 9 (Killed)", with the last line of its log. */
void child_explain(const struct child *child, struct err *err);

/* The end of its log, NUL-terminated, unprintable bytes replaced. Returns its length. */
size_t child_log(const struct child *child, char *text, size_t size);

/* Kills, reaps (blocks for the moment that takes) and closes. Accepts a zeroed struct. */
void child_end(struct child *child);

#endif
