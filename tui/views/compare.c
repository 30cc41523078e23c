/* SPDX-License-Identifier: MIT */
/* Screen 3: which transport is how fast, for one shape and over all. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/text/text.h"
#include "tui/ui/layout.h"
#include "tui/views/cells.h"
#include "tui/views/duel.h"
#include "tui/views/load.h"
#include "tui/views/matrix.h"
#include "tui/views/table.h"
#include "tui/views/view.h"

struct compare {
	struct grid *grid;
	const struct model *model;
	const struct ui *ui;
	const struct array_type *type; /* NULL: all */
	struct rows rows;
	struct layout layout;
};

static const struct column *const compare_columns[] = {
	&column_strip,  &column_spread, &column_trend,       &column_median,
	&column_read,   &column_p99,    &column_below_p99,   &column_max,
	&column_rate,   &column_copy,   &column_versus_wide, &column_published,
	&column_faster, &column_cpu,    &column_verified,    &column_trust,
	NULL,
};

/* Without a plot: figures are easier to compare. */
static const struct column *const normal_columns[] = {
	&column_median, &column_read, &column_p99,    &column_below_p99,
	&column_rate,   &column_copy, &column_versus, &column_published,
	&column_faster, &column_cpu,  &column_ok,     &column_trust,
	NULL,
};

static void headline(const struct model *model, const struct ui *ui, char *text, size_t size)
{
	const struct array_type *type = ui_type(ui, model);
	char array[CELLS_TEXT_BYTES];
	char load[CELLS_TEXT_BYTES];

	text[0] = '\0';
	if (model->cell_count == 0)
		return;
	if (!type) {
		(void)snprintf(text, size, "all shapes · %s", matrix_unit_name(model, ui->unit));
		return;
	}
	/* The row of a sweep stands for its closed loop. */
	cell_load_text(&model->cells[rows_rival(model, ui->cell)], load);
	if (ui->columns < HEADLINE_WIDE)
		(void)snprintf(text, size, "%s", fmt_payload(array_type_bytes(type), array));
	else
		(void)snprintf(text, size, "%s%s%s", model->plan->duel ? "duel · " : "",
			       cell_headline_array(type, ui, load, array), load);
}

/* Draws a tab, the open one in brackets. Returns where the next begins. */
static int draw_tab(struct grid *grid, struct rect line, int x, const char *text, bool open)
{
	int room = line.x + line.width - x;
	int used;

	grid_put(grid, x, line.y, open ? U'[' : U' ', ROLE_ACCENT);
	used = grid_text(grid, x + 1, line.y, room - 2, open ? ROLE_ACCENT : ROLE_DIM, text);
	grid_put(grid, x + 1 + used, line.y, open ? U']' : U' ', ROLE_ACCENT);
	return x + used + 3;
}

/* The unit of the rates of the type that is shown. */
static const char *rate_unit(const struct compare *compare)
{
	return fmt_rate_unit(compare->type ? rows_fastest_rate(compare->model, compare->type) :
					     (double)NAN);
}

static void sorted_text(const struct compare *compare, char text[CELLS_TEXT_BYTES])
{
	const struct ui *ui = compare->ui;
	int used = snprintf(text, CELLS_TEXT_BYTES, "by %s%s", sort_names[ui->sort],
			    ui->sort == SORT_PLAN ? "" :
			    ui->sort_inverted     ? " ▼" :
						    " ▲");

	if (ui->columns >= 100)
		(void)snprintf(text + used, CELLS_TEXT_BYTES - (size_t)used,
			       " · lower latency is better, more %s is better", rate_unit(compare));
}

/* "memcpy 9.51 GB/s  read 14.2 GB/s  fault 251ns ...": what is known and fits. */
static void floors_text(const struct compare *compare, int columns, char text[CELLS_TEXT_BYTES])
{
	const struct floor_facts *floors = &compare->model->floors;
	size_t bytes = compare->type ? array_type_bytes(compare->type) : 0;
	struct floor_row row = floor_facts_row(floors, bytes);
	const struct {
		const char *name;
		double ns;
		bool is_rate; /* of the payload */
	} items[] = {
		{"memcpy", row.memcpy_ns, true},  {"read", row.read_ns, true},
		{"fault", row.fault_ns, false},   {"wake-up", floors->wakeup_ns, false},
		{"line", floors->line_ns, false}, {"clock", floors->clock_ns, false},
	};
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		char figure[FMT_BYTES];
		char item[FMT_BYTES + 16];

		if (!(items[i].ns > 0))
			continue;
		(void)snprintf(item, sizeof(item), "%s%s %s", used ? "  " : "", items[i].name,
			       items[i].is_rate ?
				       fmt_rate((double)bytes / items[i].ns * 1e9, figure) :
				       fmt_ns(items[i].ns, false, figure));
		if ((int)(text_width(text) + text_width(item)) > columns)
			break;
		used += (size_t)snprintf(text + used, CELLS_TEXT_BYTES - used, "%s", item);
	}
}

/* Draws the floors of this shape on the rule below the tabs. */
static void draw_floors(const struct compare *compare, struct rect line)
{
	char text[CELLS_TEXT_BYTES];

	floors_text(compare, line.width - 7, text);
	grid_rule(compare->grid, line.x, line.y, line.width, NULL, text[0] ? text : NULL);
}

static void draw_tabs(const struct compare *compare, struct rect part)
{
	struct grid *grid = compare->grid;
	struct rect line = rect_cut_top(&part, 1);
	struct row_types types;
	char text[CELLS_TEXT_BYTES];
	char bytes[FMT_BYTES];
	int x = line.x;
	int width;

	rows_types(compare->model, &types);
	for (size_t i = 0; i < types.count; i++)
		x = draw_tab(grid, line, x,
			     fmt_payload(array_type_bytes(types.types[i]),
					 bytes),
			     compare->type && array_type_equal(types.types[i], compare->type));
	x = draw_tab(grid, line, x, "all", !compare->type);
	sorted_text(compare, text);
	width = glyph_text_width(grid->glyphs, text);
	if (x + 2 + width < line.x + line.width)
		(void)grid_text_right(grid, line.x, line.y, line.width - 1, ROLE_DIM, text);
	if (part.height > 0)
		draw_floors(compare, part);
}

static void draw_legend(const struct compare *compare, struct rect part, struct rect lines)
{
	bool pull = compare->model->plan->options.direction == DIRECTION_PULL;
	const char *read = pull ? "first read included" : "plus each taker's first read";
	char figures[CELLS_TEXT_BYTES];
	int y = lines.y + lines.height;

	if (y >= part.y + part.height)
		return;
	(void)snprintf(figures, sizeof(figures),
		       "WITH READ: %s   ~ undecided   = same within 2 %%   "
		       "MEMCPY, ┊: a warm copy's speed   CPU: of one core",
		       read);
	(void)grid_printf(compare->grid, part.x + 3, y, part.width - 4, ROLE_DIM, "%s%s",
			  compare->type ? figures : "m shows times, ratios or throughput",
			  compare->type && compare->layout.size >= SIZE_HUGE ?
				  "   TRUST: why is in the detail" :
				  "");
}

static void draw_table(const struct compare *compare, struct rect part)
{
	enum size_class size = compare->layout.size;
	struct rect lines = layout_table_rows(SCREEN_COMPARE, size, part);
	struct table table = {
		.grid = compare->grid,
		.model = compare->model,
		.ui = compare->ui,
		.size = size,
		.rows = &compare->rows,
		.x = part.x,
		.width = part.width - (size >= SIZE_WIDE),
	};

	draw_legend(compare, part, lines);
	if (!compare->type) {
		struct rect rect = {part.x, lines.y - 1, part.width, lines.height + 1};

		matrix_draw(compare->grid, rect, compare->model, compare->ui, &compare->rows,
			    compare->ui->unit);
		return;
	}
	table_draw(&table, normal_columns, compare_columns, lines);
}

/* Draws all shapes at once; in another unit if the table above shows them, too. */
static void draw_matrix(const struct compare *compare, struct rect part)
{
	enum unit unit = compare->ui->unit;
	struct rect inside = rect_inside(part);
	char title[CELLS_TEXT_BYTES];
	struct rows rows;

	if (compare->layout.size < SIZE_WIDE) {
		grid_rule(compare->grid, part.x, part.y, part.width, "fastest per shape", NULL);
		(void)rect_cut_top(&part, 1);
		matrix_draw_winners(compare->grid, part, compare->model, compare->ui);
		return;
	}
	if (!compare->type)
		unit = (enum unit)((unit + 1) % UNITS);
	(void)snprintf(title, sizeof(title), "all shapes · %s",
		       matrix_unit_name(compare->model, unit));
	grid_box(compare->grid, part, title, "background: fastest of its column … slowest");
	rows_of_type(compare->model, NULL, compare->ui->sort, compare->ui->sort_inverted, &rows);
	matrix_draw(compare->grid, inside, compare->model, compare->ui, &rows, unit);
}

static void draw_says(const struct compare *compare, struct rect part)
{
	struct rect inside = rect_inside(part);
	char text[CELLS_TEXT_BYTES];
	const char *more = cells_more_text(compare->model, compare->ui, text);

	more = *more ? more : NULL;
	if (compare->layout.size < SIZE_WIDE) {
		grid_rule(compare->grid, part.x, part.y, part.width, "what this says", more);
		inside = part;
		(void)rect_cut_top(&inside, 1);
	} else {
		grid_box(compare->grid, part, "what this says", more);
	}
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	cells_draw_says(compare->grid, inside, compare->model, compare->type);
}

#define LINES_MAX 26

/* What the scaling plot borrows. */
struct scaling {
	size_t line_count, size_count;
	struct plot_line lines[LINES_MAX];
	double values[LINES_MAX][ROW_TYPES_MAX];
	double sizes[ROW_TYPES_MAX];
	char labels[ROW_TYPES_MAX][FMT_BYTES];
	const char *label_pointers[ROW_TYPES_MAX];
	char names[LINES_MAX * (TRANSPORT_NAME_BYTES + 4)];
};

static void scaling_add(const struct compare *compare, const struct row_types *types,
			const struct cell *row, struct scaling *scaling)
{
	size_t index = scaling->line_count++;
	const struct cell *selected = ui_cell(compare->ui, compare->model);
	const struct transport *transport = &row->plan->transport;
	bool focused = selected && selected->plan->transport.carrier == transport->carrier &&
		       selected->plan->transport.encoding == transport->encoding;
	char name[TRANSPORT_NAME_BYTES];
	size_t used = strlen(scaling->names);

	for (size_t s = 0; s < types->count; s++) {
		const struct cell *cell = rows_cell(compare->model, transport, types->types[s]);

		scaling->values[index][s] = cell && cell_is_ranked(cell) ? cell->summary.p50_ns :
									   (double)NAN;
	}
	scaling->lines[index] = (struct plot_line){
		.letter = (char)('a' + index),
		.role = focused ? ROLE_MARK : ROLE_PLOT,
		.values_ns = scaling->values[index],
	};
	(void)snprintf(scaling->names + used, sizeof(scaling->names) - used, "%s%c\u00a0%s",
		       used ? "  " : "", 'a' + (int)index, transport_format(transport, name));
}

static void scaling_fill(const struct compare *compare, struct scaling *scaling)
{
	struct row_types types;
	struct rows rows;

	rows_types(compare->model, &types);
	rows_of_type(compare->model, NULL, SORT_PLAN, false, &rows);
	scaling->line_count = 0;
	scaling->size_count = types.count;
	scaling->names[0] = '\0';
	for (size_t i = 0; i < rows.count && i < LINES_MAX; i++)
		scaling_add(compare, &types, &compare->model->cells[rows.cells[i]], scaling);
	for (size_t s = 0; s < types.count; s++) {
		size_t bytes = array_type_bytes(types.types[s]);

		scaling->sizes[s] = (double)bytes;
		scaling->label_pointers[s] = fmt_payload(bytes, scaling->labels[s]);
	}
}

static void draw_scaling(const struct compare *compare, struct rect part)
{
	struct rect inside = rect_inside(part);
	struct scaling scaling;
	struct rect legend;
	int height;

	scaling_fill(compare, &scaling);
	grid_box(compare->grid, part, "size scaling", "median, log-log");
	(void)rect_cut_right(&inside, 1);
	height = inside.height > 9 ? 3 : inside.height > 6 ? 2 : 0;
	legend = rect_cut_bottom(&inside, height);
	(void)rect_cut_left(&legend, 1);
	(void)grid_paragraph(compare->grid, legend, ROLE_DIM, scaling.names);
	plot_scaling(compare->grid, inside, scaling.lines, scaling.line_count, scaling.sizes,
		     scaling.label_pointers, scaling.size_count);
}

/* What the matrix, the sentences and the scaling plot take together. */
static struct rect below_table(const struct rect *parts)
{
	struct rect all = parts[PART_SAYS];

	if (!rect_empty(parts[PART_SCALING]))
		all.width += parts[PART_SCALING].width;
	all.y -= parts[PART_MATRIX].height;
	all.height += parts[PART_MATRIX].height;
	return all;
}

/* Draws the panel of a duel, or of the selected sweep, in place of parts that say less. */
static void draw_panel(struct compare *compare)
{
	const struct model *model = compare->model;
	struct rect *parts = compare->layout.parts;
	bool framed = compare->layout.size >= SIZE_WIDE;
	struct rect *place = &parts[framed ? PART_SCALING : PART_SAYS];

	if (model->plan->duel) {
		/* Of one shape and two rows no other part says more, and none may contradict it. */
		duel_draw(compare->grid, below_table(parts), model, framed);
		parts[PART_MATRIX].height = parts[PART_SAYS].height = 0;
		parts[PART_SCALING].height = 0;
	} else if (!rect_empty(*place) && compare->type &&
		   load_is_swept(model, compare->ui->cell)) {
		load_draw(compare->grid, *place, model, compare->ui->cell, framed);
		place->height = 0;
	}
}

static void draw(struct grid *grid, struct rect rect, const struct model *model,
		 const struct ui *ui)
{
	static const struct {
		enum part part;
		void (*draw)(const struct compare *compare, struct rect part);
	} parts[] = {
		{PART_PROGRESS, draw_tabs},   {PART_TABLE, draw_table},
		{PART_MATRIX, draw_matrix},   {PART_SAYS, draw_says},
		{PART_SCALING, draw_scaling},
	};
	struct compare compare = {
		.grid = grid,
		.model = model,
		.ui = ui,
		.type = ui_type(ui, model),
	};

	if (model->cell_count == 0) {
		view_draw_nothing(grid, rect, "nothing has run yet, so there is nothing to compare",
				  VIEW_HINT_RUN);
		return;
	}
	ui_rows(ui, model, &compare.rows);
	compare.layout = layout_screen(SCREEN_COMPARE, layout_size(grid->columns, grid->rows), rect,
				       (int)compare.rows.count);
	draw_panel(&compare);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (!rect_empty(compare.layout.parts[parts[i].part]))
			parts[i].draw(&compare, compare.layout.parts[parts[i].part]);
}

const struct view view_compare = {
	.id = "compare",
	.title = "COMPARE",
	.headline = headline,
	.draw = draw,
};
