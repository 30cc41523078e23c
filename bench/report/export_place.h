/* SPDX-License-Identifier: MIT */
/* Where the name of a file leads: for what is to be replaced, and to see that two are one. */
#ifndef BENCH_REPORT_EXPORT_PLACE_H
#define BENCH_REPORT_EXPORT_PLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "transports/err.h"

/* The length of path's directory with its slash. */
size_t place_directory_length(const char *path);

/* What is known of the directory that path is in. */
int place_directory_stat(const char *path, struct stat *around, struct err *err);

/*
 * Replaces path by where it leads, while that is a symbolic link. Fails where the kernel would
 * not follow one (proc(5), protected_symlinks), and if there are too many.
 */
int place_follow_links(char path[PATH_MAX], struct err *err);

/* Fails in words. */
int place_name_too_long(const char *path, struct err *err);

struct place {
	bool exists;
	struct stat found;       /* of what is there, or of the directory that it will be in */
	char name[NAME_MAX + 1]; /* there; "" if it exists */
};

/* Where a path leads, which need not be there yet. Fails if its directory is not. */
int place_find(struct place *place, const char *path, struct err *err);

/* Where an open descriptor does. One that is closed leads nowhere. */
void place_of_stream(struct place *place, int fd);

/* Would what is written to both come to one file, FIFO or terminal? Not so of /dev/null. */
bool place_same(const struct place *a, const struct place *b);

/* Is it read as one thing from its beginning on: a file, a pipe? */
bool place_keeps_order(const struct place *place);

#endif
