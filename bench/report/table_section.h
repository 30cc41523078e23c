/* SPDX-License-Identifier: MIT */
/* One section of the comparison table: the cells of one shape, side by side. */
#ifndef BENCH_REPORT_TABLE_SECTION_H
#define BENCH_REPORT_TABLE_SECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/model/model.h"
#include "bench/report/export.h"
#include "bench/report/ranking.h"

/* What the rows of one section have in common. */
struct section {
	const struct model *model;
	const struct table_style *style;
	const struct array_type *type;
	const struct cell **cells; /* done ones first, in the order of the ranking */
	size_t count, done;
	struct ranking ranking;
	const char *tail;   /* "P99", or "MAX" where no cell of the section carries that */
	bool published;     /* a cell here has a published median to be held against */
	bool twins;         /* a foreign pair is here beside our transport of that name */
};

/* Collects the cells of section->type's shape into section->cells and sorts them. */
void section_fill(struct section *section);

/* Whether it has intervals of blocks, and a column for them at this width. */
bool section_shows_intervals(const struct section *section);

/* Writes heading, header and rows, and an empty line. Errors stay in file. */
void section_put(const struct section *section, FILE *file);

#endif
