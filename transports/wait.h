/* SPDX-License-Identifier: MIT */
/*
 * How an end waits for the other within an exchange: asleep in the kernel,
 * looking again and again, or first the latter and then the former. Connecting and
 * shaking hands are no part of an exchange, and always block.
 */
#ifndef TRANSPORTS_WAIT_H
#define TRANSPORTS_WAIT_H

#include <stdbool.h>
#include <stdint.h>

enum wait_mode {
	WAIT_BLOCK,  /* the kernel puts the thread to sleep and wakes it */
	WAIT_SPIN,   /* the thread keeps its processor and never sleeps */
	WAIT_HYBRID, /* spins for WAIT_HYBRID_NS, then blocks */
};

#define WAIT_MODES 3

/* A carrier's `waits`: a bit for each mode that it has. */
#define WAIT_BIT(mode) (1u << (mode))
#define WAIT_ALL (WAIT_BIT(WAIT_BLOCK) | WAIT_BIT(WAIT_SPIN) | WAIT_BIT(WAIT_HYBRID))

/*
 * About what falling asleep and being woken costs both ends together (raw TCP
 * ping-pong: 75 us a round trip asleep, 9 spinning). Spinning for as long as a
 * sleep costs takes at most twice the time of the better of the two (competitive
 * spinning). The kernel's net.core.busy_poll documents the same 50.
 */
#define WAIT_HYBRID_NS 50000u

/* One wait for the other end's next sign of life. */
struct wait {
	enum wait_mode mode;
	bool looked;
	uint64_t until_ns; /* hybrid, once it has looked: the end of the spinning */
};

/* A new wait: also after every sign of life. */
static inline struct wait wait_begin(enum wait_mode mode)
{
	return (struct wait){.mode = mode};
}

/* Leaves the core to its other thread for some cycles, and saves power. */
void wait_rest(void);

/* wait_spins, in a mode that spins. */
bool wait_spins_on(struct wait *wait);

/*
 * Asked before every look at the other end: true if that look must not block.
 * Between two looks the processor rests for a moment.
 */
static inline bool wait_spins(struct wait *wait)
{
	return wait->mode != WAIT_BLOCK && wait_spins_on(wait);
}

#endif
