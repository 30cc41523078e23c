/* SPDX-License-Identifier: MIT */
/*
 * Where the directories of socket files are made: in TMPDIR, or in /tmp where that is not set
 * or will not do.
 */
#ifndef BENCH_MACHINE_SOCKET_FOLDER_H
#define BENCH_MACHINE_SOCKET_FOLDER_H

#include "transports/err.h"

/* A socket file's path, which the kernel limits to 107 bytes (unix(7)), begins with it. */
#define SOCKET_FOLDER_BYTES 108

/*
 * Returns TMPDIR if directories of the longest names can be made there, else /tmp. Where TMPDIR
 * is set and is not what is returned, *why says so, and what to do; it may be NULL. What is
 * returned is the environment's.
 */
const char *socket_folder(struct err *why);

/* Writes the path that the directory of that name has. Returns path. */
char *socket_folder_path(const char *name, char path[SOCKET_FOLDER_BYTES]);

/* 0 if a directory can be made there now, else -1 with the reason and what to do. */
int socket_folder_check(struct err *err);

#endif
