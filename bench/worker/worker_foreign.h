/* SPDX-License-Identifier: MIT */
/*
 * The worker roles where another program plays them: it is started as a child,
 * spoken to in lines (ipctop-pair(7)), and what it says becomes control records
 * and figures on the scoreboard. To the pair such a worker is one like any other.
 */
#ifndef BENCH_WORKER_WORKER_FOREIGN_H
#define BENCH_WORKER_WORKER_FOREIGN_H

#include "bench/worker/worker.h"

int worker_foreign_server(struct worker *worker, struct err *err);
int worker_foreign_client(struct worker *worker, struct err *err);

#endif
