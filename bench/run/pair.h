/* SPDX-License-Identifier: MIT */
/*
 * A server process and its clients, one or more, that measure one block, and
 * what becomes of them: a state machine that its owner steps. Nothing here blocks.
 */
#ifndef BENCH_RUN_PAIR_H
#define BENCH_RUN_PAIR_H

#include "bench/run/child.h"
#include "bench/wire/scoreboard.h"
#include "bench/wire/setup.h"

enum pair_state {
	PAIR_NONE,
	PAIR_STARTING,   /* all set up: arrays, segments, sockets */
	PAIR_CONNECTING, /* the clients shake hands */
	PAIR_MEASURING,  /* warm-up and samples */
	PAIR_STOPPING,   /* all are on their way out */
	PAIR_ENDED,      /* all reaped; outcome says how it went */
};

/* What a client may use up. */
struct pair_limits {
	uint64_t warmup;
	uint64_t samples;
	uint64_t budget_ns;
	uint64_t timeout_ns;
};

#define PAIR_REMARK_BYTES 160

/* One client of the pair, and how far it has come. */
struct pair_client {
	struct child child;
	bool ready;         /* set up */
	bool connected;
	bool warm;          /* of several: it goes on unmeasured until all are */
	bool done;          /* has its samples; of several: it goes on until all have */
	struct err error;
	uint64_t mark;      /* begun + finished exchanges when last looked at */
	uint64_t mark_ns;   /* when that last changed */
};

struct pair {
	enum pair_state state;
	struct worker_setup setup;
	struct pair_limits limits;
	struct child server;
	struct pair_client *clients;   /* owned; setup.clients of them */
	struct scoreboard_member *scoreboard; /* mapped from start to free */
	int scoreboard_fd;
	int epoll_fd;                  /* the owner's: our descriptors are added to it */
	bool server_ready;
	bool stop_wanted;              /* by the owner: not an error */
	bool cut_short;                /* it was still under way then */
	bool failed;                   /* something went wrong; errors hold what */
	struct err server_error;
	uint64_t failed_ns;            /* when the first of them came */
	uint64_t deadline_ns;          /* of the present state */
	uint64_t started_ns;
	uint64_t setup_ns;             /* from then until all clients were connected */
	bool paused;
	char address[CARRIER_ADDRESS_BYTES];
	char remark[PAIR_REMARK_BYTES]; /* a client's, on what its latencies hold; or "" */
	struct err outcome;            /* PAIR_ENDED: kind ERR_NONE if all is well */
};

/*
 * Starts all processes, but no server where setup->connect names another's.
 * epoll_fd is kept. On failure only pair_free is called.
 */
int pair_start(struct pair *pair, const struct worker_setup *setup,
	       const struct pair_limits *limits, int epoll_fd, struct err *err);

/* Takes what the processes have said. Returns true if the state has changed. */
bool pair_step(struct pair *pair, uint64_t now_ns);

/*
 * How long the owner may wait until pair_step must look at the deadlines again;
 * UINT64_MAX: for ever.
 */
uint64_t pair_wait_ns(const struct pair *pair, uint64_t now_ns);

void pair_pause(struct pair *pair, bool pause);

/* Ends it early: the sample in flight is lost, what was measured stays. */
void pair_stop(struct pair *pair, uint64_t now_ns);

/* Kills what is left, sweeps its segments and sockets, unmaps. Accepts a zeroed struct. */
void pair_free(struct pair *pair);

#endif
