/* SPDX-License-Identifier: MIT */
/*
 * The columns of the CSV, which are the members of the JSON export's cells too:
 * one table, in the CSV's order. See ipctop-csv(5).
 */
#ifndef BENCH_REPORT_COLUMN_H
#define BENCH_REPORT_COLUMN_H

#include <stddef.h>

#include "bench/model/model.h"
#include "bench/text/text.h"
#include "transports/array.h"

#define COLUMN_TEXT_BYTES (ARRAY_SHAPE_TEXT_BYTES + CELL_REASON_BYTES)

enum column_kind {
	COLUMN_TEXT,
	COLUMN_SHAPE,  /* text in the CSV, an array of numbers in JSON */
	COLUMN_NUMBER,
};

struct column {
	const char *name;
	enum column_kind kind;
	/* Writes the value at text, "" where it is unknown. */
	void (*get)(const struct model *model, const struct cell *cell, char *text);
	/* Where get is NULL: a member of struct summary, and how it is written. */
	size_t offset;
	char *(*write)(double value, unsigned digits, char text[TEXT_NUMBER_BYTES]);
	unsigned digits;
};

/* As many rows as csv_columns has names. */
extern const struct column column_table[];
extern const size_t column_count;

/* Writes a cell's value: valid UTF-8 without control characters, "" where unknown. Returns text. */
char *column_format(const struct column *column, const struct model *model,
		    const struct cell *cell, char text[COLUMN_TEXT_BYTES]);

#endif
