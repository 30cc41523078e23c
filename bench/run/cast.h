/* SPDX-License-Identifier: MIT */
/*
 * The members of one block, each a worker that plays a role and may take from another, and what
 * becomes of them: a state machine that its owner steps. Nothing here blocks, but that start and
 * free start and reap processes.
 *
 * The order of members is that of what flows: whoever takes from a member comes after it. Who is
 * named when several fail is said in bench/run/cause.h; other members' errors are waited for.
 */
#ifndef BENCH_RUN_CAST_H
#define BENCH_RUN_CAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/machine/world.h"
#include "bench/run/link.h"
#include "bench/wire/records.h"
#include "bench/wire/scoreboard.h"
#include "bench/wire/setup.h"

enum cast_state {
	CAST_NONE,
	CAST_OPEN,       /* members may be added */
	CAST_STARTING,   /* all set up: arrays, segments, sockets */
	CAST_CONNECTING, /* those who take from another shake hands */
	CAST_MEASURING,  /* warm-up and samples */
	CAST_STOPPING,   /* all are on their way out */
	CAST_ENDED,      /* all reaped; outcome says how it went */
};

/* What a member takes from, where that is no other member. */
#define CAST_NOBODY SIZE_MAX
#define CAST_OUTSIDE (SIZE_MAX - 1) /* a server that is not ours, at the set-up's address */

/* What a member has said: bits. */
enum member_step {
	MEMBER_READY = 1, /* it is set up */
	MEMBER_CONNECTED = 2,
	MEMBER_WARM = 4, /* of several: it goes on unmeasured until all are */
	MEMBER_DONE = 8, /* it has its samples; of several: it goes on until all have */
};

struct member {
	const struct worker_role *role;
	size_t upstream; /* the member it takes from, or one of the above */
	uint32_t client; /* which of those that take from the same: from 0 */
	uint32_t cpu;
	const struct link *link;
	void *worker;                        /* the link's state; owned */
	unsigned steps;                      /* bits of enum member_step */
	bool gone;                           /* reaped */
	bool excused;                        /* what it has said is no failure, nor is its end */
	char address[CARRIER_ADDRESS_BYTES]; /* where it listens, once it is ready */
	struct err error;                    /* what went wrong with it; kind ERR_NONE: nothing */
	uint64_t failed_ns;                  /* when */
	uint64_t mark;    /* begun + finished exchanges when last looked at */
	uint64_t mark_ns; /* when that last changed */
};

/* What all of them are told, and what they may use up. */
struct cast_plan {
	struct world_watch watch;
	struct worker_setup setup; /* but for what is a member's own */
	struct begin begin;
	uint64_t block;        /* of the run, from 0; biases go by that and by the run's seed */
	uint64_t seed;
	unsigned fixed_biases; /* bits of enum plan_bias */
	uint64_t timeout_ns;
};

#define CAST_REMARK_BYTES 160

struct cast {
	enum cast_state state;
	struct cast_plan plan;
	struct member *members; /* owned */
	size_t count;
	size_t capacity;
	struct world_shared scoreboard; /* a region each */
	bool stop_wanted;               /* by the owner: not an error */
	bool cut_short;                 /* it was still under way then */
	bool failed;                    /* something went wrong; the members' errors hold what */
	uint64_t failed_ns;             /* when the runner heard of the first of them */
	uint64_t settled_ns;            /* when what comes later explains nothing; 0: not yet */
	uint64_t deadline_ns;           /* of the present state */
	uint64_t started_ns;
	uint64_t setup_ns; /* from then until all were connected */
	bool paused;
	char remark[CAST_REMARK_BYTES]; /* a member's, on what its latencies hold; or "" */
	struct err outcome;             /* CAST_ENDED: kind ERR_NONE if all is well */
};

/* In a zeroed struct: room for so many members. On failure only cast_free is called. */
int cast_init(struct cast *cast, const struct cast_plan *plan, size_t capacity, struct err *err);

/* Adds a member, of which there is room for one more, before the start. Returns its index. */
size_t cast_add(struct cast *cast, const struct worker_role *role, size_t upstream, uint32_t cpu);

/* Starts all of them. On failure only cast_free is called. */
int cast_start(struct cast *cast, struct err *err);

/* Takes what they have said. Returns true if the state has changed. */
bool cast_step(struct cast *cast, uint64_t now_ns);

/*
 * How long the owner may wait until cast_step must look at the deadlines again;
 * UINT64_MAX: for ever.
 */
uint64_t cast_wait_ns(const struct cast *cast, uint64_t now_ns);

void cast_pause(struct cast *cast, bool pause);

/* Ends it early: the sample in flight is lost, what was measured stays. */
void cast_stop(struct cast *cast, uint64_t now_ns);

/* Kills what is left, sweeps its segments and sockets, unmaps. Accepts a zeroed struct. */
void cast_free(struct cast *cast);

#endif
