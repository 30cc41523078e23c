/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reader of CSV: what it takes is also compared with itself, in which nothing is
 * faster, slower or on one side only.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/model/model.h"
#include "bench/report/diff_export.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_csv.h"

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

static size_t references_of(const struct csv *csv)
{
	size_t column = csv_column(csv, "transport");
	size_t count = 0;

	for (size_t row = 0; row < csv->rows; row++)
		count += strcmp(csv_field(csv, row, column), REFERENCE_NAME) == 0;
	return count;
}

static void check_diff(const struct csv *csv)
{
	struct diff diff;
	struct err err = {0};

	if (diff_make(&diff, csv, csv, &err) != 0) {
		must(err.kind == ERR_PROTOCOL && err.message[0]);
		return;
	}
	must(diff.count + diff.sides[0].repeats + references_of(csv) == csv->rows);
	must(diff.verdicts[DIFF_SAME] + diff.verdicts[DIFF_UNDECIDED] +
		     diff.verdicts[DIFF_INCOMPARABLE] ==
	     diff.count);
	check_table(&diff);
	diff_fini(&diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct csv csv;
	struct err err = {0};

	if (drive_csv(&csv, data, size, &err) == 0)
		check_diff(&csv);
	csv_fini(&csv);
	return 0;
}
