/* SPDX-License-Identifier: MIT */
/*
 * The scoreboard of a pair: shared memory with one region for each worker and
 * one writer a region. The runner only reads, so nothing that it does, or fails
 * to do, can hold up a worker. Records carry durations, never points in time.
 */
#ifndef BENCH_SCOREBOARD_H
#define BENCH_SCOREBOARD_H

#include <stddef.h>
#include <stdint.h>

#include "bench/hist.h"
#include "bench/tally.h"

#define SCOREBOARD_RING 65536u /* samples: half a second of the fastest exchanges there are */
#define SCOREBOARD_EXCHANGES 4u

/* What the server knows of one exchange. */
struct scoreboard_exchange {
	uint64_t exchange;
	uint64_t hash;
	uint64_t make_ns;
	uint64_t encode_ns;
	uint64_t cpu_ns;
	uint64_t page_faults;
	uint64_t context_switches;
};

/* Written by the server; read by the client and the runner. */
struct scoreboard_server {
	/*
	 * Exchanges whose record is complete and after which the server is ready
	 * for the next request: a futex that the client waits on.
	 */
	_Alignas(64) _Atomic uint32_t settled;
	_Atomic uint64_t peak_rss_bytes;
	/* That of exchange n is at n % SCOREBOARD_EXCHANGES. */
	struct scoreboard_exchange exchanges[SCOREBOARD_EXCHANGES];
};

struct scoreboard_sample {
	uint64_t latency_ns;
	uint64_t read_ns;
};

/* Written by the client, read by the runner. */
struct scoreboard_client {
	_Alignas(64) _Atomic uint64_t begun;    /* exchanges, warm-up included */
	_Atomic uint64_t finished;              /* and verified, and released */
	_Atomic uint64_t warmed;                /* warm-up exchanges finished */
	_Atomic uint64_t samples;               /* ever put into the ring */
	_Atomic uint64_t first_ns;              /* latency of exchange 0 */
	_Atomic uint64_t connect_ns;
	struct tally tally;
	struct hist latency;
	struct hist with_read;
	struct scoreboard_sample ring[SCOREBOARD_RING];
};

struct scoreboard {
	struct scoreboard_server server;
	struct scoreboard_client client;
};

#endif
