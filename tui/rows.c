/* SPDX-License-Identifier: MIT */
/* Cells as table rows. */
#include "tui/rows.h"

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

		if (transport_equal(&plan->transport, transport) &&
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
		return summary->client_cpu_ns + summary->server_cpu_ns;
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

/* Whether a row says something at all that can be ranked. */
static bool cell_ranked(const struct cell *cell, double figure)
{
	return !isnan(figure) && cell->state != CELL_WRONG;
}

/* Below 0: a stands before b. Cells without the figure stay behind, inverted or not. */
static int compare_cells(const struct cell *a, const struct cell *b, enum sort_key sort,
			 bool inverted)
{
	double figure_a = sort_figure(a, sort);
	double figure_b = sort_figure(b, sort);
	int order;

	if (sort == SORT_PLAN)
		return inverted ? -1 : 0; /* each before the ones already there: reversed */
	if (sort == SORT_NAME) {
		order = compare_names(a, b);
	} else {
		int known_a = cell_ranked(a, figure_a);
		int known_b = cell_ranked(b, figure_b);

		if (known_a != known_b || !known_a)
			return known_b - known_a;
		order = (figure_a > figure_b) - (figure_a < figure_b);
	}
	return inverted ? -order : order;
}

/* Insertion: tables are short, the order is stable, and nothing is allocated. */
static void rows_insert(const struct model *model, size_t cell, enum sort_key sort, bool inverted,
			struct rows *rows)
{
	size_t at = rows->count++;

	while (at > 0 && compare_cells(&model->cells[cell], &model->cells[rows->cells[at - 1]],
				       sort, inverted) < 0) {
		rows->cells[at] = rows->cells[at - 1];
		at--;
	}
	rows->cells[at] = cell;
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
	rows->count = 0;
	for (size_t i = 0; i < model->cell_count && rows->count < ROWS_MAX; i++) {
		const struct plan_cell *plan = model->cells[i].plan;

		if (shape ? shape_equal(&plan->type.shape, shape)
			  : !rows_have(model, rows, &plan->transport))
			rows_insert(model, i, sort, inverted, rows);
	}
}
