/* SPDX-License-Identifier: MIT */
/* The setup screen's matrix: what is on, and what it would take. */
#include "tui/ui/picker.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/machine/host.h"
#include "bench/plan/estimate.h"
#include "bench/plan/preset.h"
#include "bench/plan/type_read.h"
#include "bench/report/rows.h"

static size_t type_find(const struct picker *picker, const struct array_type *type)
{
	size_t i = 0;

	while (i < picker->type_count && !array_type_equal(&picker->types[i], type))
		i++;
	return i;
}

static void column_copy(struct picker *picker, size_t to, size_t from)
{
	picker->types[to] = picker->types[from];
	picker->own[to] = picker->own[from];
	for (size_t t = 0; t < picker->transport_count; t++)
		picker->cells[t][to] = picker->cells[t][from];
}

static void column_clear(struct picker *picker, size_t column)
{
	for (size_t t = 0; t < picker->transport_count; t++)
		picker->cells[t][column] = (struct picker_cell){
			.possible = true,
			.estimate_ns = (double)NAN,
		};
}

/* Inserts the shape by its size. Returns its column, or PICKER_SHAPES_MAX if there is no room. */
static size_t column_insert(struct picker *picker, const struct array_type *type, bool own)
{
	size_t at = type_find(picker, type);

	if (at < picker->type_count || at == PICKER_SHAPES_MAX)
		return at;
	picker->type_count++;
	while (at > 0 && array_type_bytes(&picker->types[at - 1]) > array_type_bytes(type)) {
		column_copy(picker, at, at - 1);
		at--;
	}
	picker->types[at] = *type;
	picker->own[at] = own;
	column_clear(picker, at);
	picker->stale = true;
	return at;
}

static void insert_blog_shapes(struct picker *picker)
{
	struct array_type type;

	for (size_t i = 0; i < BLOG_SHAPE_COUNT; i++)
		if (array_type_parse(blog_shapes[i], DTYPE_FLOAT64, &type, NULL) == 0)
			(void)column_insert(picker, &type, false);
}

void picker_init(struct picker *picker)
{
	struct transport transport;

	*picker = (struct picker){.options = plan_defaults, .stale = true};
	/* PICKER_TRANSPORTS_MAX counts all that the registry can have. */
	while (picker->transport_count < PICKER_TRANSPORTS_MAX &&
	       transport_at(picker->transport_count, &transport))
		picker->transports[picker->transport_count++] = transport;
	insert_blog_shapes(picker);
}

static size_t transport_find(const struct picker *picker, const struct transport *transport)
{
	size_t i = 0;

	while (i < picker->transport_count &&
	       (picker->transports[i].carrier != transport->carrier ||
		picker->transports[i].encoding != transport->encoding))
		i++;
	return i;
}

static void set_all(struct picker *picker, bool on)
{
	for (size_t t = 0; t < picker->transport_count; t++)
		for (size_t s = 0; s < picker->type_count; s++)
			picker->cells[t][s].on = on;
}

static int no_column(struct err *err)
{
	return err_set(err, ERR_RANGE, "there is room for %d shapes", PICKER_SHAPES_MAX);
}

/* Turns on exactly the plan's cells; shapes that are new get columns. */
static int choose_plan(struct picker *picker, const struct plan *plan, bool own, struct err *err)
{
	set_all(picker, false);
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *cell = &plan->cells[i];
		size_t t = transport_find(picker, &cell->transport);
		size_t s;

		if (!array_type_equal(&cell->request, &cell->type))
			return err_set(err, ERR_USAGE, "columns here are of one shape, both ways: "
				       "two are for ipctop run --direction both -s IN/OUT");
		s = column_insert(picker, &cell->type, own);
		if (s == PICKER_SHAPES_MAX)
			return no_column(err);
		if (t < picker->transport_count)
			picker->cells[t][s].on = true;
	}
	picker->stale = true;
	return 0;
}

/* Remembers what is on now as the preset's choice. */
static void remember_preset(struct picker *picker, const struct preset *preset)
{
	for (size_t t = 0; t < picker->transport_count; t++)
		for (size_t s = 0; s < picker->type_count; s++)
			picker->cells[t][s].preset = picker->cells[t][s].on;
	(void)snprintf(picker->preset, sizeof(picker->preset), "%s", preset->name);
}

void picker_use_dtype(struct picker *picker, enum dtype dtype)
{
	picker->options.dtype = dtype;
	for (size_t s = 0; s < picker->type_count; s++)
		if (!picker->own[s])
			picker->types[s].dtype = dtype;
	picker->stale = true;
}

int picker_apply_preset(struct picker *picker, const struct preset *preset, struct err *err)
{
	struct plan_options options = preset->options;
	struct plan plan;
	int status;

	options.dtype = picker->options.dtype;
	status = plan_make(&plan, preset->transports, preset->shapes, &options, preset, err);
	if (status == 0)
		status = choose_plan(picker, &plan, false, err);
	if (status == 0) {
		remember_preset(picker, preset);
		picker->options = options;
		picker->samples_set = false;
	}
	plan_free(&plan);
	return status;
}

/* Writes the types of all columns as a list, each with its dtype. */
static void list_types(const struct picker *picker, char *text, size_t size)
{
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	size_t used = 0;

	text[0] = '\0';
	for (size_t s = 0; s < picker->type_count && used < size; s++)
		used += (size_t)snprintf(text + used, size - used, "%s%s:%s", s ? "," : "",
					 shape_format(&picker->types[s].shape, shape),
					 dtype_table[picker->types[s].dtype].name);
}

int picker_apply_lists(struct picker *picker, const char *transports, const char *shapes,
		       struct err *err)
{
	char every_type[PICKER_SHAPES_MAX * (ARRAY_TYPE_TEXT_BYTES + 1)];
	struct plan plan;
	int status;

	list_types(picker, every_type, sizeof(every_type));
	status = plan_make(&plan, transports ? transports : "all", shapes ? shapes : every_type,
			   &picker->options, NULL, err);
	if (status == 0)
		status = choose_plan(picker, &plan, true, err);
	plan_free(&plan);
	return status;
}

int picker_add_shape(struct picker *picker, const char *text, struct err *err)
{
	struct array_type type;
	size_t column;

	if (type_read(text, picker->options.dtype, &type, err) != 0)
		return -1;
	if (array_type_bytes(&type) == 0)
		return err_set(err, ERR_USAGE, "an array of this shape has no elements");
	column = column_insert(picker, &type, true);
	if (column == PICKER_SHAPES_MAX)
		return no_column(err);
	picker->column = (int)column;
	picker->row = -1;
	return 0;
}

bool picker_remove_shape(struct picker *picker, size_t column)
{
	if (column >= picker->type_count || !picker->own[column])
		return false;
	for (size_t s = column; s + 1 < picker->type_count; s++)
		column_copy(picker, s, s + 1);
	picker->type_count--;
	if (picker->column >= (int)picker->type_count)
		picker->column = (int)picker->type_count - 1;
	return true;
}

/* The cells that the cursor stands for: [row, row_end) x [column, column_end). */
struct span_of_cells {
	size_t row, row_end, column, column_end;
};

static struct span_of_cells cursor_span(const struct picker *picker)
{
	struct span_of_cells span = {0, picker->transport_count, 0, picker->type_count};

	if (picker->row >= (int)picker->transport_count)
		span.row_end = 0;
	else if (picker->row >= 0) {
		span.row = (size_t)picker->row;
		span.row_end = span.row + 1;
	}
	if (picker->column >= 0) {
		span.column = (size_t)picker->column;
		span.column_end = span.column + 1;
	}
	return span;
}

struct span_count {
	size_t possible, off; /* off: those of the possible ones */
	const char *why;
};

static struct span_count span_count(const struct picker *picker, struct span_of_cells span)
{
	struct span_count count = {0, 0, "nothing there"};

	for (size_t t = span.row; t < span.row_end; t++) {
		for (size_t s = span.column; s < span.column_end; s++) {
			const struct picker_cell *cell = &picker->cells[t][s];

			if (!cell->possible)
				count.why = cell->why;
			count.possible += cell->possible;
			count.off += cell->possible && !cell->on;
		}
	}
	return count;
}

/* Turns the span on or off; what is impossible is never turned on. */
static void span_set(struct picker *picker, struct span_of_cells span, bool on)
{
	for (size_t t = span.row; t < span.row_end; t++)
		for (size_t s = span.column; s < span.column_end; s++)
			picker->cells[t][s].on = on && picker->cells[t][s].possible;
}

bool picker_toggle(struct picker *picker, const char **why)
{
	struct span_of_cells span = cursor_span(picker);
	struct span_count count = span_count(picker, span);
	bool single = span.row_end == span.row + 1 && span.column_end == span.column + 1;

	/* A cell that is on although it cannot run may be turned off. */
	if (count.possible == 0 && !(single && picker->cells[span.row][span.column].on)) {
		*why = count.why;
		return false;
	}
	span_set(picker, span, count.off > 0);
	return true;
}

void picker_toggle_all(struct picker *picker)
{
	struct span_of_cells all = {0, picker->transport_count, 0, picker->type_count};

	span_set(picker, all, span_count(picker, all).off > 0);
}

void picker_invert(struct picker *picker)
{
	for (size_t t = 0; t < picker->transport_count; t++) {
		for (size_t s = 0; s < picker->type_count; s++) {
			struct picker_cell *cell = &picker->cells[t][s];

			cell->on = !cell->on && cell->possible;
		}
	}
}

bool picker_cells_changed(const struct picker *picker)
{
	for (size_t t = 0; t < picker->transport_count; t++)
		for (size_t s = 0; s < picker->type_count; s++)
			if (picker->cells[t][s].on != picker->cells[t][s].preset)
				return true;
	return !picker->preset[0];
}

static struct plan_cell make_cell(const struct picker *picker, size_t t, size_t s)
{
	const struct preset *preset = preset_find(picker->preset);
	struct preset rule = preset ? *preset : (struct preset){.options = plan_defaults};

	if (picker->samples_set)
		rule.samples = NULL;
	return plan_cell_make(&picker->transports[t], &picker->types[s], &picker->options, &rule);
}

static void total_add(struct picker_total *total, const struct picker_cell *cell)
{
	if (!cell->on)
		return;
	if (!cell->possible) {
		total->skipped++;
		return;
	}
	total->cells++;
	if (!isnan(cell->estimate_ns))
		total->estimate_ns += cell->estimate_ns;
	if (cell->need.private_bytes > total->private_bytes)
		total->private_bytes = cell->need.private_bytes;
	if (cell->need.shared_bytes > total->shared_bytes)
		total->shared_bytes = cell->need.shared_bytes;
}

struct picker_total picker_total(const struct picker *picker)
{
	struct picker_total total = {0};
	bool seen[PICKER_SHAPES_MAX] = {false};

	for (size_t t = 0; t < picker->transport_count; t++) {
		size_t before = total.cells;

		for (size_t s = 0; s < picker->type_count; s++) {
			size_t cells = total.cells;

			total_add(&total, &picker->cells[t][s]);
			total.shapes += total.cells > cells && !seen[s];
			seen[s] |= total.cells > cells;
		}
		total.transports += total.cells > before;
	}
	return total;
}

static bool cannot_run(const struct picker_cell *cell)
{
	return cell->on && !cell->possible;
}

char *picker_impossible(const struct picker *picker, char *text, size_t size)
{
	size_t count = picker_total(picker).skipped;
	char more[40] = "";
	char name[TRANSPORT_NAME_BYTES];
	char shape[ARRAY_TYPE_TEXT_BYTES];
	size_t i = 0; /* through the matrix, row by row */

	if (count == 0)
		return NULL;
	while (!cannot_run(&picker->cells[i / picker->type_count][i % picker->type_count]))
		i++;
	if (count > 1)
		(void)snprintf(more, sizeof(more), "; nor can %zu more", count - 1);
	(void)snprintf(text, size, "%s of %.100s cannot run here: %s%s",
		       transport_format(&picker->transports[i / picker->type_count], name),
		       array_type_format(&picker->types[i % picker->type_count], shape),
		       picker->cells[i / picker->type_count][i % picker->type_count].why, more);
	return text;
}

bool picker_spins_crowded(const struct picker *picker)
{
	return plan_spins_crowded(&picker->options, picker->options.clients,
				  picker->usable_cpus);
}

double picker_row_estimate_ns(const struct picker *picker, size_t row)
{
	struct picker_total total = {0};

	for (size_t s = 0; s < picker->type_count; s++)
		total_add(&total, &picker->cells[row][s]);
	return total.cells ? total.estimate_ns : (double)NAN;
}

int picker_make_plan(const struct picker *picker, struct plan *plan, struct err *err)
{
	struct picker_total total = picker_total(picker);

	*plan = (struct plan){.options = picker->options};
	if (plan_check_precision(&picker->options, err) != 0)
		return -1;
	if (total.cells == 0)
		return err_set(err, ERR_USAGE, "nothing is chosen that can run");
	plan->cells = calloc((total.cells + total.skipped) * plan_steps(&picker->options),
			     sizeof(*plan->cells));
	if (!plan->cells)
		return err_set(err, ERR_MEMORY, "no memory for the plan");
	/*
	 * The name stays even if options were changed since, as with `run -p`: they are
	 * recorded beside it.
	 */
	memcpy(plan->preset, picker->preset, sizeof(plan->preset));
	for (size_t t = 0; t < picker->transport_count; t++)
		for (size_t s = 0; s < picker->type_count; s++) {
			struct plan_cell cell = make_cell(picker, t, s);

			if (picker->cells[t][s].on)
				plan_append(plan, &cell);
		}
	if (rows_check_plan(plan, err) == 0)
		return 0;
	plan_free(plan);
	return -1;
}

static void survey_cell(struct picker *picker, const struct plan_available *available, size_t t,
			size_t s)
{
	struct picker_cell *cell = &picker->cells[t][s];
	struct plan_cell plan = make_cell(picker, t, s);
	struct err err = {0};

	cell->need = plan_cell_need(&plan);
	cell->possible = plan_check_wait(&plan.transport, picker->options.wait, &err) == 0 &&
			 plan_need_check(&cell->need, available, &err) == 0;
	(void)snprintf(cell->why, sizeof(cell->why), "%.*s", PICKER_WHY_BYTES - 1, err.message);
	cell->estimate_ns = cell->possible ? plan_cell_estimate_ns(&plan, &picker->options) :
					     (double)NAN;
}

void picker_survey(struct picker *picker)
{
	struct plan_available available = plan_available_now();

	for (size_t t = 0; t < picker->transport_count; t++)
		for (size_t s = 0; s < picker->type_count; s++)
			survey_cell(picker, &available, t, s);
	picker->memory_free_bytes = available.memory_bytes;
	picker->shm_free_bytes = available.shared_bytes;
	picker->usable_cpus = host_usable_cpus();
	picker->stale = false;
}
