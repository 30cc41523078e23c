/* SPDX-License-Identifier: MIT */
/*
 * The roles that a worker process can play: rows, which its worker and the runner both go by.
 * What a member of a cell says and is told follows from what its role does; a role that does both
 * is its upstream's client and its downstream's server.
 */
#ifndef BENCH_WIRE_ROLE_H
#define BENCH_WIRE_ROLE_H

#include <stdbool.h>

#include "transports/err.h"

struct worker; /* bench/worker/worker.h */

struct worker_role {
	const char *name; /* of one word: for the command line and messages */
	bool listens;     /* others take from it: it says where when it is ready */
	bool takes;       /* it is told where to connect, and measures what it takes */
	int (*run)(struct worker *worker, struct err *err);
	/* The same where another program plays an end; NULL: it makes no difference. */
	int (*run_foreign)(struct worker *worker, struct err *err);
};

#define ROLE(name) extern const struct worker_role role_##name;
#include "bench/wire/roles.def"
#undef ROLE

/* NULL if there is none of that name. */
const struct worker_role *role_find(const char *name);

#endif
