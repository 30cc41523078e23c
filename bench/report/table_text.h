/* SPDX-License-Identifier: MIT */
/* Pieces of a table on a terminal: padding, cuts, lines, colours. Errors stay in file. */
#ifndef BENCH_REPORT_TABLE_TEXT_H
#define BENCH_REPORT_TABLE_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "bench/report/export.h"

/* Colours; nothing depends on them alone. */
#define TABLE_NONE ""
#define TABLE_BEST "\x1b[1;32m"
#define TABLE_BAD "\x1b[31m"
#define TABLE_HEAD "\x1b[1m"

/* Begins a colour, or with TABLE_NONE ends it, if the style has colours. */
void table_paint(const struct table_style *style, const char *color, FILE *file);

void table_spaces_put(size_t count, FILE *file);

/* Text, or as much of it as fits with a mark of the cut. room 0: no limit. */
void table_cut_put(const char *text, size_t room, const struct table_style *style, FILE *file);

/* Text in lines no longer than the style's columns, broken at spaces. */
void table_wrapped_put(const char *text, const struct table_style *style, FILE *file);

#endif
