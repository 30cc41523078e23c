/* SPDX-License-Identifier: MIT */
/* Screen 2: the race as it runs. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/report/says.h"
#include "tui/draw/clamp.h"
#include "tui/ui/layout.h"
#include "tui/views/cells.h"
#include "tui/views/duel.h"
#include "tui/views/live_parts.h"
#include "tui/views/table.h"
#include "tui/views/view.h"

static const struct column *const live_columns[] = {
	&column_strip, &column_spread,      &column_trend,    &column_median, &column_tail,
	&column_rate,  &column_versus_wide, &column_verified, &column_cpu,    NULL,
};

static const struct column *const normal_columns[] = {
	&column_strip, &column_spread, &column_trend,  &column_median,
	&column_tail,  &column_rate,   &column_versus, NULL,
};

static void headline(const struct model *model, const struct ui *ui, char *text, size_t size)
{
	const struct cell *cell = ui_cell(ui, model);
	const struct array_type *type = ui_type(ui, model);
	char array[CELLS_TEXT_BYTES];
	char load[CELLS_TEXT_BYTES];
	struct row_types types;

	text[0] = '\0';
	if (!type || !cell)
		return;
	rows_types(model, &types);
	cell_load_text(cell, load);
	if (ui->columns < HEADLINE_WIDE)
		(void)snprintf(text, size, "%zu/%zu %s", rows_type_of(&types, cell) + 1,
			       types.count, fmt_payload(array_type_bytes(type), array));
	else if (model->plan->duel)
		(void)snprintf(text, size, "duel · %s%s",
			       cell_headline_array(type, ui, load, array), load);
	else
		(void)snprintf(text, size, "shape %zu/%zu · %s%s",
			       rows_type_of(&types, cell) + 1, types.count,
			       cell_headline_array(type, ui, load, array), load);
}

static size_t interrupted_count(const struct model *model)
{
	size_t count = 0;

	for (size_t i = 0; i < model->cell_count; i++)
		count += model->cells[i].state == CELL_INTERRUPTED;
	return count;
}

/* How a run that is over has ended, and when. */
static void over_text(const struct model *model, bool wide, const char *elapsed,
		      char text[CELLS_TEXT_BYTES])
{
	size_t interrupted = interrupted_count(model);

	if (model->finals < model->cell_count || interrupted)
		(void)snprintf(text, CELLS_TEXT_BYTES, "stopped after %s", elapsed);
	else
		(void)snprintf(text, CELLS_TEXT_BYTES, "done in %s", elapsed);
	if (interrupted && wide)
		(void)snprintf(text, CELLS_TEXT_BYTES, "stopped after %s, ◂ %zu cut short", elapsed,
			       interrupted);
}

/* "36%  elapsed 01:31  ETA 02:41", shorter unless wide. */
static void progress_text(const struct model *model, bool wide, char text[CELLS_TEXT_BYTES])
{
	char elapsed[FMT_BYTES];
	char left[FMT_BYTES];
	double percent = 100 * clamp_double(model->progress, 0, 1);

	fmt_clock((double)model->elapsed_ns, elapsed);
	fmt_clock(model->left_ns, left);
	if (!model->running)
		over_text(model, wide, elapsed, text);
	else if (wide)
		(void)snprintf(text, CELLS_TEXT_BYTES, "%.0f%%  elapsed %s  %s %s", percent,
			       elapsed, model->paused ? "paused, left" : "ETA", left);
	else
		(void)snprintf(text, CELLS_TEXT_BYTES, "%.0f%%  %s %s", percent,
			       model->paused ? "paused" : "ETA", left);
}

static void draw_progress(struct grid *grid, struct rect line, const struct model *model)
{
	char text[CELLS_TEXT_BYTES];
	int bar;
	int done;

	progress_text(model, line.width >= 78, text);
	bar = line.width - glyph_text_width(grid->glyphs, text) - 4;
	(void)grid_text_right(grid, line.x, line.y, line.width - 1, ROLE_TEXT, text);
	if (bar < 4)
		return;
	done = (int)lround(clamp_double(model->running ? model->progress : 1, 0, 1) * bar);
	grid_hline(grid, line.x + 1, line.y, bar, U'─', ROLE_DIM);
	grid_hline(grid, line.x + 1, line.y, done, U'━', ROLE_ACCENT);
	if (done < bar)
		grid_put(grid, line.x + 1 + done, line.y, U'╸', ROLE_ACCENT);
}

/* Names the plots above their ticks; only wide tables have that line. */
static void draw_plot_names(const struct table *table, int y)
{
	static const struct {
		const struct column *column;
		const char *name;
	} names[] = {
		{&column_strip, "log latency, ┊ memcpy"},
		{&column_spread, "÷ own median"},
		{&column_trend, "each on its own scale"},
	};

	for (size_t i = 0; i < table->place_count; i++)
		for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
			if (table->places[i].column == names[n].column)
				(void)grid_text(table->grid, table->places[i].x, y,
						table->places[i].width, ROLE_DIM, names[n].name);
}

static void draw_legend(struct grid *grid, struct rect lines)
{
	if (lines.height < 1)
		return;
	(void)grid_text(grid, lines.x + 3, lines.y, lines.width - 4, ROLE_DIM,
			"● median   ━ middle half   ─ p1 to p99   ╌ to the maximum ×   "
			"┊ one memcpy   right: ÷ its own median");
	(void)grid_text(grid, lines.x + 3, lines.y + 1, lines.width - 4, ROLE_DIM,
			"✓ every array is compared with the one that was sent; "
			"VS BEST: ~ undecided, = same within 2 %; lower latency is better");
}

static void draw_table(struct grid *grid, const struct layout *layout, const struct model *model,
		       const struct ui *ui, const struct rows *rows)
{
	struct rect part = layout->parts[PART_TABLE];
	struct rect lines = layout_table_rows(SCREEN_LIVE, layout->size, part);
	bool framed = layout_table_framed(SCREEN_LIVE, layout->size);
	struct rect inside = framed ? rect_inside(part) : part;
	struct table table = {
		.grid = grid,
		.model = model,
		.ui = ui,
		.size = layout->size,
		.rows = rows,
		.x = inside.x,
		.width = inside.width - (layout->size >= SIZE_WIDE),
	};
	struct rect legend = {lines.x, lines.y + lines.height, lines.width,
			      inside.y + inside.height - lines.y - lines.height};

	if (framed)
		grid_box(grid, part, "this shape", "lower latency is better");
	table_draw(&table, normal_columns, live_columns, lines);
	if (layout->size == SIZE_WIDE)
		draw_plot_names(&table, part.y);
	draw_legend(grid, legend);
}

#define HISTOGRAM_LEAST 7 /* lines of the part that the histogram keeps */

/* Draws a duel's panel above the histogram, whose lines it takes; if they are few, all of them. */
static void draw_duel(struct live *live)
{
	struct rect *part = &live->layout.parts[PART_HISTOGRAM];
	bool framed = live->layout.size >= SIZE_WIDE;
	int lines = part->height * 3 / 5;

	if (!live->model->plan->duel || part->height < DUEL_LINES_LEAST)
		return;
	if (part->height - lines < HISTOGRAM_LEAST)
		lines = part->height;
	duel_draw(live->grid, rect_cut_top(part, lines), live->model, framed);
}

static void draw(struct grid *grid, struct rect rect, const struct model *model,
		 const struct ui *ui)
{
	struct live live = {.grid = grid, .model = model, .ui = ui, .cell = ui_cell(ui, model)};

	if (model->cell_count == 0) {
		view_draw_nothing(grid, rect, "nothing has run yet", VIEW_HINT_RUN);
		return;
	}
	ui_rows(ui, model, &live.rows);
	live.layout = layout_screen(SCREEN_LIVE, layout_size(grid->columns, grid->rows), rect,
				    (int)live.rows.count);
	draw_duel(&live);
	if (!rect_empty(live.layout.parts[PART_PROGRESS]))
		draw_progress(grid, live.layout.parts[PART_PROGRESS], model);
	if (!rect_empty(live.layout.parts[PART_TABLE]))
		draw_table(grid, &live.layout, model, ui, &live.rows);
	live_draw_parts(&live);
}

const struct view view_live = {
	.id = "live",
	.title = "LIVE",
	.headline = headline,
	.draw = draw,
};
