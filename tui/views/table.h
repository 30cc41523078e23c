/* SPDX-License-Identifier: MIT */
/* Tables of cells: columns that leave in a fixed order where it gets narrow, and a row a cell. */
#ifndef TUI_VIEWS_TABLE_H
#define TUI_VIEWS_TABLE_H

#include <stdbool.h>

#include "bench/model/model.h"
#include "bench/report/ranking.h"
#include "bench/report/rows.h"
#include "tui/draw/grid.h"
#include "tui/draw/plot.h"
#include "tui/ui/ui.h"

struct table;

struct column {
	const char *heading;                       /* NULL: heading_draw's */
	int width;                                 /* the least, if elastic */
	int leaves;                                /* the highest leaves first; 0 stays */
	bool elastic;                              /* takes what is left over */
	int sort;                                  /* enum sort_key, or COLUMN_UNSORTED */
	bool (*wanted)(const struct table *table); /* NULL: always */
	void (*heading_draw)(const struct table *table, int x, int y, int width);
	void (*draw)(const struct table *table, const struct cell *cell, int x, int y, int width);
};

#define COLUMN_UNSORTED (-1)
#define TABLE_COLUMNS_MAX 17

struct table_place {
	const struct column *column;
	int x, width;
};

struct table {
	struct grid *grid;
	const struct model *model;
	const struct ui *ui;
	enum size_class size;
	const struct rows *rows;
	int x, width;
	int name_width;
	const struct array_type *type;
	struct axis axis; /* the strips'; cells 0 while nothing was measured */
	struct ranking ranking; /* of what is known so far */
	double ratio_largest;
	const struct cell_figure *tail; /* the highest percentile that some row carries */
	size_t place_count;
	struct table_place places[TABLE_COLUMNS_MAX];
};

/* All columns of tables of cells; each screen has a list of those it wants. */
extern const struct column column_strip, column_spread, column_trend, column_median, column_read,
	column_tail, column_p99, column_below_p99, column_max, column_rate, column_copy,
	column_versus, column_versus_wide, column_ratio, column_published, column_faster,
	column_cpu, column_verified, column_ok, column_trust;

/*
 * Draws the heading above lines, and in them the rows that fit, around the selected one.
 * The columns are normal's, from SIZE_WIDE on wide's (each ends with NULL), the most
 * important few below; those that x to x + width has no room for are left out.
 */
void table_draw(struct table *table, const struct column *const *normal,
		const struct column *const *wide, struct rect lines);

#endif
