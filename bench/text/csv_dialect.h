/* SPDX-License-Identifier: MIT */
/* What kind of CSV a file is, and whether it is one at all. Pure. */
#ifndef BENCH_TEXT_CSV_DIALECT_H
#define BENCH_TEXT_CSV_DIALECT_H

#include <stddef.h>

#include "transports/err.h"

struct csv_dialect {
	char separator; /* a comma, a semicolon, a tab or a bar */
	size_t begin;   /* where the header's line begins */
	size_t line;    /* which one that is, from 1 */
};

/*
 * Looks for a byte order mark, for the line "sep=;" and for what separates the names in
 * the header. Fails with ERR_PROTOCOL on what is something else: UTF-16, JSON, an
 * archive, a NUL.
 */
int csv_dialect_find(struct csv_dialect *dialect, const char *data, size_t bytes, struct err *err);

/* The bytes of a line "sep=;" at data, without its end; 0 if there stands something else. */
size_t csv_dialect_line(const char *data, size_t bytes, char *separator);

/* The bytes of a byte order mark at data, or 0. */
size_t csv_mark_bytes(const char *data, size_t bytes);

#endif
