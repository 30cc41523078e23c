/* SPDX-License-Identifier: MIT */
/*
 * Reads CSV as RFC 4180 has it, or as spreadsheets write it, from files that may be
 * damaged or hostile: quotation marks, line breaks inside them, lines that end in LF,
 * CR LF or CR, the last one perhaps not; semicolons or tabs between fields, with
 * decimal commas then. Fields are found by the name of their column.
 */
#ifndef BENCH_TEXT_CSV_READ_H
#define BENCH_TEXT_CSV_READ_H

#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

#define CSV_BYTES_MAX ((size_t)32 << 20) /* some 50 000 rows */
#define CSV_COLUMNS_MAX 1000

#define CSV_NO_COLUMN SIZE_MAX

/* Owns its memory; zeroed is empty. Fields are without NULs inside, and end with one. */
struct csv {
	char *text;
	uint32_t *offsets; /* of all fields in text, the header's first, row by row */
	size_t columns;
	size_t rows;    /* without the header */
	char separator; /* a comma, a semicolon, a tab or a bar */
};

/*
 * Parses data. A byte order mark, a line "sep=;", empty lines, rows of empty fields and
 * lines that repeat the header (files put one behind the other) are passed over. Fails
 * with ERR_PROTOCOL and the line: a row of another length than the header, a quotation
 * mark that is never closed or where none may be, a NUL, a column's name twice, what is
 * no CSV at all; with ERR_RANGE beyond the limits above. csv is empty then.
 */
int csv_parse(struct csv *csv, const char *data, size_t bytes, struct err *err);

/* Reads a file, or stdin if path is "-", to its end, and parses it. May block on a pipe. */
int csv_load(struct csv *csv, const char *path, struct err *err);

void csv_fini(struct csv *csv);

/* The column of that name, or CSV_NO_COLUMN. */
size_t csv_column(const struct csv *csv, const char *name);

/* Borrowed from csv; "" for CSV_NO_COLUMN. */
const char *csv_field(const struct csv *csv, size_t row, size_t column);

/* A decimal number as csv files have it, in every locale; NAN if it is anything else. */
double csv_number(const char *field);

/* The number in a field, with a comma for a point where no comma separates fields. */
double csv_figure(const struct csv *csv, size_t row, size_t column);

#endif
