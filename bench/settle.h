/* SPDX-License-Identifier: MIT */
/*
 * An exchange is settled once the server has said on the scoreboard what it did
 * and is ready for the next request: so its hashing and refreshing never
 * overlaps a latency. For servers and clients of our own and foreign ones.
 */
#ifndef BENCH_SETTLE_H
#define BENCH_SETTLE_H

#include "bench/worker.h"

/* Lets the client see what the server knows of the exchange, and ask for the next. */
void settle_publish(struct scoreboard_server *board, const struct scoreboard_exchange *record);

/* Waits for the record of the exchange. Fails with ERR_CLOSED if the worker is to stop. */
int settle_await(const struct worker *worker, const struct scoreboard_server *board,
		 uint64_t exchange, struct scoreboard_exchange *record, struct err *err);

#endif
