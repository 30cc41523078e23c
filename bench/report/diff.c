/* SPDX-License-Identifier: MIT */
/* Joins two results and judges each cell; bench/report/diff_sides.c looks at them as a whole. */
#include "bench/report/diff.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/model/model.h"
#include "bench/text/csv_write.h"
#include "bench/text/text.h"

const char *const diff_key_names[DIFF_KEYS] = {
	[DIFF_SHAPE] = "shape",   [DIFF_DTYPE] = "dtype",         [DIFF_SOURCE] = "source",
	[DIFF_MEMORY] = "memory", [DIFF_PAGES] = "pages",         [DIFF_WAIT] = "wait",
	[DIFF_PIN] = "pin",       [DIFF_CLIENTS] = "clients",     [DIFF_RATE] = "rate",
	[DIFF_LOAD] = "load",     [DIFF_TRANSPORT] = "transport", [DIFF_DIRECTION] = "direction",
	[DIFF_REQUEST_SHAPE] = "request_shape", [DIFF_REQUEST_DTYPE] = "request_dtype",
	[DIFF_DATA] = "data",
};

const char *const diff_verdict_names[DIFF_VERDICTS] = {
	[DIFF_FASTER] = "faster",
	[DIFF_SLOWER] = "slower",
	[DIFF_SAME] = "same",
	[DIFF_UNDECIDED] = "undecided",
	[DIFF_INCOMPARABLE] = "not comparable",
	[DIFF_ONLY_A] = "only in A",
	[DIFF_ONLY_B] = "only in B",
};

/* A figure as a file has it: a spreadsheet makes 1000 of 1000.00, and 0,5 of 0.50. */
static double key_figure(const char *text)
{
	char point[TEXT_NUMBER_BYTES];
	char *comma;

	(void)snprintf(point, sizeof(point), "%s", text);
	comma = strchr(point, ',');
	if (comma)
		*comma = '.';
	return strlen(text) < sizeof(point) ? csv_number(point) : NAN;
}

/* Figures by their value, and before all that is none. */
static int key_compare(const char *a, const char *b, size_t key)
{
	bool counts = key == DIFF_CLIENTS || key == DIFF_RATE || key == DIFF_LOAD;
	double left = counts ? key_figure(a) : NAN;
	double right = counts ? key_figure(b) : NAN;

	if (isnan(left) && isnan(right))
		return strcmp(a, b);
	if (isnan(left) || isnan(right))
		return isnan(left) ? 1 : -1;
	return (left > right) - (left < right);
}

static int keys_compare(const struct diff_cell *a, const struct diff_cell *b, size_t keys)
{
	for (size_t i = 0; i < keys; i++) {
		int order = key_compare(a->keys[i], b->keys[i], i);

		if (order)
			return order;
	}
	return 0;
}

/* Rows of one cell in their order. */
static int cell_compare(const void *a, const void *b)
{
	const struct diff_cell *left = a;
	const struct diff_cell *right = b;
	int order = keys_compare(left, right, DIFF_KEYS);

	return order ? order : (left->row > right->row) - (left->row < right->row);
}

static void side_keep_last(struct diff_side *side)
{
	size_t kept = 0;

	for (size_t i = 0; i < side->count; i++) {
		if (i + 1 < side->count &&
		    keys_compare(&side->cells[i], &side->cells[i + 1], DIFF_KEYS) == 0)
			continue;
		side->cells[kept++] = side->cells[i];
	}
	side->repeats = side->count - kept;
	side->count = kept;
}

static const char *text_of(const struct csv *csv, size_t row, const char *column)
{
	return csv_text_plain(csv_field(csv, row, csv_column(csv, column)));
}

static double share_of(const struct csv *csv, size_t row, const char *column)
{
	return csv_figure(csv, row, csv_column(csv, column));
}

static double figure_of(const struct csv *csv, size_t row, const char *column)
{
	double value = share_of(csv, row, column);

	return value > 0 ? value : NAN; /* a latency is never 0, and its logarithm is taken */
}

static void figures_read(struct diff_cell *cell, const struct csv *csv, size_t row)
{
	cell->p50_ns = (struct diff_interval){
		figure_of(csv, row, "p50_ns"),
		figure_of(csv, row, "p50_ci_low_ns"),
		figure_of(csv, row, "p50_ci_high_ns"),
	};
	cell->reference = (struct diff_interval){
		figure_of(csv, row, "reference_ratio"),
		figure_of(csv, row, "reference_ratio_low"),
		figure_of(csv, row, "reference_ratio_high"),
	};
	/* Files from before there was the column have ranks. */
	cell->from_blocks = strcmp(text_of(csv, row, "p50_ci_from"), "blocks") == 0;
	cell->blocks = figure_of(csv, row, "blocks");
	cell->block_range = log(figure_of(csv, row, "p50_block_spread"));
	cell->steal_share = share_of(csv, row, "steal_share");
	cell->others_share = share_of(csv, row, "others_share");
	cell->governor = text_of(csv, row, "governor");
}

/*
 * Which way arrays go is told by a column that came later, when replies had carried them all; what
 * a request carries is told by it and the shape, but for both.
 */
static void cell_fill_ways(struct diff_cell *cell)
{
	if (!*cell->keys[DIFF_DIRECTION])
		cell->keys[DIFF_DIRECTION] = "pull";
	if (strcmp(cell->keys[DIFF_DIRECTION], "both") == 0)
		return;
	cell->keys[DIFF_REQUEST_SHAPE] = "";
	cell->keys[DIFF_REQUEST_DTYPE] = "";
}

static int side_fill(struct diff_side *side, const bool shared[DIFF_KEYS], struct err *err)
{
	const struct csv *csv = side->csv;

	side->cells = calloc(csv->rows + 1, sizeof(*side->cells));
	if (!side->cells)
		return err_set(err, ERR_MEMORY, "no memory for %zu cells", csv->rows);
	for (size_t i = 0; i < csv->rows; i++) {
		struct diff_cell *cell;

		/* What the cells of its run were compared with is none of them. */
		if (strcmp(text_of(csv, i, "transport"), REFERENCE_NAME) == 0)
			continue;
		cell = &side->cells[side->count++];
		cell->row = i;
		for (size_t key = 0; key < DIFF_KEYS; key++)
			cell->keys[key] = shared[key] ? text_of(csv, i, diff_key_names[key]) : "";
		cell_fill_ways(cell);
		if (csv_column(csv, diff_key_names[DIFF_DATA]) == CSV_NO_COLUMN)
			cell->keys[DIFF_DATA] = "random";
		if (*cell->keys[DIFF_LOAD])
			cell->keys[DIFF_RATE] = "";
		cell->state = text_of(csv, i, "state");
		cell->reason = text_of(csv, i, "reason");
		figures_read(cell, csv, i);
	}
	qsort(side->cells, side->count, sizeof(*side->cells), cell_compare);
	side_keep_last(side);
	return 0;
}

/* What a file without the column says all the same. */
static bool key_is_implied(size_t key)
{
	return key == DIFF_DATA || key == DIFF_DIRECTION || key == DIFF_REQUEST_SHAPE ||
	       key == DIFF_REQUEST_DTYPE;
}

static int side_open(struct diff_side *side, const struct csv *csv, const char *name,
		     struct err *err)
{
	static const char *const needed[] = {"transport", "shape", "state", "p50_ns"};

	side->csv = csv;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (csv_column(csv, needed[i]) == CSV_NO_COLUMN)
			return err_set(err, ERR_PROTOCOL,
				       "%s has no column \"%s\": give what ipctop run --csv wrote",
				       name, needed[i]);
	}
	for (size_t i = 0; i < DIFF_KEYS; i++)
		side->has[i] = key_is_implied(i) ||
			       csv_column(csv, diff_key_names[i]) != CSV_NO_COLUMN;
	return 0;
}

static void row_add(struct diff *diff, const struct diff_cell *a, const struct diff_cell *b)
{
	struct diff_row *row = &diff->rows[diff->count++];

	*row = (struct diff_row){.a = a, .b = b};
	row->place = a ? a->row : diff->sides[0].csv->rows + b->row;
	diff_judge(row);
	diff->verdicts[row->verdict]++;
}

/* Both sides are sorted: one walk along them. */
static void pairs_fill(struct diff *diff)
{
	const struct diff_side *a = &diff->sides[0];
	const struct diff_side *b = &diff->sides[1];
	size_t i = 0;
	size_t j = 0;

	while (i < a->count || j < b->count) {
		int order = i == a->count ? 1 : -1;

		if (i < a->count && j < b->count)
			order = keys_compare(&a->cells[i], &b->cells[j], DIFF_KEYS);
		row_add(diff, order <= 0 ? &a->cells[i] : NULL, order >= 0 ? &b->cells[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
}

const struct diff_cell *diff_row_cell(const struct diff_row *row)
{
	return row->a ? row->a : row->b;
}

bool diff_same_section(const struct diff_row *a, const struct diff_row *b)
{
	return keys_compare(diff_row_cell(a), diff_row_cell(b), DIFF_TRANSPORT) == 0;
}

static int row_compare(const void *a, const void *b)
{
	const struct diff_row *left = a;
	const struct diff_row *right = b;

	if (left->section != right->section)
		return left->section < right->section ? -1 : 1;
	return (left->place > right->place) - (left->place < right->place);
}

/* A section stands where its first cell does. Its cells are neighbours before this. */
static void pairs_order(struct diff *diff)
{
	size_t end;

	for (size_t i = 0; i < diff->count; i = end) {
		size_t first = diff->rows[i].place;

		for (end = i; end < diff->count; end++) {
			if (!diff_same_section(&diff->rows[i], &diff->rows[end]))
				break;
			if (diff->rows[end].place < first)
				first = diff->rows[end].place;
		}
		for (size_t j = i; j < end; j++)
			diff->rows[j].section = first;
	}
	qsort(diff->rows, diff->count, sizeof(*diff->rows), row_compare);
}

static int sides_fill(struct diff *diff, struct err *err)
{
	bool shared[DIFF_KEYS];

	for (size_t i = 0; i < DIFF_KEYS; i++)
		shared[i] = diff->sides[0].has[i] && diff->sides[1].has[i];
	if (side_fill(&diff->sides[0], shared, err) != 0 ||
	    side_fill(&diff->sides[1], shared, err) != 0)
		return -1;
	diff->rows = calloc(diff->sides[0].count + diff->sides[1].count + 1, sizeof(*diff->rows));
	return diff->rows ? 0 : err_set(err, ERR_MEMORY, "no memory to compare");
}

int diff_make(struct diff *diff, const struct csv *a, const struct csv *b, struct err *err)
{
	*diff = (struct diff){0};
	if (side_open(&diff->sides[0], a, "A", err) != 0 ||
	    side_open(&diff->sides[1], b, "B", err) != 0)
		return -1;
	if (sides_fill(diff, err) != 0) {
		diff_fini(diff);
		return -1;
	}
	pairs_fill(diff);
	pairs_order(diff);
	return 0;
}

void diff_fini(struct diff *diff)
{
	free(diff->rows);
	free(diff->sides[0].cells);
	free(diff->sides[1].cells);
	*diff = (struct diff){0};
}

bool diff_is_lost(const struct diff_row *row)
{
	return row->a && diff_is_done(row->a) && (!row->b || !diff_is_done(row->b));
}
