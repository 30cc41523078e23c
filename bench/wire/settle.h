/* SPDX-License-Identifier: MIT */
/*
 * An exchange is settled once the server has said on the scoreboard what it did
 * and is ready for the next request: so its hashing and refreshing never
 * overlaps a latency. For servers and clients of our own and foreign ones.
 */
#ifndef BENCH_WIRE_SETTLE_H
#define BENCH_WIRE_SETTLE_H

#include <stdatomic.h>
#include <stdint.h>

#include "bench/wire/scoreboard.h"
#include "transports/err.h"

/* Lets the client see what the server knows of the exchange, and ask for the next. */
void settle_publish(struct scoreboard_served *served, const struct scoreboard_exchange *record);

/* Waits for the record of the exchange. Fails with ERR_CLOSED once *stopping, within 0.1 s. */
int settle_await(const struct scoreboard_served *served, uint64_t exchange,
		 const atomic_bool *stopping, struct scoreboard_exchange *record, struct err *err);

#endif
