/* SPDX-License-Identifier: MIT */
/*
 * Names that our processes leave behind when they are killed, and their
 * removal. Every segment in /dev/shm and every socket directory in TMPDIR or
 * /tmp (socket_folder.h) is named after the runner that owns it:
 *
 *	ipctop-<pid>-<start time>-<realm>-<random>...
 *
 * pid and start time (clock ticks since boot, field 22 of proc(5)'s stat) are
 * decimal. realm says where those two have their meaning: the inodes of the
 * runner's pid and time namespaces, 8 hexadecimal digits each; all zero if
 * /proc did not tell. random is 16 hexadecimal digits.
 *
 * Containers may share /dev/shm and not their processes. A name of another
 * realm is therefore never swept here, whatever lives or died there: the next
 * run in that realm does it. No run sweeps a name of realm 0.
 */
#ifndef BENCH_MACHINE_LEFTOVERS_H
#define BENCH_MACHINE_LEFTOVERS_H

#include <stddef.h>

#include "transports/err.h"

#define SWEEP_NAME_BYTES 88 /* of which the longest name takes 70 */
#define SWEEP_FOLDER "/tmp" /* of socket directories, where TMPDIR names no other */

/* A new name for this process. */
int sweep_make_name(char name[SWEEP_NAME_BYTES], struct err *err);

/* Makes a directory for socket files that only this user may enter. Fails if path is taken. */
int sweep_make_directory(const char *path, struct err *err);

/* Removes the segments whose name begins with prefix. */
void sweep_segments(const char *prefix);

/* Removes a socket directory and the files in it. */
void sweep_directory(const char *path);

/*
 * Removes what dead runners of this user and realm left, in TMPDIR too: names of ours whose
 * process is gone or is another one (its start time differs). Touches nothing else.
 */
void sweep_dead(void);

#endif
