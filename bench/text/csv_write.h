/* SPDX-License-Identifier: MIT */
/* Fields of a CSV as RFC 4180 has them, which no spreadsheet takes for formulas. */
#ifndef BENCH_TEXT_CSV_WRITE_H
#define BENCH_TEXT_CSV_WRITE_H

#include <stdio.h>

/* What ends a line. */
#define CSV_LINE_END "\r\n"

/*
 * Writes a field, quoted where it must be. Errors stay in file. A text (not a number)
 * that a spreadsheet could run gets an apostrophe before it: one that begins with = + - @,
 * TAB, CR or LF, or the wide forms of the signs, perhaps behind spaces and apostrophes.
 */
void csv_text_put(const char *text, FILE *file);
void csv_number_put(const char *number, FILE *file);

/* The text without the apostrophe that csv_text_put put before it: a pointer into text. */
const char *csv_text_plain(const char *text);

#endif
