/* SPDX-License-Identifier: MIT */
/* The signals that ask us to end: held, so that whoever waits can read them and clear up. */
#ifndef BENCH_ENDINGS_H
#define BENCH_ENDINGS_H

#include <signal.h>

/*
 * Blocks SIGINT, SIGTERM and, unless it is ignored, SIGHUP in this thread and those
 * that it starts, and ignores SIGPIPE. *held is the set of those blocked.
 */
void endings_hold(sigset_t *held);

#endif
