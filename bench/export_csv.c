/* SPDX-License-Identifier: MIT */
/* RFC 4180 from the table of columns. */
#include "bench/export_csv.h"

#include <stdbool.h>
#include <string.h>

#include "bench/column.h"

/*
 * A field that begins like a formula would be run by a spreadsheet; text from
 * a peer or a host name may, so it gets an apostrophe.
 */
static void field_put(const struct column *column, const char *text, FILE *file)
{
	bool formula = column->kind == COLUMN_TEXT && *text && strchr("=+-@\t", *text);
	bool quoted = strpbrk(text, ",\"\r\n") != NULL;

	if (quoted)
		(void)fputc('"', file); /* errors are seen by ferror at the end */
	if (formula)
		(void)fputc('\'', file);
	for (; *text; text++) {
		if (*text == '"')
			(void)fputc('"', file);
		(void)fputc(*text, file);
	}
	if (quoted)
		(void)fputc('"', file);
}

/* The lines end as the RFC says. */
static void separator_put(size_t column, FILE *file)
{
	(void)fputs(column + 1 < column_count ? "," : "\r\n", file);
}

static void row_put(const struct model *model, const struct cell *cell, FILE *file)
{
	char text[COLUMN_TEXT_BYTES];

	for (size_t i = 0; i < column_count; i++) {
		(void)column_format(&column_table[i], model, cell, text);
		field_put(&column_table[i], text, file);
		separator_put(i, file);
	}
}

int export_csv(const struct model *model, FILE *file, struct err *err)
{
	for (size_t i = 0; i < column_count; i++) {
		(void)fputs(column_table[i].name, file);
		separator_put(i, file);
	}
	for (size_t i = 0; i < model->cell_count; i++) {
		if (model_state_so_far(&model->cells[i]) != CELL_QUEUED)
			row_put(model, &model->cells[i], file);
	}
	return ferror(file) ? err_system(err, "cannot write the CSV") : 0;
}
