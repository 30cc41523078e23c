/* SPDX-License-Identifier: MIT */
/* What a worker is told to be: the control plane's first record, both ways. */
#ifndef BENCH_WIRE_SETUP_H
#define BENCH_WIRE_SETUP_H

#include "bench/plan/plan.h"
#include "bench/wire/control.h"
#include "transports/carrier.h"

#define SETUP_PATH_BYTES 108
#define SETUP_CPU_ANY UINT32_MAX

struct worker_setup {
	struct transport transport;
	struct array type; /* shape and dtype */
	enum source source;
	enum memory memory;
	enum pages pages;
	enum wait_mode wait;
	uint64_t seed;
	uint32_t member;  /* which region of the scoreboard is its own, */
	uint32_t members; /* of so many; 0: there is no scoreboard */
	uint32_t client;  /* which of those that take from the same server; 0 for a server */
	uint32_t clients; /* how many they are */
	uint64_t interval_ns; /* between one client's planned requests; 0: no schedule */
	uint32_t cpu[2]; /* the server's and the client's to run on, or SETUP_CPU_ANY */
	char token[CARRIER_TICKET_BYTES / 2];       /* of the run; random */
	char directory[SETUP_PATH_BYTES];           /* for socket files; the server makes it */
	char segment_prefix[SETUP_PATH_BYTES];
	char connect[CARRIER_ADDRESS_BYTES]; /* of a server that is not ours, or "" */
};

/*
 * The server's and the client's CPU for --pin, of those that this process may
 * use. Refuses what would be labelled as pinned and not be.
 */
int setup_choose_cpus(enum pin pin, uint32_t cpu[2], struct err *err);

void setup_write(const struct worker_setup *setup, struct record_writer *writer);
int setup_read(struct worker_setup *setup, const struct record *record, struct err *err);

#endif
