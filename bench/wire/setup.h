/* SPDX-License-Identifier: MIT */
/* What a worker is told to be: the control plane's first record, both ways. */
#ifndef BENCH_WIRE_SETUP_H
#define BENCH_WIRE_SETUP_H

#include "bench/plan/plan.h"
#include "bench/stats/tally.h"
#include "bench/wire/control.h"
#include "transports/carrier.h"

#define SETUP_PATH_BYTES 108
#define SETUP_PAGE_BYTES 4096
#define SETUP_CPU_ANY 1024 /* one more than the last CPU that sched_setaffinity(2) knows */
#define SETUP_INTERVAL_NS_MAX UINT64_C(10000000000000000) /* 115 days: sums do not overflow */

struct worker_setup {
	struct transport transport;
	struct array_type type;    /* as in struct plan_cell, the two below as well */
	struct array_type request; /* of both; else as type */
	enum direction direction;
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
	uint32_t cpu; /* to run on, or SETUP_CPU_ANY */
	/* Drawn for this worker of this block: bench/run/bias.h. */
	uint32_t environment_bytes; /* that its environment is longer by */
	uint32_t stack_bytes;       /* that its stack begins lower by */
	uint32_t shift_bytes;       /* into a page, at which its arrays begin */
	uint32_t order;             /* 0: its carrier's memory comes first, 1: its encoding's */
	uint32_t first_cpu;         /* where it starts, the how-manieth that it may use; or any */
	uint32_t other_cpu; /* the same, of the other process that a floor or a reference starts */
	char data[DATA_PATH_BYTES]; /* "": random; "smooth"; or a file's absolute path */
	uint64_t data_hash;         /* of the file's array */
	char token[CARRIER_TICKET_BYTES / 2];       /* of the run; random */
	char directory[SETUP_PATH_BYTES];           /* for socket files; the server makes it */
	char segment_prefix[SETUP_PATH_BYTES];
	char connect[CARRIER_ADDRESS_BYTES]; /* of a server that is not ours, or "" */
};

static inline struct ways setup_ways(const struct worker_setup *setup)
{
	return ways_of(setup->direction, &setup->type, &setup->request);
}

/*
 * The server's and the client's CPU for --pin, of those that this process may
 * use. Refuses what would be labelled as pinned and not be.
 */
int setup_choose_cpus(enum pin pin, uint32_t cpu[ENDS], struct err *err);

void setup_write(const struct worker_setup *setup, struct record_writer *writer);

/* Fails with ERR_PROTOCOL where anything is missing or cannot be, or as its pairs file does. */
int setup_read(struct worker_setup *setup, const struct record *record, struct err *err);

#endif
