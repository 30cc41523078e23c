/* SPDX-License-Identifier: MIT */
/* A stand-alone server for foreign clients: whoever connects is answered. */
#ifndef BENCH_WORKER_SERVE_H
#define BENCH_WORKER_SERVE_H

#include <stdint.h>

#include "bench/plan/plan.h"
#include "transports/err.h"

struct serve_options {
	struct transport transport;
	enum direction direction; /* as its clients see it */
	struct type_pair types;   /* push: what requests carry, twice */
	enum source source;
	struct data data;
	enum memory memory;
	enum pages pages;
	enum wait_mode wait;      /* one of the carrier's */
	uint64_t seed;
	uint16_t port;            /* 0: any free one */
	const char *bind_address; /* NULL: 127.0.0.1 */
	const char *authkey;      /* mp: NULL: none is asked for */
	/* Called once the server listens. */
	void (*ready)(const char *address);
};

/*
 * Serves until SIGINT or SIGTERM, which it takes over. Leaves no segment and no
 * socket file behind. Returns 0 when it was stopped by a signal.
 */
int serve(const struct serve_options *options, struct err *err);

#endif
