/* SPDX-License-Identifier: MIT */
/*
 * A world that is made up: a clock that stands still until it is waited for, workers that answer
 * at once as a block goes well, or as a script has it, memory that is only allocated. No process
 * is started and no time passes, and the same script gives the same run.
 */
#ifndef TESTS_SUPPORT_FAKE_WORLD_H
#define TESTS_SUPPORT_FAKE_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bench/machine/world.h"
#include "bench/wire/setup.h"

#define FAKE_PROCESSES 1024
#define FAKE_STREAM_BYTES 16384
#define FAKE_SECOND_NS UINT64_C(1000000000)
#define FAKE_FALL_NS (FAKE_SECOND_NS / 10)

/* What a worker does instead of what it should. */
enum fake_act {
	FAKE_DIES,  /* by SIGSEGV, and its last words are in its log */
	FAKE_FALLS, /* the same, after FAKE_FALL_NS; until then all is well */
	FAKE_EXITS, /* with status 3 */
	FAKE_HANGS, /* and hears nothing any more */
	FAKE_STOPS, /* the same, by a signal */
	FAKE_SAYS,  /* something else, and goes on */
	FAKE_ADDS,  /* says something besides */
};

/* When that worker of a role, of all that were started from 0, is told verb; "": when it starts. */
struct fake_turn {
	const char *role;
	unsigned number;
	const char *verb;
	enum fake_act act;
	const char *says; /* a record with its newline; FAKE_SAYS, FAKE_ADDS */
};

struct fake_process {
	char role[16];
	unsigned number;
	struct worker_setup setup;
	const struct scoreboard_member *scoreboard; /* of its cell; NULL: none */
	char told[CONTROL_RECORD_BYTES];            /* the beginning of a record */
	size_t told_bytes;
	char says[FAKE_STREAM_BYTES]; /* what has not been received yet */
	size_t says_bytes;
	char log[64];
	bool hangs, stopped;
	uint64_t falls_ns; /* when; 0: not at all */
	bool exited, reaped;
	int status;
	bool heard, watched; /* the runner's ends, of the stream and of the exit, are open */
};

struct fake_world {
	struct world world; /* to be given to what is tested */
	uint64_t now_ns;
	uint64_t random; /* the state of its chance */
	const struct fake_turn *script; /* ends with a NULL role; or NULL */
	unsigned spawns_left;           /* until one fails */
	unsigned shares_left;
	size_t process_count;
	void *shared; /* one at a time; NULL: none */
	size_t shared_bytes;
	size_t open;  /* descriptors */
	size_t sweeps;
	FILE *trace;             /* what was done to this world, a line each; or NULL */
	bool rename_fails;
	/*
	 * The latency of a process's next sample, which then passes. NULL: each takes 1 us more
	 * than the last, and no time passes.
	 */
	uint64_t (*latency_ns)(struct fake_world *fake, const struct fake_process *process);
	char file[128];          /* the one that was written last, under the name it has now */
	struct fake_process processes[FAKE_PROCESSES]; /* last: so many are valid */
};

/* fake stays where it is. */
void fake_world_init(struct fake_world *fake);

/* As poll: until there is something to hear or to reap, or so long. -1 and nothing: false. */
bool fake_world_wait(struct fake_world *fake, int timeout_ms);

/* What should be gone and is not: processes, descriptors, memory. */
size_t fake_world_left(const struct fake_world *fake);

#endif
