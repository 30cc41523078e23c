/* SPDX-License-Identifier: MIT */
/* The columns of tables of cells. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/model/summary.h"
#include "bench/plan/preset.h"
#include "bench/text/text.h"
#include "transports/unused.h"
#include "tui/views/cells.h"
#include "tui/views/table.h"

/* A median at the right of its column; dim while its row is measured, and so may change. */
static void draw_ns(const struct table *table, const struct cell *cell, int x, int y, int width,
		    double ns, enum role role)
{
	char text[FMT_BYTES];

	(void)grid_text_right(table->grid, x, y, width,
			      cell_state_final(cell->state) ? role : ROLE_DIM,
			      fmt_ns_within(ns, summary_within_ns(&cell->summary), false, text));
}

static void draw_median(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	draw_ns(table, cell, x, y, width, cell->summary.p50_ns,
		cell == table->ranking.best ? ROLE_STRONG : ROLE_TEXT);
}

static void draw_read(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	draw_ns(table, cell, x, y, width, cell->summary.p50_with_read_ns, ROLE_TEXT);
}

static void draw_figure(const struct table *table, const struct cell *cell,
			const struct cell_figure *figure, int x, int y, int width)
{
	char text[FMT_BYTES];
	bool known = !isnan(cell_figure_ns(cell, figure));

	(void)grid_text_right(table->grid, x, y, width, known ? ROLE_TEXT : ROLE_DIM,
			      cell_figure_text(cell, figure, text));
}

static void draw_tail(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	draw_figure(table, cell, table->tail, x, y, width);
}

static void draw_p99(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	draw_figure(table, cell, &cell_figures[FIGURE_P99], x, y, width);
}

static void draw_max(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	draw_figure(table, cell, &cell_figures[FIGURE_MAX], x, y, width);
}

static bool tail_is_max(const struct table *table)
{
	return table->tail == &cell_figures[FIGURE_MAX];
}

static void heading_tail(const struct table *table, int x, int y, int width)
{
	static const char *const names[CELL_FIGURES] = {
		[FIGURE_MIN] = "MIN", [FIGURE_P50] = "P50",    [FIGURE_P90] = "P90",
		[FIGURE_P99] = "P99", [FIGURE_P999] = "P99.9", [FIGURE_MAX] = "MAX",
	};
	const struct ui *ui = table->ui;
	bool sorted = tail_is_max(table) && ui->screen == SCREEN_COMPARE && ui->sort == SORT_MAX;

	(void)grid_printf_right(table->grid, x, y, width, sorted ? ROLE_STRONG : ROLE_DIM, "%s%s",
				names[table->tail - cell_figures],
				!sorted           ? "" :
				ui->sort_inverted ? "▼" :
						    "▲");
}

/* The fastest rate, by which the column has its unit. */
static double fastest_rate(const struct table *table)
{
	const struct cell *best = table->ranking.best;

	return best ? best->summary.throughput_bytes_per_s : (double)NAN;
}

static void heading_rate(const struct table *table, int x, int y, int width)
{
	const struct ui *ui = table->ui;
	bool sorted = ui->screen == SCREEN_COMPARE && ui->sort == SORT_RATE;

	(void)grid_printf_right(table->grid, x, y, width, sorted ? ROLE_STRONG : ROLE_DIM, "%s%s",
				fmt_rate_unit(fastest_rate(table)),
				!sorted           ? "" :
				ui->sort_inverted ? "▼" :
						    "▲");
}

static void draw_rate(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	double rate = cell->summary.throughput_bytes_per_s;
	double fastest = fastest_rate(table);
	char text[FMT_BYTES];

	(void)grid_text_right(table->grid, x, y, width, ROLE_TEXT,
			      fmt_rate_is_far(rate, fastest) ? fmt_rate_short(rate, text) :
							       fmt_rate_in(rate, fastest, text));
}

/* The share of the speed of one warm copy in memory. */
static void draw_copy(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	double percent = 100 / cell->summary.memcpy_ratio;
	char text[TEXT_NUMBER_BYTES];

	if (percent >= 1)
		text_fixed(percent, 0, text);
	else
		text_significant(percent, 1, text);
	(void)grid_printf_right(table->grid, x, y, width, ROLE_TEXT,
				isfinite(percent) ? "%s%%" : "-", text);
}

#define RATIO_WIDTH 6

static void draw_versus(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	struct ratio ratio = ranking_versus_best(&table->ranking, cell);
	bool best = cell == table->ranking.best;
	int bar = width - RATIO_WIDTH - 1;
	char text[FMT_BYTES];
	char figure[FMT_BYTES + 1] = "best";

	if (!best)
		(void)snprintf(figure, sizeof(figure), "%s%s", ranking_mark(&ratio),
			       fmt_ratio(ratio.ratio, false, text));
	plot_bar(table->grid, x, y, bar, plot_ratio_share(ratio.ratio, table->ratio_largest),
		 best ? ROLE_GOOD : ROLE_PLOT);
	(void)grid_text_right(table->grid, x + (bar > 0 ? bar + 1 : 0), y,
			      bar > 0 ? RATIO_WIDTH : width, best ? ROLE_STRONG : ROLE_TEXT,
			      figure);
}

static void heading_versus(const struct table *table, int x, int y, int width)
{
	(void)grid_text_right(table->grid, x, y, width, ROLE_DIM, "VS BEST");
}

static double published_ns(const struct cell *cell)
{
	uint64_t ns = blog_median_ns(&cell->plan->transport, &cell->plan->type);

	return ns ? (double)ns : (double)NAN;
}

/* Whether the published medians may stand beside these. */
static bool wants_published(const struct table *table)
{
	const struct plan_options *options = &table->model->plan->options;

	if (options->direction != DIRECTION_PULL || options->source != SOURCE_FRESH ||
	    options->memory != MEMORY_FRESH)
		return false;
	for (size_t i = 0; i < table->rows->count; i++)
		if (!isnan(published_ns(&table->model->cells[table->rows->cells[i]])))
			return true;
	return false;
}

static void draw_published(const struct table *table, const struct cell *cell, int x, int y,
			   int width)
{
	char text[FMT_BYTES];

	(void)grid_text_right(table->grid, x, y, width, ROLE_BASE,
			      fmt_ns(published_ns(cell), false, text));
}

static void draw_faster(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	char text[FMT_BYTES];

	(void)grid_text_right(table->grid, x, y, width, ROLE_TEXT,
			      fmt_ratio(published_ns(cell) / cell->summary.p50_ns, false, text));
}

/* Both processes, in per cent of one core, while an exchange is under way. */
static void draw_cpu(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	const struct summary *summary = &cell->summary;
	double cpu_ns = summary->ends[END_CLIENT].cpu_ns + summary->ends[END_SERVER].cpu_ns;
	double share = cpu_ns / summary->mean_ns;

	if (isfinite(share))
		(void)grid_printf_right(table->grid, x, y, width, ROLE_TEXT, "%.0f%%", 100 * share);
	else
		(void)grid_text_right(table->grid, x, y, width, ROLE_DIM, "-");
}

static void draw_verified(const struct table *table, const struct cell *cell, int x, int y,
			  int width)
{
	const struct summary *summary = &cell->summary;
	bool all = summary->verified == summary->samples;
	bool short_form = all || width < 11;

	if (!isfinite(summary->verified))
		(void)grid_text_right(table->grid, x, y, width, ROLE_DIM, "-");
	else if (short_form)
		(void)grid_printf_right(table->grid, x, y, width, all ? ROLE_GOOD : ROLE_WARN,
					"%.0f%s%s", summary->verified, width < 8 ? "" : " ",
					all ? "✓" : "!");
	else
		(void)grid_printf_right(table->grid, x, y, width, ROLE_WARN, "%.0f/%.0f",
					summary->verified, summary->samples);
}

/* The letter says it, the colour repeats it. */
static enum role trust_role(char grade)
{
	return grade == 'A' ? ROLE_GOOD :
	       grade == 'B' ? ROLE_TEXT :
	       grade == 'C' ? ROLE_WARN :
	       grade	    ? ROLE_BAD :
			      ROLE_DIM;
}

static void draw_trust(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	const char grade = cell->trust.grade;

	(void)grid_text_right(table->grid, x, y, width, trust_role(grade),
			      (const char[2]){grade ? grade : '-', '\0'});
}

static void draw_strip(const struct table *table, const struct cell *cell, int x, int y,
		       int width UNUSED)
{
	plot_floor(table->grid, x, y, &table->axis, cell_memcpy_ns(cell));
	plot_strip(table->grid, x, y, &table->axis, cell->latency, cell_state_final(cell->state));
}

static void heading_strip(const struct table *table, int x, int y, int width)
{
	if (table->axis.cells > 0)
		plot_tick_labels(table->grid, x, y, &table->axis);
	else
		(void)grid_text(table->grid, x, y, width, ROLE_DIM, "LATENCY");
}

static void draw_spread(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	plot_spread(table->grid, x, y, width, cell->latency);
}

static void heading_spread(const struct table *table, int x, int y, int width)
{
	plot_spread_labels(table->grid, x, y, width);
}

static void draw_trend(const struct table *table, const struct cell *cell, int x, int y, int width)
{
	plot_trend(table->grid, x, y, width, cell->series, 50, cell_share(table->model, cell));
}

static void heading_trend(const struct table *table, int x, int y, int width)
{
	(void)grid_text(table->grid, x, y, width, ROLE_DIM, "MEDIAN OVER TIME");
}

/* Wide screens have room for two plots a row. */
static bool wants_strip(const struct table *table)
{
	return table->size >= SIZE_WIDE || table->ui->plot == PLOT_STRIP;
}

static bool wants_spread(const struct table *table)
{
	return table->ui->plot == PLOT_SPREAD ||
	       (table->size >= SIZE_WIDE && table->ui->plot == PLOT_STRIP &&
		table->ui->screen == SCREEN_LIVE);
}

static bool wants_trend(const struct table *table)
{
	return table->ui->plot == PLOT_TREND;
}

static bool wants_p99(const struct table *table)
{
	if (table->ui->sort == SORT_P99)
		return true;
	for (size_t i = 0; i < table->rows->count; i++)
		if (table->model->cells[table->rows->cells[i]].summary.p99_ns > 0)
			return true;
	return false;
}

static bool wants_below_p99(const struct table *table)
{
	return !wants_p99(table);
}

/* The maximum is shown once: the column in p99's place may have it already. */
static bool wants_max(const struct table *table)
{
	return table->size >= SIZE_WIDE && !(wants_below_p99(table) && tail_is_max(table));
}

const struct column column_strip = {
	.width = 14,
	.leaves = 3,
	.elastic = true,
	.sort = COLUMN_UNSORTED,
	.wanted = wants_strip,
	.heading_draw = heading_strip,
	.draw = draw_strip,
};

const struct column column_spread = {
	.width = 14,
	.leaves = 4,
	.elastic = true,
	.sort = COLUMN_UNSORTED,
	.wanted = wants_spread,
	.heading_draw = heading_spread,
	.draw = draw_spread,
};

const struct column column_trend = {
	.width = 14,
	.leaves = 4,
	.elastic = true,
	.sort = COLUMN_UNSORTED,
	.wanted = wants_trend,
	.heading_draw = heading_trend,
	.draw = draw_trend,
};

const struct column column_median = {
	.heading = "MEDIAN",
	.width = 8,
	.sort = SORT_MEDIAN,
	.draw = draw_median,
};

const struct column column_read = {
	.heading = "WITH READ",
	.width = 10, /* with the mark of sorting */
	.leaves = 5,
	.sort = SORT_WITH_READ,
	.draw = draw_read,
};

const struct column column_tail = {
	.width = 8,
	.leaves = 2,
	.sort = COLUMN_UNSORTED,
	.heading_draw = heading_tail,
	.draw = draw_tail,
};

const struct column column_p99 = {
	.heading = "P99",
	.width = 7,
	.leaves = 2,
	.sort = SORT_P99,
	.wanted = wants_p99,
	.draw = draw_p99,
};

/* In p99's place if no row has enough samples for p99. */
const struct column column_below_p99 = {
	.width = 7,
	.leaves = 2,
	.sort = COLUMN_UNSORTED,
	.wanted = wants_below_p99,
	.heading_draw = heading_tail,
	.draw = draw_tail,
};

const struct column column_max = {
	.heading = "MAX",
	.width = 7,
	.leaves = 11,
	.sort = SORT_MAX,
	.wanted = wants_max,
	.draw = draw_max,
};

const struct column column_rate = {
	.heading_draw = heading_rate,
	.width = 5,
	.leaves = 7,
	.sort = SORT_RATE,
	.draw = draw_rate,
};

const struct column column_copy = {
	.heading = "MEMCPY",
	.width = 6,
	.leaves = 10,
	.sort = COLUMN_UNSORTED,
	.draw = draw_copy,
};

const struct column column_versus = {
	.width = 10,
	.leaves = 1,
	.sort = COLUMN_UNSORTED,
	.heading_draw = heading_versus,
	.draw = draw_versus,
};

/* The same without a bar. */
const struct column column_ratio = {
	.width = 7,
	.leaves = 1,
	.sort = COLUMN_UNSORTED,
	.heading_draw = heading_versus,
	.draw = draw_versus,
};

/* The same with a bar that is worth measuring. */
const struct column column_versus_wide = {
	.width = 14,
	.leaves = 1,
	.sort = COLUMN_UNSORTED,
	.heading_draw = heading_versus,
	.draw = draw_versus,
};

const struct column column_published = {
	.heading = "PUBLISHED",
	.width = 9,
	.leaves = 4,
	.sort = COLUMN_UNSORTED,
	.wanted = wants_published,
	.draw = draw_published,
};

const struct column column_faster = {
	.heading = "× FASTER",
	.width = 8,
	.leaves = 4,
	.sort = COLUMN_UNSORTED,
	.wanted = wants_published,
	.draw = draw_faster,
};

const struct column column_cpu = {
	.heading = "CPU",
	.width = 5,
	.leaves = 9,
	.sort = SORT_CPU,
	.draw = draw_cpu,
};

const struct column column_verified = {
	.heading = "VERIFIED",
	.width = 8,
	.leaves = 8,
	.sort = COLUMN_UNSORTED,
	.draw = draw_verified,
};

const struct column column_trust = {
	.heading = "TRUST",
	.width = 5,
	.leaves = 6,
	.sort = COLUMN_UNSORTED,
	.draw = draw_trust,
};

/* The same, narrower. */
const struct column column_ok = {
	.heading = "OK",
	.width = 6,
	.leaves = 8,
	.sort = COLUMN_UNSORTED,
	.draw = draw_verified,
};
