/* SPDX-License-Identifier: MIT */
/* All transports against all types. */
#include "tui/views/matrix.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/ranking.h"
#include "bench/text/text.h"
#include "tui/draw/clamp.h"
#include "tui/ui/layout.h"
#include "tui/views/cells.h"
#include "tui/views/view.h"

#define NAME_WIDTH 13
#define FIGURE_WIDTH 8
#define COLUMN_MOST 40
#define RATIO_WIDTH 7 /* "  31.3x" beside the figure, if there is room */

struct matrix {
	struct grid *grid;
	const struct model *model;
	const struct ui *ui;
	const struct rows *rows;
	enum unit unit;
	struct rect rect;
	struct row_types types;
	struct ranking rankings[ROW_TYPES_MAX]; /* of the columns */
	double fastest;                 /* of the rates; NaN if none */
	size_t first, shown;            /* columns */
	int width;                      /* of a column */
	bool ratios, names;             /* beside the figures; the types in full */
};

/* Whether a rival goes by reference somewhere, so that its column is of latency with read. */
static bool any_with_read(const struct model *model)
{
	struct row_types types;
	bool any = false;

	rows_types(model, &types);
	for (size_t i = 0; i < types.count; i++) {
		struct ranking ranking;

		ranking_make(&ranking, model, types.types[i], RANKING_SO_FAR);
		any |= ranking.with_read;
	}
	return any;
}

const char *matrix_unit_name(const struct model *model, enum unit unit)
{
	static const char *const rates[] = {"throughput in GB/s", "throughput in TB/s",
					    "throughput in MB/s", "throughput in kB/s",
					    "throughput in B/s"};
	const char *rate = fmt_rate_unit(rows_fastest_rate(model, NULL));
	size_t i = 0;

	if (unit == UNIT_TIME)
		return any_with_read(model) ? "median latency with read" : "median latency";
	if (unit == UNIT_RATIO)
		return "times the fastest of the shape";
	while (strcmp(rates[i] + strlen("throughput in "), rate) != 0)
		i++; /* one of them is it */
	return rates[i];
}

/* Whether every column can name its shape in full. */
static bool names_fit(const struct matrix *matrix)
{
	for (size_t i = 0; i < matrix->shown; i++) {
		char shape[ARRAY_TYPE_TEXT_BYTES];

		array_type_format(matrix->types.types[matrix->first + i], shape);
		if ((int)strlen(shape) + 2 + FIGURE_WIDTH > matrix->width)
			return false;
	}
	return true;
}

/* Chooses and places the columns around the selected one. */
static void matrix_place(struct matrix *matrix, size_t selected)
{
	int room = matrix->rect.width - NAME_WIDTH - 1;
	int count = (int)matrix->types.count;
	int fit = room / (FIGURE_WIDTH + 1);

	matrix->ratios = matrix->unit == UNIT_TIME &&
			 room / (count ? count : 1) >= FIGURE_WIDTH + RATIO_WIDTH + 2;
	matrix->shown = (size_t)(fit < count ? (fit > 0 ? fit : 0) : count);
	matrix->first = (size_t)layout_scroll((int)selected, count, (int)matrix->shown);
	matrix->width = matrix->shown ? room / (int)matrix->shown : 0;
	if (matrix->width > COLUMN_MOST)
		matrix->width = COLUMN_MOST;
	matrix->names = names_fit(matrix);
}

/* Fastest to slowest in five steps. */
static enum role rank_role(double ratio)
{
	static const double limits[] = {1.0001, 2, 5, 20};
	int rank = 0;

	while (rank < 4 && ratio > limits[rank])
		rank++;
	return (enum role)(ROLE_RANK_1 + rank);
}

/* "best", or how many times as long it takes; marked as in tables. */
static char *versus_text(const struct ranking *ranking, const struct cell *cell,
			 char text[FMT_BYTES])
{
	struct ratio ratio = ranking_versus_best(ranking, cell);
	char figure[FMT_BYTES];

	(void)snprintf(text, FMT_BYTES, "%s%.20s",
		       cell == ranking->best ? "" : ranking_mark(&ratio),
		       cell == ranking->best ? "best" : fmt_ratio(ratio.ratio, false, figure));
	return text;
}

static char *figure_text(const struct matrix *matrix, const struct cell *cell,
			 const struct ranking *ranking, char text[FMT_BYTES])
{
	double rate = cell->summary.throughput_bytes_per_s;

	if (matrix->unit == UNIT_TIME)
		return fmt_ns(ranking_ns(ranking, cell), false, text);
	if (matrix->unit == UNIT_RATIO)
		return versus_text(ranking, cell, text);
	if (fmt_rate_is_far(rate, matrix->fastest))
		return fmt_rate_short(rate, text);
	return fmt_rate_in(rate, matrix->fastest, text);
}

static void draw_ranked(const struct matrix *matrix, const struct cell *cell,
			const struct ranking *ranking, int x, int y)
{
	enum role role = rank_role(ranking_versus_best(ranking, cell).ratio);
	char text[FMT_BYTES];

	grid_hline(matrix->grid, x + 1, y, matrix->width - 1, ' ', role);
	if (!matrix->ratios) {
		(void)grid_text_right(matrix->grid, x + 1, y, matrix->width - 2, role,
				      figure_text(matrix, cell, ranking, text));
		return;
	}
	(void)grid_text_right(matrix->grid, x + 1, y, matrix->width - 2 - RATIO_WIDTH, role,
			      figure_text(matrix, cell, ranking, text));
	(void)grid_text_right(matrix->grid, x + matrix->width - 1 - RATIO_WIDTH, y, RATIO_WIDTH,
			      role, versus_text(ranking, cell, text));
}

/* The figure so far, or the state's glyph. */
static void draw_unranked(const struct matrix *matrix, const struct cell *cell,
			  const struct ranking *ranking, int x, int y)
{
	struct state_look look = view_state(matrix->model, cell);
	int end = x + matrix->width - 2 - (matrix->ratios ? RATIO_WIDTH : 0);
	char text[FMT_BYTES];

	if (cell_has_figures(cell) && matrix->unit == UNIT_TIME)
		(void)grid_text_right(matrix->grid, x + 1, y, end - x, ROLE_DIM,
				      fmt_ns(ranking_ns(ranking, cell), false, text));
	else
		grid_put(matrix->grid, end, y, look.glyph, look.role);
}

static void draw_place(const struct matrix *matrix, const struct transport *transport,
		       size_t column, int x, int y)
{
	const struct cell *cell = rows_cell(matrix->model, transport, matrix->types.types[column]);
	struct rect place = {x + 1, y, matrix->width - 1, 1};

	if (!cell)
		return;
	if (cell_is_ranked(cell))
		draw_ranked(matrix, cell, &matrix->rankings[column], x, y);
	else
		draw_unranked(matrix, cell, &matrix->rankings[column], x, y);
	if (cell == ui_cell(matrix->ui, matrix->model) && matrix->ui->screen == SCREEN_LIVE)
		grid_select(matrix->grid, place);
}

/* Draws "1.2 MB", and the shape itself if there is room. */
static void draw_heading(const struct matrix *matrix, size_t column, int x, bool selected)
{
	const struct array_type *type = matrix->types.types[column];
	char shape[ARRAY_TYPE_TEXT_BYTES];
	char bytes[FMT_BYTES];
	char text[ARRAY_TYPE_TEXT_BYTES + FMT_BYTES + 2];

	fmt_payload(array_type_bytes(type), bytes);
	array_type_format(type, shape);
	(void)snprintf(text, sizeof(text), "%s  %s", shape, bytes);
	(void)grid_text_right(matrix->grid, x + 1, matrix->rect.y, matrix->width - 2,
			      selected ? ROLE_STRONG : ROLE_DIM, matrix->names ? text : bytes);
}

static void draw_row(const struct matrix *matrix, size_t row, int y, bool selected)
{
	const struct transport *transport =
		&matrix->model->cells[matrix->rows->cells[row]].plan->transport;
	char name[TRANSPORT_NAME_BYTES];

	view_focus(matrix->grid, matrix->rect.x, y, selected);
	(void)grid_text(matrix->grid, matrix->rect.x + 1, y, NAME_WIDTH - 1,
			selected ? ROLE_STRONG : ROLE_TEXT, transport_format(transport, name));
	for (size_t i = 0; i < matrix->shown; i++)
		draw_place(matrix, transport, matrix->first + i,
			   matrix->rect.x + NAME_WIDTH + (int)i * matrix->width, y);
}

/* The row of the selected cell's transport, or -1. */
static int selected_row(const struct matrix *matrix)
{
	const struct cell *cell = ui_cell(matrix->ui, matrix->model);

	for (size_t i = 0; cell && i < matrix->rows->count; i++) {
		const struct transport *transport =
			&matrix->model->cells[matrix->rows->cells[i]].plan->transport;

		if (transport->carrier == cell->plan->transport.carrier &&
		    transport->encoding == cell->plan->transport.encoding)
			return (int)i;
	}
	return -1;
}

void matrix_draw(struct grid *grid, struct rect rect, const struct model *model,
		 const struct ui *ui, const struct rows *rows, enum unit unit)
{
	struct matrix matrix = {
		.grid = grid,
		.model = model,
		.ui = ui,
		.rows = rows,
		.unit = unit,
		.rect = rect,
		.fastest = rows_fastest_rate(model, NULL),
	};
	const struct array_type *type = ui_type(ui, model);
	size_t column = 0;
	int selected = selected_row(&matrix);
	int first;

	rows_types(model, &matrix.types);
	for (size_t i = 0; type && i < matrix.types.count; i++)
		if (array_type_equal(type, matrix.types.types[i]))
			column = i;
	matrix_place(&matrix, column);
	for (size_t i = 0; i < matrix.types.count; i++)
		ranking_make(&matrix.rankings[i], model, matrix.types.types[i], RANKING_SO_FAR);
	(void)grid_text(grid, rect.x + 1, rect.y, NAME_WIDTH - 1, ROLE_DIM, "TRANSPORT");
	for (size_t i = 0; i < matrix.shown; i++)
		draw_heading(&matrix, matrix.first + i, rect.x + NAME_WIDTH + (int)i * matrix.width,
			     type && matrix.first + i == column);
	first = layout_scroll(selected, (int)rows->count, rect.height - 1);
	for (int i = 0; i < rect.height - 1 && first + i < (int)rows->count; i++)
		draw_row(&matrix, (size_t)(first + i), rect.y + 1 + i, first + i == selected);
	(void)rect_cut_top(&rect, 1);
	view_scroll_marks(grid, rect, first, (int)rows->count);
}

/* Draws who wins a type, or what stands in the way of saying so. */
static void draw_winner(struct grid *grid, struct rect rect, const struct model *model,
			const struct array_type *type, bool selected)
{
	const struct cell *winner;
	struct ranking ranking;
	char text[FMT_BYTES];
	char name[TRANSPORT_NAME_BYTES] = "-";

	ranking_make(&ranking, model, type, RANKING_DONE);
	winner = ranking.count > 1 ? ranking_winner(&ranking) : ranking.best;
	if (winner)
		(void)transport_format(&winner->plan->transport, name);
	else if (ranking.count)
		(void)snprintf(name, sizeof(name), "%s",
			       ranking_top(&ranking).state == RATIO_SAME ? "the same" :
									   "undecided");
	(void)grid_text(grid, rect.x, rect.y, rect.width - 1, selected ? ROLE_STRONG : ROLE_DIM,
			fmt_payload(array_type_bytes(type), text));
	(void)grid_text(grid, rect.x, rect.y + 1, rect.width - 1, winner ? ROLE_GOOD : ROLE_DIM,
			name);
	(void)grid_text(grid, rect.x, rect.y + 2, rect.width - 1, ROLE_TEXT,
			fmt_ns(ranking.best ? ranking_ns(&ranking, ranking.best) : (double)NAN,
			       false, text));
}

void matrix_draw_winners(struct grid *grid, struct rect rect, const struct model *model,
			 const struct ui *ui)
{
	const struct array_type *selected = ui_type(ui, model);
	struct row_types types;
	int width;

	rows_types(model, &types);
	(void)rect_cut_left(&rect, 2);
	width = types.count ? rect.width / (int)types.count : 0;
	width = clamp_int(width, 13, 26);
	for (size_t i = 0; i < types.count && rect.width >= 13; i++)
		draw_winner(grid, rect_cut_left(&rect, width), model, types.types[i],
			    selected && array_type_equal(selected, types.types[i]));
}
