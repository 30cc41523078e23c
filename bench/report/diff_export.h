/* SPDX-License-Identifier: MIT */
/* Two compared results for people and for programs. Texts from the files are cleaned on the way. */
#ifndef BENCH_REPORT_DIFF_EXPORT_H
#define BENCH_REPORT_DIFF_EXPORT_H

#include <stdio.h>

#include "bench/report/diff.h"
#include "bench/report/export.h"
#include "transports/err.h"

/*
 * Notes on what the files do not have in common, a table for each section, and a line
 * of counts. paths are what A and B are called.
 */
int diff_table(const struct diff *diff, const char *const paths[2], const struct table_style *style,
	       FILE *file, struct err *err);

/* A header and a row for each row; the columns are in ipctop-csv(5). */
int diff_csv(const struct diff *diff, FILE *file, struct err *err);

#endif
