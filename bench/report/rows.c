/* SPDX-License-Identifier: MIT */
/* Cells as table rows. */
#include "bench/report/rows.h"

#include <math.h>
#include <string.h>

const char *const sort_names[SORT_COUNT] = {
	[SORT_PLAN] = "plan",           [SORT_NAME] = "name", [SORT_MEDIAN] = "median",
	[SORT_WITH_READ] = "with read", [SORT_P99] = "p99",   [SORT_MAX] = "max",
	[SORT_RATE] = "throughput",     [SORT_CPU] = "CPU",
};

static bool types_have(const struct row_types *types, const struct array_type *type)
{
	for (size_t i = 0; i < types->count; i++)
		if (array_type_equal(types->types[i], type))
			return true;
	return false;
}

/* Keeps the list sorted by size; equal sizes in the plan's order. */
static void types_insert(struct row_types *types, const struct array_type *type)
{
	size_t at = types->count++;

	while (at > 0 && array_type_bytes(types->types[at - 1]) > array_type_bytes(type)) {
		types->types[at] = types->types[at - 1];
		at--;
	}
	types->types[at] = type;
}

void rows_types(const struct model *model, struct row_types *types)
{
	types->count = 0;
	for (size_t i = 0; i < model->cell_count && types->count < ROW_TYPES_MAX; i++) {
		const struct array_type *type = &model->cells[i].plan->type;

		if (!types_have(types, type))
			types_insert(types, type);
	}
}

/* Whether a cell before index has the type of the one there. */
static bool type_came_before(const struct model *model, size_t index)
{
	const struct array_type *type = &model->cells[index].plan->type;

	for (size_t i = 0; i < index; i++)
		if (array_type_equal(&model->cells[i].plan->type, type))
			return true;
	return false;
}

const struct array_type *rows_next_type(const struct model *model, const struct array_type *type)
{
	const struct array_type *next = NULL;
	uint64_t least = type ? array_type_bytes(type) : 0;
	bool passed = !type;

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct array_type *candidate = &model->cells[i].plan->type;
		uint64_t count = array_type_bytes(candidate);
		bool same = type && array_type_equal(candidate, type);

		passed |= same;
		if (same || count < least || (next && count >= array_type_bytes(next)))
			continue;
		/* Shapes of the same size come next only if the plan has them later. */
		if (count > least || (passed && !type_came_before(model, i)))
			next = candidate;
	}
	return next;
}

size_t rows_type_of(const struct row_types *types, const struct cell *cell)
{
	for (size_t i = 0; i < types->count; i++)
		if (array_type_equal(types->types[i], &cell->plan->type))
			return i;
	return 0;
}

static bool transport_equal(const struct transport *a, const struct transport *b)
{
	return a->carrier == b->carrier && a->encoding == b->encoding;
}

const struct cell *rows_cell(const struct model *model, const struct transport *transport,
			     const struct array_type *type)
{
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct plan_cell *plan = model->cells[i].plan;

		if (rows_is_rival(&model->cells[i]) &&
		    transport_equal(&plan->transport, transport) &&
		    array_type_equal(&plan->type, type))
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
static double ranked_figure(const struct cell *cell, enum sort_key sort)
{
	return cell->state == CELL_WRONG ? (double)NAN : sort_figure(cell, sort);
}

/* Of trust F: below the rest, whatever the table is sorted by and whichever way round. */
static bool is_distrusted(const struct cell *cell, enum sort_key sort)
{
	return cell->trust.grade == 'F' && ranked_figure(cell, sort) > 0;
}

/* Rows as they are being sorted, with what stands in for the figure of each. */
struct sorting {
	const struct model *model;
	enum sort_key sort;
	bool inverted;
	struct row_types types;      /* for rows over all types; else none */
	double bests[ROW_TYPES_MAX];  /* the lowest figure of each */
	double figures[ROWS_MAX];      /* of the rows */
};

static void sorting_find_bests(struct sorting *sorting)
{
	const struct model *model = sorting->model;

	rows_types(model, &sorting->types);
	for (size_t s = 0; s < sorting->types.count; s++)
		sorting->bests[s] = (double)NAN;
	for (size_t i = 0; i < model->cell_count; i++) {
		size_t shape = rows_type_of(&sorting->types, &model->cells[i]);
		double figure = ranked_figure(&model->cells[i], sorting->sort);

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
		double figure = ranked_figure(cell, sorting->sort);

		if (!(figure > 0) || !rows_is_rival(cell) ||
		    !transport_equal(&cell->plan->transport, transport))
			continue;
		sum += log(figure / sorting->bests[rows_type_of(&sorting->types, cell)]);
		count++;
	}
	return count ? sum / count : (double)NAN;
}

static double row_figure(const struct sorting *sorting, const struct cell *cell)
{
	if (sorting->types.count > 0)
		return transport_figure(sorting, &cell->plan->transport);
	return ranked_figure(cell, sorting->sort);
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
	if (sorting->sort != SORT_NAME && !isnan(figure) && !isnan(sorting->figures[at]) &&
	    is_distrusted(cell, sorting->sort) !=
		    is_distrusted(&sorting->model->cells[rows->cells[at]], sorting->sort))
		return is_distrusted(cell, sorting->sort) ? 1 : -1;
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

void rows_of_type(const struct model *model, const struct array_type *type, enum sort_key sort,
		   bool inverted, struct rows *rows)
{
	struct sorting sorting = {.model = model, .sort = sort, .inverted = inverted};

	rows->count = 0;
	if (!type)
		sorting_find_bests(&sorting);
	for (size_t i = 0; i < model->cell_count && rows->count < ROWS_MAX; i++) {
		const struct plan_cell *plan = model->cells[i].plan;

		if (!rows_is_rival(&model->cells[i]))
			continue;
		if (type ? array_type_equal(&plan->type, type)
			  : !rows_have(model, rows, &plan->transport))
			rows_insert(&sorting, i, rows);
	}
}

void rows_with_steps(const struct model *model, size_t cell, struct rows *rows)
{
	const struct array_type *type = &model->cells[cell].plan->type;
	size_t base = rows_rival(model, cell);

	rows->count = 0;
	for (size_t i = 0; i < model->cell_count && rows->count < ROWS_MAX; i++)
		if (array_type_equal(&model->cells[i].plan->type, type) &&
		    (rows_is_rival(&model->cells[i]) || model->cells[i].plan->base == base))
			rows->cells[rows->count++] = i;
}

/* Whether a cell is the plan's first of its transport, or of its shape. */

static bool is_new_transport(const struct plan *plan, size_t index)
{
	for (size_t i = index; i-- > 0;)
		if (transport_equal(&plan->cells[i].transport, &plan->cells[index].transport))
			return false;
	return true;
}

static bool is_new_type(const struct plan *plan, size_t index)
{
	for (size_t i = index; i-- > 0;)
		if (array_type_equal(&plan->cells[i].type, &plan->cells[index].type))
			return false;
	return true;
}

/* The rivals of a type, and the steps of one of their sweeps: as rows_with_steps has them. */
static size_t count_rows(const struct plan *plan, const struct array_type *type)
{
	size_t rivals = 0;
	bool swept = false;

	for (size_t i = 0; i < plan->cell_count; i++) {
		if (!array_type_equal(&plan->cells[i].type, type))
			continue;
		rivals += !(plan->cells[i].load > 0);
		swept |= plan->cells[i].load > 0;
	}
	return rivals + (swept ? PLAN_SWEEP_STEPS - 1 : 0);
}

double rows_fastest_rate(const struct model *model, const struct array_type *type)
{
	double fastest = (double)NAN;

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell->state == CELL_DONE && rows_is_rival(cell) &&
		    (!type || array_type_equal(&cell->plan->type, type)))
			fastest = fmax(fastest, cell->summary.throughput_bytes_per_s);
	}
	return fastest; /* fmax passes over NaN */
}

int rows_check_plan(const struct plan *plan, struct err *err)
{
	size_t transports = 0;
	size_t shapes = 0;
	size_t rows = 0;

	for (size_t i = 0; i < plan->cell_count; i++) {
		transports += is_new_transport(plan, i);
		if (is_new_type(plan, i)) {
			size_t count = count_rows(plan, &plan->cells[i].type);

			shapes++;
			rows = count > rows ? count : rows;
		}
	}
	rows = transports > rows ? transports : rows;
	if (rows > ROWS_MAX)
		return err_set(err, ERR_RANGE, "tables have room for %d rows, and this is %zu",
			       ROWS_MAX, rows);
	if (shapes > ROW_TYPES_MAX)
		return err_set(err, ERR_RANGE, "tables have room for %d shapes, and these are %zu",
			       ROW_TYPES_MAX, shapes);
	return 0;
}
