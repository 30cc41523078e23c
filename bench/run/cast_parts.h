/* SPDX-License-Identifier: MIT */
/* What the files of the cast share; see bench/run/cast.h. */
#ifndef BENCH_RUN_CAST_PARTS_H
#define BENCH_RUN_CAST_PARTS_H

#include "bench/run/cast.h"

/* The only way into another state, which has so long. */
void cast_enter(struct cast *cast, enum cast_state state, uint64_t deadline_ns);

/*
 * Notes what has gone wrong with a member, and when. Of two errors of one member the one that
 * explains the other stays; what comes once the cause is settled is a consequence.
 */
void cast_fail(struct cast *cast, struct member *member, const struct err *err, uint64_t at_ns);

/* Sends a record of a verb alone to all that take from another. */
void cast_tell_takers(struct cast *cast, const char *verb);

/* The block went well: has everybody leave in peace. */
void cast_leave_well(struct cast *cast, uint64_t now_ns);

/* Takes everything that a member has said, and notices if it is gone. */
void cast_hear(struct cast *cast, struct member *member, uint64_t now_ns);

#endif
