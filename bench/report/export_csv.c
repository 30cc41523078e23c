/* SPDX-License-Identifier: MIT */
/* The CSV of ipctop-csv(5), after RFC 4180: a header, a row for each cell, and the references'. */
#include "bench/report/column.h"
#include "bench/report/export.h"
#include "bench/text/csv_write.h"

/* The lines end as the RFC says. */
static void separator_put(size_t column, FILE *file)
{
	(void)fputs(column + 1 < column_count ? "," : CSV_LINE_END, file);
}

static void row_put(const struct model *model, const struct cell *cell, FILE *file)
{
	char text[COLUMN_TEXT_BYTES];

	for (size_t i = 0; i < column_count; i++) {
		(void)column_format(&column_table[i], model, cell, text);
		if (column_table[i].kind == COLUMN_TEXT)
			csv_text_put(text, file);
		else
			csv_number_put(text, file);
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
	for (size_t i = 0; i < model->reference_count; i++)
		if (model->references[i].blocks_done)
			row_put(model, &model->references[i], file);
	return ferror(file) ? err_system(err, "cannot write the CSV") : 0;
}
