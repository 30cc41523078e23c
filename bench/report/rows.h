/* SPDX-License-Identifier: MIT */
/* The cells of a model as rows and columns of a table: shapes, cells of a shape, sorted. */
#ifndef BENCH_REPORT_ROWS_H
#define BENCH_REPORT_ROWS_H

#include "bench/model/model.h"
#include "transports/err.h"

/*
 * What a table has room for, so that drawing allocates nothing: 340 transports in four
 * types, with room to spare; more shapes than the setup screen has columns. A plan that is
 * larger is refused before it runs: rows_check_plan.
 */
#define ROWS_MAX 2048
#define ROW_TYPES_MAX 32

/* Fails with ERR_RANGE, in words, if tables have no room for what is measured by this plan. */
int rows_check_plan(const struct plan *plan, struct err *err);

struct row_types {
	size_t count;
	const struct array_type *types[ROW_TYPES_MAX]; /* borrowed; small first */
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

/* A step of a sweep is no rival: its latency is that of a load, next to its closed loop's. */
static inline bool rows_is_rival(const struct cell *cell)
{
	return !(cell->plan->load > 0);
}

/* The cell that stands in a table for this one: itself, or the closed loop of its sweep. */
static inline size_t rows_rival(const struct model *model, size_t cell)
{
	return rows_is_rival(&model->cells[cell]) ? cell : model->cells[cell].plan->base;
}

void rows_types(const struct model *model, struct row_types *types);

/*
 * One type after the other, however many there are, small first: the one after that, or
 * the first if it is NULL. NULL: there is none.
 */
const struct array_type *rows_next_type(const struct model *model, const struct array_type *type);

/* The index in types of a cell's type; 0 if there is none. */
size_t rows_type_of(const struct row_types *types, const struct cell *cell);

/*
 * The rivals of one type, sorted; type NULL: one cell for each transport, by the
 * geometric mean of its ratios to the best of each type. Cells without the figure
 * come last.
 */
void rows_of_type(const struct model *model, const struct array_type *type, enum sort_key sort,
		   bool inverted, struct rows *rows);

/* As above, in the plan's order, with the steps of the sweep that cell belongs to. */
void rows_with_steps(const struct model *model, size_t cell, struct rows *rows);

/* The rival of that transport and type, or NULL. */
const struct cell *rows_cell(const struct model *model, const struct transport *transport,
			     const struct array_type *type);

/* The highest throughput of those that are done, of the type or (NULL) of all; NaN: none is. */
double rows_fastest_rate(const struct model *model, const struct array_type *type);

#endif
