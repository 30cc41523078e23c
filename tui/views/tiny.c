/* SPDX-License-Identifier: MIT */
/* Every screen as one line of progress and a list, for windows of a few cells. */
#include "tui/views/tiny.h"

#include <math.h>
#include <stdio.h>

#include "transports/unused.h"
#include "tui/ui/layout.h"
#include "tui/views/cells.h"
#include "tui/views/setup_parts.h"
#include "tui/views/view.h"

#define TEXTS 3 /* of a line, the longest first */
#define TEXT_BYTES (TRANSPORT_NAME_BYTES + FMT_BYTES)

/* Draws the first text that fits whole. */
static void draw_longest(struct grid *grid, struct rect line, char texts[TEXTS][TEXT_BYTES])
{
	int i = 0;

	while (i + 1 < TEXTS && glyph_text_width(grid->glyphs, texts[i]) > line.width)
		i++;
	(void)grid_text(grid, line.x, line.y, line.width, ROLE_STRONG, texts[i]);
}

/* "4.2 MB  24 cells, 00:34": the cursor's shape, then what is chosen. */
static void draw_choice(struct grid *grid, struct rect line, const struct picker *picker)
{
	struct picker_total total = picker_total(picker);
	char texts[TEXTS][TEXT_BYTES];
	char time[FMT_BYTES];
	char bytes[FMT_BYTES] = "";

	if (picker->column >= 0 && (size_t)picker->column < picker->type_count)
		fmt_payload(array_type_bytes(&picker->types[picker->column]),
			    bytes);
	fmt_clock(total.estimate_ns, time);
	(void)snprintf(texts[0], TEXT_BYTES, "%s%s%zu cells, %s", bytes, bytes[0] ? "  " : "",
		       total.cells, time);
	(void)snprintf(texts[1], TEXT_BYTES, "%s %s", bytes, time);
	(void)snprintf(texts[2], TEXT_BYTES, "%s", time);
	draw_longest(grid, line, texts);
}

/* "12/24 36% 02:41", shorter down to the percentage. */
static void draw_progress(struct grid *grid, struct rect line, const struct model *model)
{
	const char *paused = model->paused ? "‖ " : "";
	char texts[TEXTS][TEXT_BYTES];
	char time[FMT_BYTES];

	fmt_clock(model->running ? model->left_ns : (double)model->elapsed_ns, time);
	(void)snprintf(texts[0], TEXT_BYTES, "%s%zu/%zu %.0f%% %s", paused, model->finals,
		       model->cell_count, 100 * model->progress, time);
	(void)snprintf(texts[1], TEXT_BYTES, "%s%.0f%% %s", paused, 100 * model->progress, time);
	(void)snprintf(texts[2], TEXT_BYTES, "%.0f%%", 100 * model->progress);
	draw_longest(grid, line, texts);
}

static void list_setup(struct grid *grid, struct rect rect, const struct model *model UNUSED,
		       const struct ui *ui)
{
	const struct picker *picker = &ui->picker;
	int transports = (int)picker->transport_count;
	int count = transports + OPTION_COUNT;
	int first = layout_scroll(picker->row, count, rect.height);

	for (int i = 0; i < rect.height && first + i < count; i++) {
		int row = first + i;
		int y = rect.y + i;
		char text[TEXT_BYTES];

		view_focus(grid, rect.x, y, row == picker->row);
		if (row < transports) {
			setup_draw_box(grid, rect.x + 1, y, picker, row, picker->column);
			(void)grid_text(grid, rect.x + 3, y, rect.width - 3, ROLE_TEXT,
					transport_format(&picker->transports[row], text));
			continue;
		}
		picker_option_value(picker, (enum picker_option)(row - transports), text,
				    sizeof(text));
		(void)grid_printf(grid, rect.x + 1, y, rect.width - 1, ROLE_TEXT, "%s %s",
				  picker_option_name((enum picker_option)(row - transports)), text);
	}
	view_scroll_marks(grid, rect, first, count);
}

#define FIGURE_WIDTH 6

/* "✓ 728µs http+shm"; over all shapes there is no one figure, only the order. */
static void draw_cell(struct grid *grid, struct rect line, const struct model *model,
		      const struct cell *cell, bool figure)
{
	struct state_look look = cell_look(model, cell);
	char name[TRANSPORT_NAME_BYTES];
	char text[FMT_BYTES];

	grid_put(grid, line.x, line.y, look.glyph, look.role);
	(void)rect_cut_left(&line, 2);
	if (figure && cell_has_figures(cell)) {
		(void)grid_text_right(grid, line.x, line.y, FIGURE_WIDTH, ROLE_STRONG,
				      fmt_ns(cell->summary.p50_ns, false, text));
		(void)rect_cut_left(&line, FIGURE_WIDTH + 1);
	}
	(void)grid_text(grid, line.x, line.y, line.width, ROLE_TEXT,
			transport_format(&cell->plan->transport, name));
}

static void list_cells(struct grid *grid, struct rect rect, const struct model *model,
		       const struct ui *ui)
{
	struct rows rows;
	int selected, first;

	ui_rows(ui, model, &rows);
	selected = ui_selected_row(ui, model, &rows);
	first = layout_scroll(selected, (int)rows.count, rect.height);
	for (int i = 0; i < rect.height && first + i < (int)rows.count; i++) {
		struct rect line = {rect.x, rect.y + i, rect.width, 1};

		draw_cell(grid, line, model, &model->cells[rows.cells[first + i]],
			  ui_type(ui, model));
		if (first + i == selected && rect.height > 1)
			grid_select(grid, line);
	}
}

static void list_figures(struct grid *grid, struct rect rect, const struct model *model,
			 const struct ui *ui)
{
	const struct cell *cell = ui_cell(ui, model);
	struct rect line = rect_cut_top(&rect, 1);
	char words[CELLS_TEXT_BYTES];
	char text[FMT_BYTES];

	if (!cell)
		return;
	draw_cell(grid, line, model, cell, true);
	if (!cell_has_figures(cell)) {
		(void)grid_paragraph(grid, rect, ROLE_DIM, cell_words(cell, words));
		return;
	}
	for (int i = 0; i < CELL_FIGURES && i < rect.height; i++) {
		(void)grid_text(grid, rect.x, rect.y + i, 6, ROLE_DIM, cell_figures[i].name);
		(void)grid_text(grid, rect.x + 6, rect.y + i, rect.width - 6, ROLE_TEXT,
				cell_figure_text(cell, &cell_figures[i], text));
	}
}

void tiny_draw(struct grid *grid, struct rect rect, const struct model *model, const struct ui *ui)
{
	static void (*const lists[SCREEN_COUNT])(struct grid * grid, struct rect rect,
						 const struct model *model, const struct ui *ui) = {
		[SCREEN_SETUP] = list_setup,
		[SCREEN_LIVE] = list_cells,
		[SCREEN_COMPARE] = list_cells,
		[SCREEN_DETAIL] = list_figures,
	};
	struct rect line = rect_cut_top(&rect, 1);

	if (ui->screen == SCREEN_SETUP)
		draw_choice(grid, line, &ui->picker);
	else if (model->cell_count == 0)
		(void)grid_text(grid, line.x, line.y, line.width, ROLE_TEXT, "? help");
	else
		draw_progress(grid, line, model);
	lists[ui->screen](grid, rect, model, ui);
}
