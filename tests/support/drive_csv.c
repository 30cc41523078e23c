/* SPDX-License-Identifier: MIT */
/* What must be true of csv_parse. */
#include "tests/support/drive_csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/text/csv_write.h"
#include "tests/support/must.h"

static const char *cell_of(const struct csv *csv, size_t row, size_t column)
{
	return csv->text + csv->offsets[row * csv->columns + column]; /* row 0: the header */
}

/* Puts any field in marks: an empty one may be a line of its own, and "{" may begin the file. */
static void field_put(const char *text, FILE *file)
{
	(void)fputc('"', file);
	for (; *text; text++) {
		if (*text == '"')
			(void)fputc('"', file);
		(void)fputc(*text, file);
	}
	(void)fputc('"', file);
}

/* Writes the same with the other separator, so that both are read. */
static char *text_new(const struct csv *csv, size_t *bytes)
{
	const char separator = csv->separator == ',' ? ';' : ',';
	char *text = NULL;
	FILE *file = open_memstream(&text, bytes);

	must(file);
	(void)fputs("\xef\xbb\xbf", file); /* the header may begin with another */
	for (size_t row = 0; row <= csv->rows; row++) {
		for (size_t i = 0; i < csv->columns; i++) {
			if (i)
				(void)fputc(separator, file);
			field_put(cell_of(csv, row, i), file);
		}
		(void)fputs(CSV_LINE_END, file);
	}
	must(fclose(file) == 0);
	return text;
}

static void check_again(const struct csv *csv)
{
	size_t bytes;
	char *text = text_new(csv, &bytes);
	struct csv again;

	must(csv_parse(&again, text, bytes, NULL) == 0);
	must(again.columns == csv->columns && again.rows == csv->rows);
	must(csv->columns == 1 || again.separator != csv->separator);
	for (size_t row = 0; row <= csv->rows; row++)
		for (size_t i = 0; i < csv->columns; i++)
			must(strcmp(cell_of(csv, row, i), cell_of(&again, row, i)) == 0);
	csv_fini(&again);
	free(text);
}

int drive_csv(struct csv *csv, const void *data, size_t size, struct err *err)
{
	char *copy = exact_copy(data, size);
	int status = csv_parse(csv, copy, size, err);

	free(copy);
	if (status == 0) {
		check_again(csv);
	} else {
		must((err->kind == ERR_PROTOCOL || err->kind == ERR_RANGE) && err->message[0]);
		must(!csv->text && !csv->offsets && csv->rows == 0);
	}
	return status;
}
