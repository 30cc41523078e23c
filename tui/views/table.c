/* SPDX-License-Identifier: MIT */
/* Tables of cells: which columns, where, and what stands in a row without figures. */
#include "tui/views/table.h"

#include <math.h>
#include <string.h>

#include "tui/ui/layout.h"
#include "tui/views/cells.h"

#define LEFT 3 /* focus, state, blank */
#define NAME_WIDTH_LEAST 9
#define NAME_WIDTH_MOST 20

static const struct cell *row_cell(const struct table *table, size_t row)
{
	return &table->model->cells[table->rows->cells[row]];
}

static int name_width(const struct table *table)
{
	int width = NAME_WIDTH_LEAST;

	for (size_t i = 0; i < table->rows->count; i++) {
		char name[TRANSPORT_NAME_BYTES];
		int cells = glyph_text_width(
			GLYPHS_UTF8, transport_format(&row_cell(table, i)->plan->transport, name));

		width = cells > width ? cells : width;
	}
	return width < NAME_WIDTH_MOST ? width : NAME_WIDTH_MOST;
}

static double ratio_largest(const struct table *table)
{
	double largest = 1;

	for (size_t i = 0; i < table->rows->count; i++)
		if (cell_has_figures(row_cell(table, i)))
			largest = fmax(
				largest,
				ranking_versus_best(&table->ranking, row_cell(table, i)).ratio);
	return largest;
}

/* Whether most of the rows with figures have enough samples for this one. */
static bool most_carry(const struct table *table, const struct cell_figure *figure)
{
	size_t known = 0;
	size_t carry = 0;

	for (size_t i = 0; i < table->rows->count; i++) {
		if (!cell_has_figures(row_cell(table, i)))
			continue;
		known++;
		carry += isfinite(cell_figure_ns(row_cell(table, i), figure)) ? 1 : 0;
	}
	return carry * 2 > known;
}

/* p99 or p90, else the maximum, which every row has. */
static const struct cell_figure *tail_figure(const struct table *table)
{
	static const enum cell_figure_kind order[] = {FIGURE_P99, FIGURE_P90};

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (most_carry(table, &cell_figures[order[i]]))
			return &cell_figures[order[i]];
	return &cell_figures[FIGURE_MAX];
}

/* The cells that the chosen columns take, a blank before each. */
static int columns_width(const struct table *table)
{
	int width = LEFT + table->name_width;

	for (size_t i = 0; i < table->place_count; i++)
		width += 1 + table->places[i].column->width;
	return width;
}

static void columns_drop(struct table *table)
{
	size_t worst = 0;

	for (size_t i = 1; i < table->place_count; i++)
		if (table->places[i].column->leaves > table->places[worst].column->leaves)
			worst = i;
	table->place_count--;
	for (size_t i = worst; i < table->place_count; i++)
		table->places[i] = table->places[i + 1];
}

/* Gives spare width to the elastic columns, in equal shares; without any it stays at the right. */
static void columns_place(struct table *table)
{
	int left = table->width - columns_width(table);
	int x = table->x + LEFT + table->name_width;
	int elastic = 0;

	for (size_t i = 0; i < table->place_count; i++)
		elastic += table->places[i].column->elastic;
	for (size_t i = 0; i < table->place_count; i++) {
		struct table_place *place = &table->places[i];

		place->width = place->column->width;
		if (place->column->elastic && left > 0) {
			int share = left / elastic;

			place->width += share;
			left -= share;
			elastic--;
		}
		place->x = x + 1;
		x += 1 + place->width;
	}
}

static void table_fit_axis(struct table *table)
{
	double low, high;

	for (size_t i = 0; i < table->place_count; i++)
		if (table->places[i].column == &column_strip &&
		    cells_range(table->model, table->rows, &low, &high))
			table->axis = axis_rounded(low, high, table->places[i].width);
}

static void table_fill(struct table *table, const struct column *const *columns)
{
	table->name_width = name_width(table);
	if (table->rows->count)
		ranking_make(&table->ranking, table->model, &row_cell(table, 0)->plan->type,
			     RANKING_SO_FAR);
	table->ratio_largest = ratio_largest(table);
	table->tail = tail_figure(table);
	table->place_count = 0;
	for (; *columns && table->place_count < TABLE_COLUMNS_MAX; columns++)
		if (!(*columns)->wanted || (*columns)->wanted(table))
			table->places[table->place_count++].column = *columns;
	while (table->place_count > 0 && columns_width(table) > table->width &&
	       table->place_count > 1)
		columns_drop(table);
	columns_place(table);
	table_fit_axis(table);
}

/* Draws a heading, with the mark of what the table is sorted by. */
static void draw_heading_text(const struct table *table, const struct table_place *place, int y)
{
	bool sorted = table->ui->screen == SCREEN_COMPARE &&
		      place->column->sort == (int)table->ui->sort;
	const char *mark = !sorted ? "" : table->ui->sort_inverted ? "▼" : "▲";

	(void)grid_printf_right(table->grid, place->x, y, place->width,
				sorted ? ROLE_STRONG : ROLE_DIM, "%s%s", place->column->heading,
				mark);
}

static void draw_heading(const struct table *table, int y)
{
	bool by_name = table->ui->screen == SCREEN_COMPARE && table->ui->sort == SORT_NAME;

	(void)grid_printf(table->grid, table->x + LEFT, y, table->name_width + 1,
			  by_name ? ROLE_STRONG : ROLE_DIM, "TRANSPORT%s",
			  !by_name                 ? "" :
			  table->ui->sort_inverted ? "▼" :
						     "▲");
	for (size_t i = 0; i < table->place_count; i++) {
		const struct table_place *place = &table->places[i];

		if (place->column->heading_draw)
			place->column->heading_draw(table, place->x, y, place->width);
		else
			draw_heading_text(table, place, y);
	}
}

static enum role words_role(const struct cell *cell)
{
	return cell->state == CELL_FAILED || cell->state == CELL_WRONG ? ROLE_BAD : ROLE_DIM;
}

static void draw_row(const struct table *table, const struct cell *cell, int y, bool selected)
{
	struct state_look look = cell_look(table->model, cell);
	bool figures = cell_has_figures(cell);
	int x = table->x + LEFT;
	int end = table->x + table->width;
	char name[TRANSPORT_NAME_BYTES];
	char words[CELLS_TEXT_BYTES];

	view_focus(table->grid, table->x, y, selected);
	grid_put(table->grid, table->x + 1, y, look.glyph, look.role);
	if ((size_t)(cell - table->model->cells) == table->ui->mark)
		grid_put(table->grid, table->x + 2, y, 'D', ROLE_WARN);
	(void)grid_text(table->grid, x, y, table->name_width,
			!figures                    ? ROLE_DIM :
			cell == table->ranking.best ? ROLE_STRONG :
						      ROLE_TEXT,
			transport_format(&cell->plan->transport, name));
	if (!figures) {
		(void)grid_text(table->grid, x + table->name_width + 1, y,
				end - (x + table->name_width + 1), words_role(cell),
				cell_words(cell, words));
		return;
	}
	for (size_t i = 0; i < table->place_count; i++)
		table->places[i].column->draw(table, cell, table->places[i].x, y,
					      table->places[i].width);
}

static void draw_rows(const struct table *table, struct rect lines)
{
	int count = (int)table->rows->count;
	int selected = ui_selected_row(table->ui, table->model, table->rows);
	int first = layout_scroll(selected, count, lines.height);

	for (int i = 0; i < lines.height && first + i < count; i++)
		draw_row(table, row_cell(table, (size_t)(first + i)), lines.y + i,
			 first + i == selected);
	view_scroll_marks(table->grid, lines, first, count);
}

static const struct column *const small_columns[] = {
	&column_median,
	&column_tail,
	&column_ratio,
	NULL,
};

void table_draw(struct table *table, const struct column *const *normal,
		const struct column *const *wide, struct rect lines)
{
	table_fill(table, table->size <= SIZE_SMALL  ? small_columns :
			  table->size <= SIZE_NORMAL ? normal :
						       wide);
	draw_heading(table, lines.y - 1);
	draw_rows(table, lines);
}
