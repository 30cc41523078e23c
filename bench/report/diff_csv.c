/* SPDX-License-Identifier: MIT */
/* A comparison as CSV. */
#include <math.h>

#include "bench/report/diff_export.h"
#include "bench/text/csv_write.h"
#include "bench/text/text.h"

/* In the order of the results' own columns. */
static const enum diff_key key_order[] = {
	DIFF_TRANSPORT, DIFF_SHAPE, DIFF_DTYPE, DIFF_SOURCE,  DIFF_MEMORY,
	DIFF_PAGES,     DIFF_WAIT,  DIFF_PIN,   DIFF_CLIENTS, DIFF_RATE,
};

/* Those that came last stand behind the rest. */
static const enum diff_key later_order[] = {
	DIFF_DIRECTION,
	DIFF_REQUEST_SHAPE,
	DIFF_REQUEST_DTYPE,
	DIFF_DATA,
};

#define KEYS_LATER (sizeof(later_order) / sizeof(later_order[0]))
#define KEYS_FIRST (sizeof(key_order) / sizeof(key_order[0]))

static void text_put(const char *text, FILE *file)
{
	char clean[DIFF_TEXT_BYTES];

	csv_text_put(text_clean(clean, sizeof(clean), text), file);
	(void)fputc(',', file); /* errors are seen by ferror at the end */
}

static void number_put(const char *number, FILE *file)
{
	csv_number_put(number, file);
	(void)fputc(',', file);
}

static void ratio_put(double ratio, FILE *file)
{
	char text[TEXT_NUMBER_BYTES];

	number_put(text_significant(ratio, 6, text), file);
}

static void interval_put(const struct diff_interval *interval, FILE *file)
{
	ratio_put(interval->value, file);
	ratio_put(interval->low, file);
	ratio_put(interval->high, file);
}

/* What the verdict went by; "" where nothing was compared. */
static const char *verdict_by(const struct diff_row *row)
{
	if (isnan(row->ratio.value) || row->verdict == DIFF_INCOMPARABLE)
		return "";
	return diff_is_referenced(row) ? "reference" : "medians";
}

static void median_put(const struct diff_cell *cell, FILE *file)
{
	char text[TEXT_NUMBER_BYTES];

	number_put(text_fixed(cell ? cell->p50_ns.value : NAN, 0, text), file);
}

static void row_put(const struct diff_row *row, FILE *file)
{
	char why[DIFF_TEXT_BYTES];
	char clean[DIFF_TEXT_BYTES];

	for (size_t i = 0; i < KEYS_FIRST; i++)
		text_put(diff_row_cell(row)->keys[key_order[i]], file);
	text_put(diff_verdict_names[row->verdict], file);
	interval_put(&row->ratio, file);
	median_put(row->a, file);
	median_put(row->b, file);
	text_put(row->a ? row->a->state : "", file);
	text_put(row->b ? row->b->state : "", file);
	text_put(diff_why(row, why), file);
	text_put(diff_row_cell(row)->keys[DIFF_LOAD], file);
	interval_put(&row->referenced, file);
	csv_text_put(verdict_by(row), file);
	for (size_t i = 0; i < KEYS_LATER; i++) {
		(void)fputc(',', file);
		csv_text_put(text_clean(clean, sizeof(clean),
					diff_row_cell(row)->keys[later_order[i]]), file);
	}
	(void)fputs(CSV_LINE_END, file);
}

int diff_csv(const struct diff *diff, FILE *file, struct err *err)
{
	for (size_t i = 0; i < KEYS_FIRST; i++)
		(void)fprintf(file, "%s,", diff_key_names[key_order[i]]);
	(void)fputs("verdict,ratio,ratio_ci_low,ratio_ci_high,a_p50_ns,b_p50_ns,"
		    "a_state,b_state,reason,load,referenced_ratio,referenced_ci_low,"
		    "referenced_ci_high,verdict_by",
		    file);
	for (size_t i = 0; i < KEYS_LATER; i++)
		(void)fprintf(file, ",%s", diff_key_names[later_order[i]]);
	(void)fputs(CSV_LINE_END, file);
	for (size_t i = 0; i < diff->count; i++)
		row_put(&diff->rows[i], file);
	return ferror(file) ? err_system(err, "cannot write the CSV") : 0;
}
