/* SPDX-License-Identifier: MIT */
/* The cells of a model as rows and columns of a table: shapes, cells of a shape, sorted. */
#ifndef TUI_ROWS_H
#define TUI_ROWS_H

#include "bench/model.h"

#define ROWS_MAX 128
#define ROW_SHAPES_MAX 32

struct row_shapes {
	size_t count;
	const struct shape *shapes[ROW_SHAPES_MAX]; /* borrowed; small first */
};

/* What a table is sorted by. */
enum sort_key {
	SORT_PLAN,   /* the plan's order */
	SORT_NAME,
	SORT_MEDIAN,
	SORT_WITH_READ,
	SORT_P99,
	SORT_MAX,
	SORT_RATE,   /* fastest first, as the median */
	SORT_CPU,
	SORT_COUNT,
};

extern const char *const sort_names[SORT_COUNT]; /* "plan", "name", "median", ... */

struct rows {
	size_t count;
	size_t cells[ROWS_MAX]; /* indices into model->cells */
};

void rows_shapes(const struct model *model, struct row_shapes *shapes);

/* The index in shapes of a cell's shape; 0 if there is none. */
size_t rows_shape_of(const struct row_shapes *shapes, const struct cell *cell);

/*
 * The cells of one shape, sorted; shape NULL: one cell for each transport, by the
 * geometric mean of its ratios to the best of each shape. Cells without the figure
 * come last.
 */
void rows_of_shape(const struct model *model, const struct shape *shape, enum sort_key sort,
		   bool inverted, struct rows *rows);

/* The cell of that transport and shape, or NULL. */
const struct cell *rows_cell(const struct model *model, const struct transport *transport,
			     const struct shape *shape);

#endif
