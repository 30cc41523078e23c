/* SPDX-License-Identifier: MIT */
/* The signals that ask us to end: held, so that whoever waits can read them and clear up. */
#ifndef BENCH_MACHINE_ENDINGS_H
#define BENCH_MACHINE_ENDINGS_H

#include <signal.h>

/*
 * Blocks SIGINT, SIGTERM and, unless it is ignored, SIGHUP in this thread and those
 * that it starts, and ignores SIGPIPE. *held is the set of those blocked.
 */
void endings_hold(sigset_t *held);

/*
 * The first process of a pid namespace, as a container's is, is spared what it has no handler
 * for. Where we are that, and do not ignore them, the three end us all the same.
 */
void endings_heed(void);

#endif
