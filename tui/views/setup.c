/* SPDX-License-Identifier: MIT */
/* Screen 1: what shall we race? The matrix of transports and shapes. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/text/fmt.h"
#include "transports/unused.h"
#include "tui/ui/layout.h"
#include "tui/views/setup_parts.h"
#include "tui/views/view.h"

#define LEFT 3 /* focus, box, blank */
#define COLUMN_WIDTH 9
#define ESTIMATE_WIDTH 8
#define ESTIMATE_AWAY 32
#define COLUMN_MOST 13

/* Where the columns of the matrix are. */
struct matrix {
	struct grid *grid;
	const struct picker *picker;
	int x, end;
	int name_width, title_width; /* 0: no titles */
	int first, shown, width;     /* shapes */
	int shapes_x, estimate_x;    /* estimate_x 0: none */
	bool carriers;               /* the titles begin with the carriers' */
};

static void headline(const struct model *model UNUSED, const struct ui *ui, char *text, size_t size)
{
	const struct picker *picker = &ui->picker;

	if (ui->columns < HEADLINE_WIDE) {
		struct picker_total total = picker_total(picker);
		char time[FMT_BYTES];

		(void)snprintf(text, size, "%zu cells, %s", total.cells,
			       fmt_clock(total.estimate_ns, time));
		return;
	}
	(void)snprintf(text, size, "what shall we race?%s%s%s",
		       picker->preset[0] ? "   preset: " : "", picker->preset,
		       picker->preset[0] && (picker_cells_changed(picker) ||
					     picker_options_changed(picker)) ?
			       ", changed" :
			       "");
}

static int name_width(const struct picker *picker)
{
	int width = 9;

	for (size_t i = 0; i < picker->transport_count; i++) {
		char name[TRANSPORT_NAME_BYTES];
		int cells = (int)strlen(transport_format(&picker->transports[i], name));

		width = cells > width ? cells : width;
	}
	return width < 20 ? width : 20;
}

/* What the encodings' titles take, with the carriers' before them or without. */
static int title_width(const struct picker *picker, bool carriers)
{
	int width = 0;

	for (size_t i = 0; i < picker->transport_count; i++) {
		const struct transport *transport = &picker->transports[i];
		int cells = glyph_text_width(GLYPHS_UTF8, transport->encoding->title);

		if (carriers)
			cells += 2 + glyph_text_width(GLYPHS_UTF8, transport->carrier->title);
		width = cells > width ? cells : width;
	}
	return width;
}

/* Shapes first, then the estimate, then what the transports are. */
static void matrix_place(struct matrix *matrix)
{
	int count = (int)matrix->picker->type_count;
	int room;
	int spare, estimate;

	matrix->name_width = name_width(matrix->picker);
	matrix->shapes_x = matrix->x + LEFT + matrix->name_width + 1;
	room = matrix->end - matrix->shapes_x;
	matrix->shown = room / COLUMN_WIDTH < count ? room / COLUMN_WIDTH : count;
	matrix->shown = matrix->shown > 0 ? matrix->shown : 0;
	room -= matrix->shown * COLUMN_WIDTH;
	estimate = room >= ESTIMATE_WIDTH ? ESTIMATE_WIDTH : 0;
	room -= estimate;
	matrix->width = COLUMN_WIDTH;
	spare = title_width(matrix->picker, false) + 2; /* the titles' */
	if (spare > room)
		spare = 0;
	while (matrix->shown && matrix->width < COLUMN_MOST && room >= spare + matrix->shown) {
		matrix->width++;
		room -= matrix->shown;
	}
	matrix->carriers = room >= title_width(matrix->picker, true) + 2;
	if (room > title_width(matrix->picker, matrix->carriers) + 2)
		room = title_width(matrix->picker, matrix->carriers) + 2;
	matrix->title_width = spare ? room - 1 : 0;
	if (matrix->title_width)
		matrix->shapes_x += room;
	/* At the right end, unless that is far from the boxes. */
	matrix->estimate_x = matrix->shapes_x + matrix->shown * matrix->width;
	if (matrix->estimate_x + ESTIMATE_WIDTH + ESTIMATE_AWAY >= matrix->end)
		matrix->estimate_x = matrix->end - ESTIMATE_WIDTH;
	if (!estimate)
		matrix->estimate_x = 0;
	matrix->first = layout_scroll(matrix->picker->column, count, matrix->shown);
}

/* The box of a row: all, some or none of what can run there is on. */
static uint32_t row_glyph(const struct picker *picker, int row)
{
	size_t on = 0;
	size_t possible = 0;

	for (size_t s = 0; s < picker->type_count; s++) {
		possible += picker->cells[row][s].possible;
		on += picker->cells[row][s].possible && picker->cells[row][s].on;
	}
	return on == 0 ? U'□' : on == possible ? U'■' : U'▪';
}

void setup_draw_box(struct grid *grid, int x, int y, const struct picker *picker, int row,
		    int column)
{
	const struct picker_cell *cell;
	uint32_t glyph = row_glyph(picker, row);
	bool on = glyph != U'□';
	bool possible = true;

	if (column >= 0) {
		cell = &picker->cells[row][column];
		on = cell->on;
		possible = cell->possible;
		glyph = !possible ? U'⊘' : on ? U'■' : U'□';
	}
	grid_put(grid, x, y, glyph, !on ? ROLE_DIM : possible ? ROLE_GOOD : ROLE_WARN);
}

/* The cursor stands around a box. */
static void draw_cursor(const struct matrix *matrix, int x, int y)
{
	grid_put(matrix->grid, x - 1, y, U'[', ROLE_ACCENT);
	grid_put(matrix->grid, x + 1, y, U']', ROLE_ACCENT);
}

static void draw_cell(const struct matrix *matrix, int row, int column, int y)
{
	const struct picker *picker = matrix->picker;
	const struct picker_cell *cell = &picker->cells[row][column];
	bool cursor = picker->row == row && picker->column == column;
	int x = matrix->shapes_x + (column - matrix->first) * matrix->width + matrix->width / 2;

	setup_draw_box(matrix->grid, x, y, picker, row, column);
	if (cursor)
		draw_cursor(matrix, x, y);
	if (cell->on && !cell->possible)
		grid_put(matrix->grid, x + 1 + cursor, y, U'!', ROLE_WARN);
}

static void draw_title(const struct matrix *matrix, int row, int x, int y)
{
	const struct transport *transport = &matrix->picker->transports[row];

	(void)grid_printf(matrix->grid, x, y, matrix->title_width, ROLE_DIM, "%s%s%s",
			  matrix->carriers ? transport->carrier->title : "",
			  matrix->carriers ? ": " : "", transport->encoding->title);
}

static void draw_row(const struct matrix *matrix, int row, int y)
{
	const struct picker *picker = matrix->picker;
	double estimate = picker_row_estimate_ns(picker, (size_t)row);
	bool on_row = picker->row == row;
	bool on = row_glyph(picker, row) != U'□';
	char text[TRANSPORT_NAME_BYTES > FMT_BYTES ? TRANSPORT_NAME_BYTES : FMT_BYTES];

	view_focus(matrix->grid, matrix->x, y, on_row);
	setup_draw_box(matrix->grid, matrix->x + 1, y, picker, row, -1);
	if (on_row && picker->column < 0)
		draw_cursor(matrix, matrix->x + 1, y);
	(void)grid_text(matrix->grid, matrix->x + LEFT, y, matrix->name_width,
			on_row ? ROLE_STRONG :
			on     ? ROLE_TEXT :
				 ROLE_DIM,
			transport_format(&picker->transports[row], text));
	if (matrix->title_width)
		draw_title(matrix, row, matrix->x + LEFT + matrix->name_width + 2, y);
	for (int i = 0; i < matrix->shown; i++)
		draw_cell(matrix, row, matrix->first + i, y);
	if (matrix->estimate_x)
		(void)grid_text_right(matrix->grid, matrix->estimate_x, y, ESTIMATE_WIDTH - 1,
				      ROLE_DIM, fmt_clock(ceil(estimate / 1e9) * 1e9, text));
}

static void draw_heading(const struct matrix *matrix, int y)
{
	const struct picker *picker = matrix->picker;

	view_focus(matrix->grid, matrix->x, y, picker->row < 0);
	(void)grid_text(matrix->grid, matrix->x + LEFT, y, matrix->name_width, ROLE_DIM,
			"TRANSPORT");
	if (matrix->title_width)
		(void)grid_text(matrix->grid, matrix->x + LEFT + matrix->name_width + 2, y,
				matrix->title_width, ROLE_DIM, "HOW THE ARRAY TRAVELS");
	for (int i = 0; i < matrix->shown; i++) {
		int column = matrix->first + i;
		bool cursor = picker->row < 0 && picker->column == column;
		char bytes[FMT_BYTES];

		fmt_payload(array_type_bytes(&picker->types[column]), bytes);
		(void)grid_printf(matrix->grid,
				  matrix->shapes_x + i * matrix->width + matrix->width / 2 -
					  (int)(strlen(bytes) / 2) - cursor,
				  y, matrix->width, cursor ? ROLE_ACCENT : ROLE_DIM,
				  cursor ? "[%s]" : "%s", bytes);
	}
	if (matrix->estimate_x)
		(void)grid_text_right(matrix->grid, matrix->estimate_x, y, ESTIMATE_WIDTH - 1,
				      ROLE_DIM, "EST.");
}

static void draw_table(struct grid *grid, struct rect part, enum size_class size,
		       const struct picker *picker)
{
	struct rect lines = layout_table_rows(SCREEN_SETUP, size, part);
	bool framed = layout_table_framed(SCREEN_SETUP, size);
	struct rect inside = framed ? rect_inside(part) : part;
	struct matrix matrix = {
		.grid = grid,
		.picker = picker,
		.x = inside.x,
		.end = inside.x + inside.width,
	};
	int count = (int)picker->transport_count;
	int selected = picker->row < count ? picker->row : count - 1;
	int first = layout_scroll(selected, count, lines.height);
	struct rect help = {inside.x + 2, lines.y + lines.height, inside.width - 3,
			    inside.y + inside.height - lines.y - lines.height};

	if (framed)
		grid_box(grid, part, "transports × shapes",
			 "Space toggles a cell, a row or a column");
	matrix_place(&matrix);
	draw_heading(&matrix, lines.y - 1);
	for (int i = 0; i < lines.height && first + i < count; i++)
		draw_row(&matrix, first + i, lines.y + i);
	view_scroll_marks(grid, lines, first, count);
	setup_draw_help(grid, help, picker);
}

static void draw(struct grid *grid, struct rect rect, const struct model *model UNUSED,
		 const struct ui *ui)
{
	const struct picker *picker = &ui->picker;
	enum size_class size = layout_size(grid->columns, grid->rows);
	struct layout layout =
		layout_screen(SCREEN_SETUP, size, rect, (int)picker->transport_count);
	struct rect rule = layout.parts[PART_PROGRESS];

	if (!rect_empty(rule))
		grid_rule(grid, rule.x, rule.y, rule.width, "transports × shapes",
			  "■ on  □ off  ⊘ cannot run");
	/* Without room for both lists, the one with the cursor is shown. */
	if (size == SIZE_SMALL && picker_option_at(picker) != OPTION_COUNT)
		setup_draw_options(grid, layout.parts[PART_TABLE], size, picker);
	else if (!rect_empty(layout.parts[PART_TABLE]))
		draw_table(grid, layout.parts[PART_TABLE], size, picker);
	if (!rect_empty(layout.parts[PART_OPTIONS]))
		setup_draw_options(grid, layout.parts[PART_OPTIONS], size, picker);
	if (!rect_empty(layout.parts[PART_PREVIEW]))
		setup_draw_preview(grid, layout.parts[PART_PREVIEW], size, picker);
}

const struct view view_setup = {
	.id = "setup",
	.title = "SETUP",
	.headline = headline,
	.draw = draw,
};
