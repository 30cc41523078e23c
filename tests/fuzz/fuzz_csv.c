/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reader of CSV: what it takes is written and read again as the same,
 * and compared with itself, in which nothing is faster, slower or on one side only.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/report/diff_export.h"
#include "bench/text/csv_read.h"
#include "bench/text/csv_write.h"
#include "tests/fuzz/fuzz.h"

static const char *cell_of(const struct csv *csv, size_t row, size_t column)
{
	return csv->text + csv->offsets[row * csv->columns + column]; /* row 0: the header */
}

static char *text_new(const struct csv *csv, size_t *bytes)
{
	char *text = NULL;
	FILE *file = open_memstream(&text, bytes);

	must(file);
	(void)fputs("\xef\xbb\xbf", file); /* the header may begin with another */
	for (size_t row = 0; row <= csv->rows; row++) {
		for (size_t i = 0; i < csv->columns; i++) {
			/* The marks keep a line of one empty field from being an empty line. */
			(void)fputs(i ? "," : "", file);
			if (*cell_of(csv, row, i))
				csv_number_put(cell_of(csv, row, i), file);
			else
				(void)fputs("\"\"", file);
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
	for (size_t row = 0; row <= csv->rows; row++)
		for (size_t i = 0; i < csv->columns; i++)
			must(strcmp(cell_of(csv, row, i), cell_of(&again, row, i)) == 0);
	csv_fini(&again);
	free(text);
}

/* The table holds nothing that moves a cursor. */
static void check_table(const struct diff *diff)
{
	static const char *const paths[2] = {"a\x1b[2J.csv", "b\n.csv"};
	const struct table_style style = {.columns = 60};
	size_t bytes = 0;
	char *text = NULL;
	FILE *file = open_memstream(&text, &bytes);

	must(file && diff_table(diff, paths, &style, file, NULL) == 0 && fclose(file) == 0);
	for (size_t i = 0; i < bytes; i++)
		must((unsigned char)text[i] >= 0x20 || text[i] == '\n');
	free(text);
}

static void check_diff(const struct csv *csv)
{
	struct diff diff;
	struct err err = {0};

	if (diff_make(&diff, csv, csv, &err) != 0) {
		must(err.kind == ERR_PROTOCOL && err.message[0]);
		return;
	}
	must(diff.count + diff.sides[0].repeats == csv->rows);
	must(diff.verdicts[DIFF_NOISE] + diff.verdicts[DIFF_INCOMPARABLE] == diff.count);
	check_table(&diff);
	diff_fini(&diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = fuzz_copy(data, size);
	struct csv csv;
	struct err err = {0};

	if (csv_parse(&csv, copy, size, &err) != 0) {
		must((err.kind == ERR_PROTOCOL || err.kind == ERR_RANGE) && err.message[0]);
	} else {
		check_again(&csv);
		check_diff(&csv);
		csv_fini(&csv);
	}
	free(copy);
	return 0;
}
