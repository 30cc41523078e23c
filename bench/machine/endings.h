/* SPDX-License-Identifier: MIT */
/* The signals that ask us to end: held, so that a thread that waits can read them and clear up. */
#ifndef BENCH_MACHINE_ENDINGS_H
#define BENCH_MACHINE_ENDINGS_H

#include <signal.h>

/*
 * Blocks SIGINT, SIGTERM and, unless it is ignored, SIGHUP in this thread and those
 * that it starts, and ignores SIGPIPE. *held is the set of those blocked.
 */
void endings_hold(sigset_t *held);

/*
 * The kernel spares the first process of a pid namespace, such as a container's, each signal
 * that it has no handler for. This gives the three a handler there, unless they are ignored,
 * so that they end us all the same.
 */
void endings_heed(void);

#endif
