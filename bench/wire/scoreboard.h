/* SPDX-License-Identifier: MIT */
/*
 * The scoreboard: shared memory with a region for each member of a cell, of two parts. What
 * the member is served is written by the one it takes from, the rest by itself. One writer a
 * part; the runner only reads, so nothing that it does, or fails to do, can hold up a worker.
 * Records carry durations, never points in time. A part that nobody writes to takes no memory.
 */
#ifndef BENCH_WIRE_SCOREBOARD_H
#define BENCH_WIRE_SCOREBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/machine/pages.h"
#include "bench/plan/plan.h"
#include "bench/stats/hist.h"
#include "bench/stats/tally.h"
#include "bench/stats/warmup.h"

#define SCOREBOARD_RING 65536u /* samples: half a second of the fastest exchanges there are */
#define SCOREBOARD_EXCHANGES 4u

/*
 * Whether the buffers of the data sockets are looked at after an exchange: after the
 * first, and then ever more rarely, since TCP's grow for a while.
 */
static inline bool scoreboard_looks_at_sockets(uint64_t exchange)
{
	return (exchange & (exchange - 1)) == 0;
}

/* What the server of an exchange knows of it. */
struct scoreboard_exchange {
	uint64_t exchange;
	uint64_t hash;
	uint64_t request_hash; /* by a foreign server: of the request's array, as it took it */
	/* Of the request's array, outside the clock; 0 where there is none. */
	uint64_t read_ns; /* a foreign server need not tell these two: SCOREBOARD_READ_UNKNOWN */
	uint64_t verify_ns;
	uint64_t release_ns;
	bool detailed; /* it was one whose phases and costs are taken: what follows is known */
	uint64_t make_ns;
	uint64_t encode_ns;
	uint64_t decode_ns; /* of the request */
	struct end_cost cost;
};

/*
 * Whether the phases and costs of an exchange are taken. Asking the clock around
 * every step, and the kernel for page faults, adds up to a microsecond to an
 * exchange: nothing for a large array, much for a small one. Of small ones the
 * first are detailed, so that a short block has figures, and then every 16th.
 * Both ends go by this.
 */
static inline bool scoreboard_detailed(uint64_t exchange, size_t payload_bytes)
{
	return payload_bytes > (64u << 10) || exchange < 64 || exchange % 16 == 0;
}

/* Written by the member it takes from; read by itself and the runner. */
struct scoreboard_served {
	/*
	 * Exchanges whose record is complete and after which their server is ready
	 * for the next request: a futex that the member waits on.
	 */
	_Alignas(64) _Atomic uint32_t settled;
	struct pages_got pages; /* of the array that is sent; written before the first exchange */
	_Atomic uint64_t send_buffer_bytes; /* of its socket; 0: unknown */
	/* That of exchange n is at n % SCOREBOARD_EXCHANGES. */
	struct scoreboard_exchange exchanges[SCOREBOARD_EXCHANGES];
};

#define SCOREBOARD_READ_UNKNOWN UINT64_MAX

struct scoreboard_sample {
	uint64_t latency_ns;
	uint64_t read_ns; /* or SCOREBOARD_READ_UNKNOWN */
	uint64_t hash;    /* by our own client, of the array that came; push: that it sent */
};

/*
 * Written by the member, read by the runner and, where requests carry arrays, by its server; of
 * one that takes from nobody, the peak alone.
 */
struct scoreboard_own {
	_Alignas(64) _Atomic uint64_t peak_rss_bytes; /* 0: unknown */
	_Atomic uint64_t begun;                 /* exchanges, warm-up included */
	_Atomic uint64_t finished;              /* and verified, and released */
	_Atomic uint64_t warmed;                /* warm-up exchanges, finished */
	_Atomic uint32_t steadiness;            /* of the samples: enum steadiness */
	_Atomic uint64_t samples;               /* ever put into the ring */
	_Atomic uint64_t given_hash;            /* of its next request's array, source ready */
	_Atomic uint64_t first_ns;              /* latency of exchange 0 */
	_Atomic uint64_t connect_ns;
	_Atomic uint64_t receive_buffer_bytes;  /* of its socket; 0: unknown */
	struct pages_got pages; /* of exchange 0's array, as it was read */
	struct tally tally;
	struct hist latency;
	struct hist with_read;
	struct hist planned;                    /* from the planned start; empty without a rate */
	struct scoreboard_sample ring[SCOREBOARD_RING];
};

struct scoreboard_member {
	struct scoreboard_served served;
	struct scoreboard_own own;
};

#define SCOREBOARD_MEMBERS_MAX (1 + PLAN_CLIENTS_MAX)

static inline size_t scoreboard_bytes(size_t members)
{
	return members * sizeof(struct scoreboard_member);
}

/* Where a client's region is, seen from its server's: those that take from a member follow it. */
static inline size_t scoreboard_taker(size_t server, uint32_t client)
{
	return server + 1 + client;
}

#endif
