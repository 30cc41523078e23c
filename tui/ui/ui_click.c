/* SPDX-License-Identifier: MIT */
/* Clicks: finds what was clicked. */
#include "tui/ui/ui_click.h"

#include "bench/report/rows.h"
#include "tui/ui/layout.h"
#include "tui/ui/ui_actions.h"
#include "tui/ui/ui_move.h"

/* The number of the table's row at x, y, or -1. */
static int row_at(const struct ui *ui, int x, int y, int count, int selected)
{
	struct frame_layout frame = layout_frame(ui->columns, ui->rows);
	struct layout layout = layout_screen(ui->screen, frame.size, frame.body, count);
	struct rect lines = layout_table_rows(ui->screen, frame.size, layout.parts[PART_TABLE]);
	int row = y - lines.y + layout_scroll(selected, count, lines.height);

	return rect_has(lines, x, y) && row < count ? row : -1;
}

/* The number of the option at x, y, or -1. */
static int option_at(const struct ui *ui, int x, int y)
{
	struct frame_layout frame = layout_frame(ui->columns, ui->rows);
	int count = (int)ui->picker.transport_count;
	struct layout layout = layout_screen(SCREEN_SETUP, frame.size, frame.body, count);
	struct rect part = layout.parts[PART_OPTIONS];
	struct rect lines;
	int option;

	/* Without room for both, the options take the table's place. */
	if (frame.size == SIZE_SMALL && picker_option_at(&ui->picker) != OPTION_COUNT)
		part = layout.parts[PART_TABLE];
	lines = layout_option_lines(frame.size, part, OPTION_COUNT);
	option = y - lines.y + layout_scroll(ui->picker.row - count, OPTION_COUNT, lines.height);
	return rect_has(lines, x, y) && option < OPTION_COUNT ? option : -1;
}

static struct command click_setup(struct ui *ui, int x, int y)
{
	struct picker *picker = &ui->picker;
	int count = (int)picker->transport_count;
	bool small = layout_size(ui->columns, ui->rows) == SIZE_SMALL;
	int option = option_at(ui, x, y);
	int row = option >= 0 ? count + option : -1;

	if (row < 0 && !(small && picker_option_at(picker) != OPTION_COUNT))
		row = row_at(ui, x, y, count, picker->row < count ? picker->row : count - 1);
	if (row >= 0)
		picker->row = row;
	return NO_COMMAND;
}

struct command ui_click(struct ui *ui, const struct model *model, const struct event *event)
{
	struct rows rows;
	int selected;
	int row;

	if (!(ui_context(ui) & (IN_SETUP | IN_TABLES)))
		return NO_COMMAND;
	if (ui->screen == SCREEN_SETUP)
		return click_setup(ui, event->x, event->y);
	ui_rows(ui, model, &rows);
	selected = ui_selected_row(ui, model, &rows);
	row = row_at(ui, event->x, event->y, (int)rows.count, selected);
	if (row < 0)
		return NO_COMMAND;
	/* A second click on the same row opens it. */
	if (row == selected)
		return ui_act(ui, model, ACTION_OPEN);
	move_to_row(ui, model, row);
	return NO_COMMAND;
}
