/* SPDX-License-Identifier: MIT */
/* Cells as table rows. */
#include "bench/report/rows.h"

#include <math.h>
#include <string.h>

const char *const sort_names[SORT_COUNT] = {
	"plan", "name", "median", "with read", "p99", "max", "throughput", "CPU",
};

static uint64_t shape_count(const struct shape *shape)
{
	uint64_t count = 1;

	for (unsigned i = 0; i < shape->dimensions; i++)
		count *= shape->extents[i];
	return count;
}

static bool shapes_have(const struct row_shapes *shapes, const struct shape *shape)
{
	for (size_t i = 0; i < shapes->count; i++)
		if (shape_equal(shapes->shapes[i], shape))
			return true;
	return false;
}

/* Keeps the list sorted by size; equal sizes in the plan's order. */
static void shapes_insert(struct row_shapes *shapes, const struct shape *shape)
{
	size_t at = shapes->count++;

	while (at > 0 && shape_count(shapes->shapes[at - 1]) > shape_count(shape)) {
		shapes->shapes[at] = shapes->shapes[at - 1];
		at--;
	}
	shapes->shapes[at] = shape;
}

void rows_shapes(const struct model *model, struct row_shapes *shapes)
{
	shapes->count = 0;
	for (size_t i = 0; i < model->cell_count && shapes->count < ROW_SHAPES_MAX; i++) {
		const struct shape *shape = &model->cells[i].plan->type.shape;

		if (!shapes_have(shapes, shape))
			shapes_insert(shapes, shape);
	}
}

size_t rows_shape_of(const struct row_shapes *shapes, const struct cell *cell)
{
	for (size_t i = 0; i < shapes->count; i++)
		if (shape_equal(shapes->shapes[i], &cell->plan->type.shape))
			return i;
	return 0;
}

static bool transport_equal(const struct transport *a, const struct transport *b)
{
	return a->carrier == b->carrier && a->encoding == b->encoding;
}

const struct cell *rows_cell(const struct model *model, const struct transport *transport,
			     const struct shape *shape)
{
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct plan_cell *plan = model->cells[i].plan;

		if (rows_is_rival(&model->cells[i]) &&
		    transport_equal(&plan->transport, transport) &&
		    shape_equal(&plan->type.shape, shape))
			return &model->cells[i];
	}
	return NULL;
}

static double sort_figure(const struct cell *cell, enum sort_key sort)
{
	const struct summary *summary = &cell->summary;

	switch (sort) {
	case SORT_WITH_READ:
		return summary->p50_with_read_ns;
	case SORT_P99:
		return summary->p99_ns;
	case SORT_MAX:
		return summary->max_ns;
	case SORT_CPU:
		return summary->ends[END_CLIENT].cpu_ns + summary->ends[END_SERVER].cpu_ns;
	default:
		return summary->p50_ns;
	}
}

static int compare_names(const struct cell *a, const struct cell *b)
{
	char name_a[TRANSPORT_NAME_BYTES];
	char name_b[TRANSPORT_NAME_BYTES];

	return strcmp(transport_format(&a->plan->transport, name_a),
		      transport_format(&b->plan->transport, name_b));
}

/* What a cell is ranked by; NaN if by nothing. */
static double cell_figure(const struct cell *cell, enum sort_key sort)
{
	return cell->state == CELL_WRONG ? (double)NAN : sort_figure(cell, sort);
}

/* Rows as they are being sorted, with what stands in for the figure of each. */
struct sorting {
	const struct model *model;
	enum sort_key sort;
	bool inverted;
	struct row_shapes shapes;      /* for rows over all shapes; else none */
	double bests[ROW_SHAPES_MAX];  /* the lowest figure of each */
	double figures[ROWS_MAX];      /* of the rows */
};

static void sorting_find_bests(struct sorting *sorting)
{
	const struct model *model = sorting->model;

	rows_shapes(model, &sorting->shapes);
	for (size_t s = 0; s < sorting->shapes.count; s++)
		sorting->bests[s] = (double)NAN;
	for (size_t i = 0; i < model->cell_count; i++) {
		size_t shape = rows_shape_of(&sorting->shapes, &model->cells[i]);
		double figure = cell_figure(&model->cells[i], sorting->sort);

		if (figure > 0 && rows_is_rival(&model->cells[i]))
			sorting->bests[shape] = fmin(sorting->bests[shape], figure);
	}
}

/*
 * How far a transport is behind the best, over the shapes that it has figures for:
 * the geometric mean of its ratios, so that large arrays do not outweigh small ones.
 */
static double transport_figure(const struct sorting *sorting, const struct transport *transport)
{
	double sum = 0;
	int count = 0;

	for (size_t i = 0; i < sorting->model->cell_count; i++) {
		const struct cell *cell = &sorting->model->cells[i];
		double figure = cell_figure(cell, sorting->sort);

		if (!(figure > 0) || !rows_is_rival(cell) ||
		    !transport_equal(&cell->plan->transport, transport))
			continue;
		sum += log(figure / sorting->bests[rows_shape_of(&sorting->shapes, cell)]);
		count++;
	}
	return count ? sum / count : (double)NAN;
}

static double row_figure(const struct sorting *sorting, const struct cell *cell)
{
	if (sorting->shapes.count > 0)
		return transport_figure(sorting, &cell->plan->transport);
	return cell_figure(cell, sorting->sort);
}

/* Below 0: a stands before b. Rows without the figure stay behind, inverted or not. */
static int compare_figures(double a, double b, bool inverted)
{
	int order = (a > b) - (a < b);

	if (isnan(a) || isnan(b))
		return !!isnan(a) - !!isnan(b);
	return inverted ? -order : order;
}

/* Below 0: a new row with that cell and figure stands before the row at. */
static int compare_row(const struct sorting *sorting, const struct rows *rows, size_t at,
		       const struct cell *cell, double figure)
{
	int order;

	if (sorting->sort == SORT_PLAN)
		return sorting->inverted ? -1 : 0; /* before those already there: reversed */
	if (sorting->sort != SORT_NAME)
		return compare_figures(figure, sorting->figures[at], sorting->inverted);
	order = compare_names(cell, &sorting->model->cells[rows->cells[at]]);
	return sorting->inverted ? -order : order;
}

/* Insertion: tables are short, the order is stable, and nothing is allocated. */
static void rows_insert(struct sorting *sorting, size_t index, struct rows *rows)
{
	const struct cell *cell = &sorting->model->cells[index];
	double figure = row_figure(sorting, cell);
	size_t at = rows->count++;

	while (at > 0 && compare_row(sorting, rows, at - 1, cell, figure) < 0) {
		rows->cells[at] = rows->cells[at - 1];
		sorting->figures[at] = sorting->figures[at - 1];
		at--;
	}
	rows->cells[at] = index;
	sorting->figures[at] = figure;
}

static bool rows_have(const struct model *model, const struct rows *rows,
		      const struct transport *transport)
{
	for (size_t i = 0; i < rows->count; i++)
		if (transport_equal(&model->cells[rows->cells[i]].plan->transport, transport))
			return true;
	return false;
}

void rows_of_shape(const struct model *model, const struct shape *shape, enum sort_key sort,
		   bool inverted, struct rows *rows)
{
	struct sorting sorting = {.model = model, .sort = sort, .inverted = inverted};

	rows->count = 0;
	if (!shape)
		sorting_find_bests(&sorting);
	for (size_t i = 0; i < model->cell_count && rows->count < ROWS_MAX; i++) {
		const struct plan_cell *plan = model->cells[i].plan;

		if (!rows_is_rival(&model->cells[i]))
			continue;
		if (shape ? shape_equal(&plan->type.shape, shape)
			  : !rows_have(model, rows, &plan->transport))
			rows_insert(&sorting, i, rows);
	}
}

void rows_with_steps(const struct model *model, size_t cell, struct rows *rows)
{
	const struct shape *shape = &model->cells[cell].plan->type.shape;
	size_t base = rows_rival(model, cell);

	rows->count = 0;
	for (size_t i = 0; i < model->cell_count && rows->count < ROWS_MAX; i++)
		if (shape_equal(&model->cells[i].plan->type.shape, shape) &&
		    (rows_is_rival(&model->cells[i]) || model->cells[i].plan->base == base))
			rows->cells[rows->count++] = i;
}
