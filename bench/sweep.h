/* SPDX-License-Identifier: MIT */
/*
 * Names that our processes leave behind when they are killed, and their
 * removal. Every segment in /dev/shm and every socket directory in /tmp is
 * named "ipctop-<pid>-<start time>-<random>...", after the runner that owns it.
 */
#ifndef BENCH_SWEEP_H
#define BENCH_SWEEP_H

#include <stddef.h>

#include "transports/err.h"

#define SWEEP_NAME_BYTES 80

/* A new name for this process. */
int sweep_make_name(char name[SWEEP_NAME_BYTES], struct err *err);

/* Removes the segments whose name begins with prefix. */
void sweep_segments(const char *prefix);

/* Removes a socket directory and the files in it. */
void sweep_directory(const char *path);

/*
 * Removes what dead runners of this user left: names of ours whose process is
 * gone or is another one (its start time differs). Touches nothing else.
 */
void sweep_dead(void);

#endif
