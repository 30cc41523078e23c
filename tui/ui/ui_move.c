/* SPDX-License-Identifier: MIT */
/* Moving the cursor by rows, columns and shapes; the plot's cursor and window. */
#include "tui/ui/ui_move.h"

#include "bench/report/rows.h"
#include "transports/unused.h"
#include "tui/draw/clamp.h"

static int page_lines(const struct ui *ui)
{
	return ui->rows > 12 ? ui->rows - 10 : 2;
}

int move_lines(const struct ui *ui, enum action action)
{
	switch (action) {
	case ACTION_UP:
	case ACTION_HELP_UP:
		return -1;
	case ACTION_DOWN:
	case ACTION_HELP_DOWN:
		return 1;
	case ACTION_PAGE_UP:
	case ACTION_HELP_PAGE_UP:
		return -page_lines(ui);
	case ACTION_PAGE_DOWN:
	case ACTION_HELP_PAGE_DOWN:
		return page_lines(ui);
	case ACTION_HALF_UP:
		return -(page_lines(ui) + 1) / 2;
	case ACTION_HALF_DOWN:
		return (page_lines(ui) + 1) / 2;
	case ACTION_FIRST:
	case ACTION_HELP_FIRST:
		return -10000;
	default:
		return 10000;
	}
}

void move_to_row(struct ui *ui, const struct model *model, int row)
{
	struct rows rows;

	ui_rows(ui, model, &rows);
	if (rows.count == 0)
		return;
	ui->cell = rows.cells[clamp_int(row, 0, (int)rows.count - 1)];
	ui->follow = false;
}

struct command act_move(struct ui *ui, const struct model *model, enum action action)
{
	struct picker *picker = &ui->picker;
	int lines = move_lines(ui, action);
	struct rows rows;

	if (ui->screen == SCREEN_SETUP) {
		picker->row = clamp_int(picker->row + lines, -1,
					(int)picker->transport_count + OPTION_COUNT - 1);
	} else if (ui->screen == SCREEN_DETAIL && ui->log) {
		ui->scroll = clamp_int(ui->scroll + lines, 0, CELL_LOG_BYTES);
	} else {
		ui_rows(ui, model, &rows);
		move_to_row(ui, model, ui_selected_row(ui, model, &rows) + lines);
	}
	return NO_COMMAND;
}

/* Selects the same transport in another shape, or that shape's first cell. */
static void select_shape(struct ui *ui, const struct model *model, size_t index)
{
	const struct cell *cell = ui_cell(ui, model);
	struct rows rows;
	struct row_types types;

	rows_types(model, &types);
	ui->type = index;
	ui->follow = false;
	if (index >= types.count || !cell)
		return;
	cell = rows_cell(model, &cell->plan->transport, types.types[index]);
	rows_of_type(model, types.types[index], SORT_PLAN, false, &rows);
	ui->cell = cell ? (size_t)(cell - model->cells) : rows.cells[0];
}

struct command act_shape(struct ui *ui, const struct model *model, enum action action)
{
	struct row_types types;
	size_t count;

	rows_types(model, &types);
	/* Compare has one tab more, for all types. */
	count = types.count + (ui->screen == SCREEN_COMPARE);
	if (action == ACTION_SHAPE_NEXT || action == ACTION_RIGHT)
		select_shape(ui, model, (ui->type + 1) % count);
	else
		select_shape(ui, model, (ui->type + count - 1) % count);
	return NO_COMMAND;
}

/* Moves the plot's cursor by about one column of the histogram. */
static void move_plot_cursor(struct ui *ui, int direction)
{
	struct zoom *zoom = &ui->zoom;
	double step = (zoom->right - zoom->left) / (ui->columns > 24 ? ui->columns - 14 : 10);

	zoom->cursor = clamp_double(zoom->cursor + direction * step, zoom->left, zoom->right);
}

struct command act_sideways(struct ui *ui, const struct model *model, enum action action)
{
	struct picker *picker = &ui->picker;
	int direction = action == ACTION_RIGHT ? 1 : -1;
	enum picker_option option = picker_option_at(picker);

	if (ui->screen == SCREEN_DETAIL)
		move_plot_cursor(ui, direction);
	else if (ui->screen != SCREEN_SETUP)
		return model->cell_count ? act_shape(ui, model, action) : NO_COMMAND;
	else if (option != OPTION_COUNT)
		picker_option_step(picker, option, direction);
	else
		picker->column =
			clamp_int(picker->column + direction, -1, (int)picker->type_count - 1);
	return NO_COMMAND;
}

#define ZOOM_LEAST (1.0 / 256) /* the smallest share of the axis that is shown */

/* Zooms around the cursor, which keeps its place in the window if it can. */
static void zoom_by(struct zoom *zoom, double factor)
{
	double width = zoom->right - zoom->left;
	double place = (zoom->cursor - zoom->left) / width;

	width = clamp_double(width * factor, ZOOM_LEAST, 1);
	zoom->left = clamp_double(zoom->cursor - place * width, 0, 1 - width);
	zoom->right = zoom->left + width;
}

struct command act_zoom(struct ui *ui, const struct model *model UNUSED, enum action action)
{
	if (action == ACTION_ZOOM_FIT)
		ui->zoom = (struct zoom){0, 1, ui->zoom.cursor};
	else
		zoom_by(&ui->zoom, action == ACTION_ZOOM_IN ? 0.5 : 2);
	return NO_COMMAND;
}
