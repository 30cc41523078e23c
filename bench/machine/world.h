/* SPDX-License-Identifier: MIT */
/*
 * All that the runner does to what is outside of it, as one table: time, processes and what they
 * say, memory shared with them, files. A run that is given another world than the real one can be
 * driven through anything that may happen, the same every time, without a process.
 *
 * Every function is given the world that it is in. A descriptor means something to its own world
 * only, but for a set of descriptors, which the owner of a run polls, and a file.
 */
#ifndef BENCH_MACHINE_WORLD_H
#define BENCH_MACHINE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "bench/machine/leftovers.h"
#include "bench/machine/noise.h"
#include "transports/err.h"

/* The highest number under which a program finds a descriptor that it was given. */
#define WORLD_GIVEN_FD_MAX 4

/* A program to start: this one again, with other arguments. */
struct world_program {
	const char *role;       /* for messages: "server" */
	char *const *arguments; /* NULL-terminated */
	int control_number;     /* under which it finds its end of the control stream */
	int shared_fd;          /* of memory that it is given too, or -1 */
	int shared_number;
	size_t environment_bytes; /* that its environment is longer by; at most a page */
};

/* A process with a group of its own, so that a terminal's signals do not reach it. */
struct world_process {
	pid_t pid;      /* 0: none */
	int exit_fd;    /* readable once it has exited; -1: none */
	int log_fd;     /* catches its stdout and stderr */
	int control_fd; /* our end of the stream */
	bool exited;    /* and reaped: status is as waitpid gives it */
	int status;
};

#define WORLD_NO_PROCESS {.exit_fd = -1, .log_fd = -1, .control_fd = -1}

/* Memory that our processes write and we only read. */
struct world_shared {
	const void *map; /* NULL: none */
	size_t bytes;
	int fd; /* to be given to them; -1: none */
};

struct world {
	void *state; /* whatever its functions need */

	uint64_t (*now_ns)(const struct world *world); /* a clock that never goes back */
	int64_t (*date_s)(const struct world *world);  /* since 1970, UTC */

	/* As getrandom(2): -1 with errno, never less than count. */
	int (*random)(const struct world *world, void *bytes, size_t count);

	/* As sweep_make_name. Then: removes all that has the name; NULL: that dead runners left. */
	int (*make_name)(const struct world *world, char name[SWEEP_NAME_BYTES], struct err *err);
	void (*sweep)(const struct world *world, const char *name);

	/* As noise_take. */
	void (*noise)(const struct world *world, struct noise_snapshot *snapshot);

	/*
	 * Starts a process. Where it fails, what process holds by then is the caller's to end like
	 * any other: kill, reap, close.
	 */
	int (*spawn)(const struct world *world, const struct world_program *program,
		     struct world_process *process, struct err *err);
	/* If it has exited, or once it has, kills all that it has started. Returns exited. */
	bool (*reap)(const struct world *world, struct world_process *process, bool wait);
	/* Whether a signal has stopped it and none has made it go on. */
	bool (*is_stopped)(const struct world *world, const struct world_process *process);
	/* SIGKILL, to it and all that it has started. */
	void (*kill)(const struct world *world, const struct world_process *process);
	/* The last bytes of its log, at most size of them. Returns how many. */
	size_t (*log)(const struct world *world, const struct world_process *process, char *text,
		      size_t size);

	/* A control stream's, as send(2), which does not raise SIGPIPE, and recv(2). */
	ssize_t (*send)(const struct world *world, int fd, const void *data, size_t bytes);
	ssize_t (*receive)(const struct world *world, int fd, void *data, size_t bytes, bool wait);

	/* Zeroed memory; name is for messages. unshare accepts what share left when it failed. */
	int (*share)(const struct world *world, const char *name, size_t bytes,
		     struct world_shared *shared, struct err *err);
	void (*unshare)(const struct world *world, struct world_shared *shared);

	/*
	 * A set of descriptors that is readable when one of them is: -1 with errno. await returns
	 * once that is so, or after timeout_ms.
	 */
	int (*watch_open)(const struct world *world);
	int (*watch)(const struct world *world, int set, int fd);
	void (*await)(const struct world *world, int set, int timeout_ms);

	/* Closes *fd, which no set watches any more, if it is open, and marks it closed (-1). */
	void (*close)(const struct world *world, int *fd);

	/* A new file for writing: a descriptor, or -1 with errno. */
	int (*create)(const struct world *world, const char *path);
	/* As rename(2) and unlink(2). */
	int (*rename)(const struct world *world, const char *from, const char *to);
	int (*remove)(const struct world *world, const char *path);
};

/* The one that there is: this machine, its kernel and its clock. */
extern const struct world world_real;

/* A set of descriptors, and the world that they are of. */
struct world_watch {
	const struct world *world;
	int set;
};

#endif
