/* SPDX-License-Identifier: MIT */
/* What several screens show of a cell. */
#include "tui/views/cells.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/model/cell.h"
#include "bench/report/says.h"
#include "bench/text/text.h"
#include "tui/draw/clamp.h"
#include "tui/ui/ui_needs.h"

bool cell_has_figures(const struct cell *cell)
{
	return cell->latency && cell->latency->count > 0 && cell->state != CELL_FAILED &&
	       cell->state != CELL_WRONG && cell->state != CELL_SKIPPED;
}

bool cell_is_ranked(const struct cell *cell)
{
	return cell->state == CELL_DONE && cell->summary.p50_ns > 0;
}

struct state_look cell_look(const struct model *model, const struct cell *cell)
{
	char why[SAYS_BYTES];

	if (cell->state == CELL_DONE && says_unsteady(cell, why))
		return (struct state_look){U'!', ROLE_WARN};
	return view_state(model, cell);
}

static char *words_queued(const struct cell *cell, char text[CELLS_TEXT_BYTES])
{
	char about[FMT_BYTES];

	if (cell->estimate_ns > 0)
		(void)snprintf(text, CELLS_TEXT_BYTES, "queued, takes about %s",
			       fmt_ns(cell->estimate_ns, false, about));
	else
		(void)snprintf(text, CELLS_TEXT_BYTES, "queued");
	return text;
}

static char *words_warming(const struct cell *cell, char text[CELLS_TEXT_BYTES])
{
	(void)snprintf(text, CELLS_TEXT_BYTES, "warming up, %" PRIu64 " exchange%s done",
		       cell->warmed, cell->warmed == 1 ? "" : "s");
	return text;
}

char *cell_words(const struct cell *cell, char text[CELLS_TEXT_BYTES])
{
	if (cell->reason[0] && cell_state_final(cell->state))
		return text_clean(text, CELLS_TEXT_BYTES, cell->reason);
	if (cell->state == CELL_QUEUED)
		return words_queued(cell, text);
	if (cell->state == CELL_WARMING)
		return words_warming(cell, text);
	(void)snprintf(text, CELLS_TEXT_BYTES, "%s",
		       cell->state == CELL_STARTING ? "starting its two processes" :
						      cell_state_names[cell->state]);
	return text;
}

char *cell_progress(const struct cell *cell, char text[CELLS_TEXT_BYTES])
{
	uint64_t blocks = cell_blocks_asked(cell);
	uint64_t samples = cell->latency ? cell->latency->count : 0;
	uint64_t block = cell->blocks_done + 1;

	if (cell_state_final(cell->state))
		(void)snprintf(text, CELLS_TEXT_BYTES, "%s%" PRIu64 " sample%s · %zu block%s",
			       cell->state == CELL_INTERRUPTED ? "interrupted · " : "", samples,
			       samples == 1 ? "" : "s", cell->blocks_done,
			       cell->blocks_done == 1 ? "" : "s");
	else if (cell->state == CELL_QUEUED || blocks == 0)
		(void)snprintf(text, CELLS_TEXT_BYTES, "%s", cell_state_names[cell->state]);
	else if (cell->plan->samples == PLAN_SAMPLES_ANY || cell->blocks_asked)
		(void)snprintf(text, CELLS_TEXT_BYTES, "%" PRIu64 " samples · block %" PRIu64,
			       samples, block);
	else
		(void)snprintf(text, CELLS_TEXT_BYTES,
			       "%" PRIu64 "/%" PRIu64 " · block %" PRIu64 "/%" PRIu64, samples,
			       cell->plan->samples, block < blocks ? block : blocks, blocks);
	return text;
}

char *cells_more_cost(const struct ranking_more *more, char text[FMT_BYTES])
{
	(void)snprintf(text, FMT_BYTES, "%.0fs", fmax(1, ceil(more->ns / 1e9)));
	return text;
}

char *cells_more_text(const struct model *model, const struct ui *ui, char text[CELLS_TEXT_BYTES])
{
	uint32_t key = ui->keymap.keys[ACTION_MORE][0];
	struct ranking_more more;
	char name[KEY_NAME_BYTES];
	char cost[FMT_BYTES];

	text[0] = '\0';
	if (key && ui_works(ui, model, ACTION_MORE) && ui_more(model, ui->cell, &more))
		(void)snprintf(text, CELLS_TEXT_BYTES,
			       "%s measures %zu more blocks of %zu cells, about %s",
			       key_format(key, name), more.rounds, more.rows.count,
			       cells_more_cost(&more, cost));
	return text;
}

double cell_share(const struct model *model, const struct cell *cell)
{
	double samples = cell->latency ? (double)cell->latency->count : 0;
	double by_samples = samples / fmax((double)cell->plan->samples, 1);
	double by_time =
		(double)cell->measured_ns / fmax((double)model->plan->options.budget_ns, 1);

	if (cell_state_final(cell->state))
		return 1;
	return clamp_double(fmax(by_samples, by_time), 0.02, 1);
}

char *cell_array_text(const struct array_type *type, char text[CELLS_TEXT_BYTES])
{
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	char bytes[FMT_BYTES];

	(void)snprintf(text, CELLS_TEXT_BYTES, "%.180s %s · %s", shape_format(&type->shape, shape),
		       dtype_table[type->dtype].name, fmt_payload(array_type_bytes(type), bytes));
	return text;
}

char *cell_load_text(const struct cell *cell, char text[CELLS_TEXT_BYTES])
{
	bool many = cell->plan->clients > 1;
	double reached = cell->summary.achieved_rate;
	char number[TEXT_NUMBER_BYTES];
	char asked[TEXT_NUMBER_BYTES];
	size_t used = 0;

	text[0] = '\0';
	if (many)
		used += (size_t)snprintf(text, CELLS_TEXT_BYTES, " · %" PRIu64 " clients",
					 cell->plan->clients);
	if (cell->rate > 0 && reached > 0)
		(void)snprintf(text + used, CELLS_TEXT_BYTES - used, " · %s of %s/s",
			       text_significant(reached, 4, number),
			       text_significant(cell->rate, 4, asked));
	else if (cell->rate > 0)
		(void)snprintf(text + used, CELLS_TEXT_BYTES - used, " · %s/s asked",
			       text_significant(cell->rate, 4, asked));
	else if (many && reached > 0)
		(void)snprintf(text + used, CELLS_TEXT_BYTES - used, " · %s/s",
			       text_significant(reached, 4, number));
	return text;
}

#define HEADLINE_ARRAY 100 /* columns from which on there is room for both */

char *cell_headline_array(const struct array_type *type, const struct ui *ui, const char *load,
			  char text[CELLS_TEXT_BYTES])
{
	if (ui->columns < HEADLINE_ARRAY && load[0])
		return fmt_payload(array_type_bytes(type), text);
	return cell_array_text(type, text);
}

#define AT(member) offsetof(struct summary, member)

const struct cell_figure cell_figures[CELL_FIGURES] = {
	[FIGURE_MIN] = {"min", AT(min_ns), 1},         [FIGURE_P50] = {"p50", AT(p50_ns), 1},
	[FIGURE_P90] = {"p90", AT(p90_ns), 100},       [FIGURE_P99] = {"p99", AT(p99_ns), 1000},
	[FIGURE_P999] = {"p99.9", AT(p999_ns), 10000}, [FIGURE_MAX] = {"max", AT(max_ns), 1},
};

double cell_figure_ns(const struct cell *cell, const struct cell_figure *figure)
{
	double ns;

	memcpy(&ns, (const char *)&cell->summary + figure->offset, sizeof(ns));
	return ns;
}

char *cell_figure_text(const struct cell *cell, const struct cell_figure *figure,
		       char text[FMT_BYTES])
{
	double ns = cell_figure_ns(cell, figure);
	bool few = cell->latency && (double)cell->latency->count < figure->samples_least;

	if (isnan(ns) && few)
		(void)snprintf(text, FMT_BYTES, "n<%.0f", figure->samples_least);
	else
		fmt_ns(ns, false, text);
	return text;
}

double cell_memcpy_ns(const struct cell *cell)
{
	return cell->summary.p50_ns / cell->summary.memcpy_ratio;
}

struct axis cell_axis(const struct cell *cell, const struct ui *ui, int cells)
{
	static const double ends[] = {0.1, 100};
	double values[2];

	plot_quantiles(cell->latency, ends, 2, values);
	return axis_fit(plot_floor_low(values[0], cell_memcpy_ns(cell)), values[1], cells,
			ui->axis_linear);
}

void cell_draw_histogram(struct grid *grid, struct rect rect, const struct cell *cell,
			 const struct ui *ui, const struct zoom *zoom)
{
	static const int ranks[CELL_FIGURES] = {
		[FIGURE_P50] = 0,  [FIGURE_P90] = 3, [FIGURE_P99] = 2,
		[FIGURE_P999] = 4, [FIGURE_MAX] = 1,
	};
	struct plot_mark marks[CELL_FIGURES];
	struct plot_histogram plot = {
		.hist = cell->latency,
		.counts = ui->counts,
		.marks = &marks[FIGURE_P50], /* the smallest needs no mark */
		.mark_count = CELL_FIGURES - FIGURE_P50,
		.cursor_ns = NAN,
		.floor_ns = cell_memcpy_ns(cell),
	};
	struct axis whole;

	if (!cell->latency || cell->latency->count == 0)
		return;
	for (size_t i = 0; i < CELL_FIGURES; i++)
		marks[i] = (struct plot_mark){cell_figure_ns(cell, &cell_figures[i]),
					      cell_figures[i].name, ranks[i]};
	whole = cell_axis(cell, ui, rect.width - PLOT_GUTTER);
	plot.axis = whole;
	if (zoom) {
		plot.axis = axis_window(&whole, zoom->left, zoom->right);
		plot.cursor_ns = axis_value(&whole, zoom->cursor * whole.cells);
	}
	plot_histogram(grid, rect, &plot);
}

void cell_draw_trend(struct grid *grid, struct rect line, const struct model *model,
		     const struct cell *cell)
{
	char text[FMT_BYTES];
	double whole_ns;

	if (!cell->series || cell->series->used == 0 || line.width < 20)
		return;
	whole_ns = (double)cell->series->slice_ns * (double)cell->series->used;
	(void)grid_text(grid, line.x, line.y, 4, ROLE_DIM, "p90");
	plot_trend(grid, line.x + 4, line.y, line.width - 12, cell->series, 90,
		   cell_share(model, cell));
	(void)grid_text_right(grid, line.x + line.width - 7, line.y, 7, ROLE_DIM,
			      fmt_ns(whole_ns, false, text));
}

char *cell_slice_text(const struct cell *cell, char text[CELLS_TEXT_BYTES])
{
	char slice[FMT_BYTES];

	text[0] = '\0';
	if (cell->series && cell->series->slice_ns)
		(void)snprintf(text, CELLS_TEXT_BYTES, "slice %s",
			       fmt_ns((double)cell->series->slice_ns, false, slice));
	return text;
}

void cell_draw_time(struct grid *grid, struct rect rect, const struct model *model,
		    const struct cell *cell)
{
	double share = cell_share(model, cell);
	struct rect trend = {0};
	struct rect legend = {0};

	if (!cell->series || cell->series->used == 0)
		return;
	if (rect.height >= 10)
		legend = rect_cut_bottom(&rect, 1);
	if (rect.height >= 8)
		trend = rect_cut_bottom(&rect, 1);
	plot_heat(grid, rect, cell->series, share);
	if (!rect_empty(trend)) {
		(void)grid_text_right(grid, trend.x, trend.y, PLOT_GUTTER - 2, ROLE_DIM, "p90");
		plot_trend(grid, trend.x + PLOT_GUTTER, trend.y, trend.width - PLOT_GUTTER,
			   cell->series, 90, share);
	}
	(void)grid_text(grid, legend.x + PLOT_GUTTER, legend.y, legend.width - PLOT_GUTTER,
			ROLE_DIM,
			grid->glyphs == GLYPHS_ASCII ? "few .:*# many, by root of count" :
						       "few ░▒▓█ many, by √ of count");
}

bool cells_range(const struct model *model, const struct rows *rows, double *low_ns,
		 double *high_ns)
{
	double floor_ns = INFINITY;

	*low_ns = INFINITY;
	*high_ns = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct cell *cell = &model->cells[rows->cells[i]];

		if (!cell_has_figures(cell))
			continue;
		*low_ns = fmin(*low_ns, (double)cell->latency->min_ns);
		*high_ns = fmax(*high_ns, (double)cell->latency->max_ns);
		floor_ns = fmin(floor_ns, cell_memcpy_ns(cell)); /* passes over NaN */
	}
	*low_ns = plot_floor_low(*low_ns, floor_ns);
	return *high_ns > 0;
}

#define SAYS_MAX 24

/* The lines that text takes at this width, found by drawing it where nothing shows. */
static int paragraph_height(struct grid *grid, struct rect rect, const char *text)
{
	struct rect former = grid_clip(grid, (struct rect){0});
	int height;

	rect.height = 99;
	height = grid_paragraph(grid, rect, ROLE_TEXT, text);
	grid->clip = former;
	return height;
}

/* Draws a sentence, unless it does not fit whole. Returns the lines used. */
static int draw_sentence(struct grid *grid, struct rect rect, const struct says_line *line)
{
	struct rect text = rect;
	enum role role;
	int height;

	(void)rect_cut_left(&text, 2);
	height = paragraph_height(grid, text, line->text);
	if (height > rect.height)
		return 0;
	role = line->warning ? ROLE_WARN : ROLE_TEXT;
	(void)grid_paragraph(grid, text, role, line->text);
	grid_put(grid, rect.x, rect.y, line->warning ? U'!' : U'·', role);
	return height;
}

/*
 * Draws the sentences on a type, or on the run; warnings: those as well. Returns the rest
 * of rect.
 */
static struct rect draw_sentences(struct grid *grid, struct rect rect, const struct model *model,
				  const struct array_type *type, bool warnings)
{
	struct says_line lines[SAYS_MAX];
	size_t count = says_find(model, type, lines, SAYS_MAX);
	bool airy = rect.height >= (int)count * 3;

	for (size_t i = 0; i < count && rect.height > 0; i++) {
		int used = 0;

		if (warnings || !lines[i].warning)
			used = draw_sentence(grid, rect, &lines[i]);
		(void)rect_cut_top(&rect, used ? used + airy : 0);
	}
	return rect;
}

#define RUN_LINES_LEAST 8 /* for sentences on the run, below those on a type */

void cells_draw_says(struct grid *grid, struct rect rect, const struct model *model,
		     const struct array_type *type)
{
	struct rect rest = draw_sentences(grid, rect, model, type, true);

	if (rest.height == rect.height) {
		(void)grid_paragraph(grid, rect, ROLE_DIM,
				     "nothing yet: sentences come when a shape is finished");
		return;
	}
	if (!type || rest.height < RUN_LINES_LEAST)
		return;
	(void)grid_text(grid, rest.x, rest.y, rest.width, ROLE_DIM, "over all shapes:");
	(void)rect_cut_top(&rest, 2);
	(void)draw_sentences(grid, rest, model, NULL, false);
}
