/* SPDX-License-Identifier: MIT */
/*
 * The one rule of who is named when a block fails: of all that went wrong with its members, what
 * can least be the consequence of the rest; among equals, what came first. Pure.
 */
#ifndef BENCH_RUN_CAUSE_H
#define BENCH_RUN_CAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

/* What went wrong, by how little the other members can have caused it. */
enum cause_rank {
	CAUSE_WRONG,   /* a reply that is not what was sent */
	CAUSE_KILLED,  /* by a signal: no end of a connection does that to the other */
	CAUSE_WORDS,   /* an error in words, what the protocol forbids included */
	CAUSE_EXITED,  /* with another status than 0 */
	CAUSE_LEFT,    /* exited with 0 too early, or did nothing for too long */
	CAUSE_HUNG_UP, /* only noticed that the other end was gone */
	CAUSE_NOTHING, /* all is well */
};

struct cause {
	enum cause_rank rank;
	uint64_t at_ns;
};

/*
 * A server that ends well when its clients have is as it should be: where both ends exit with 0,
 * the client's counts as so much earlier.
 */
#define CAUSE_HEAD_START_NS UINT64_C(100000000)

/*
 * The rank of an error, by its kind; but words that speak of a connection's end count as that, and
 * so does a bad exit with such last words.
 */
enum cause_rank cause_rank(const struct err *err);

/* Whether a explains b, rather than the other way round. Of equals neither does. */
bool cause_explains(const struct cause *a, const struct cause *b);

/* How long after the first error a better explanation of this one may still come, in ns. */
uint64_t cause_patience_ns(enum cause_rank rank);

/*
 * Writes the reason: the cause, and for one that says little what the next of them said. next may
 * be NULL. *reason is none before.
 */
void cause_write(const struct err *cause, const struct err *next, struct err *reason);

#endif
