/* SPDX-License-Identifier: MIT */
/* A sweep of rates as a plot. */
#include "tui/views/load.h"

#include <math.h>
#include <stdio.h>

#include "bench/report/rows.h"
#include "bench/report/table_load.h"
#include "bench/text/text.h"
#include "tui/draw/plot.h"

#define LEGEND_LINES 2

bool load_is_swept(const struct model *model, size_t cell)
{
	size_t base = rows_rival(model, cell);

	return base + 1 < model->cell_count && !rows_is_rival(&model->cells[base + 1]);
}

/* What the plot borrows. */
struct sweep {
	size_t base, count, knee; /* knee: count if there is none */
	size_t under_way;         /* steps that have not been measured yet */
	struct knee_point points[PLAN_SWEEP_STEPS];
	struct plot_load_point plotted[PLAN_SWEEP_STEPS];
};

static void sweep_fill(const struct model *model, size_t cell, struct sweep *sweep)
{
	sweep->base = rows_rival(model, cell);
	sweep->count = table_load_points(model, sweep->base, sweep->points);
	sweep->knee = knee_find(sweep->points, sweep->count);
	sweep->under_way = 0;
	for (size_t i = 0; i < sweep->count; i++) {
		const struct knee_point *point = &sweep->points[i];
		const struct cell *step = &model->cells[sweep->base + 1 + i];

		sweep->plotted[i] = (struct plot_load_point){
			.asked = point->asked,
			.p50_ns = point->planned_ns,
			.p99_ns = step->summary.planned_p99_ns,
			.kept_up = !(point->achieved > 0) || knee_kept_up(point),
			.selected = cell == sweep->base + 1 + i,
		};
		sweep->under_way += !cell_state_final(step->state);
	}
}

static const char *rate_text(double rate, char text[TEXT_NUMBER_BYTES])
{
	return text_significant(rate, 4, text);
}

/* Writes "knee at 812/s: planned p50 1.20ms", or why there is no knee. */
static void knee_text(const struct sweep *sweep, char *text, size_t size)
{
	char rate[TEXT_NUMBER_BYTES];
	char ns[FMT_BYTES];

	if (sweep->knee < sweep->count)
		(void)snprintf(text, size, "┊ knee at %s/s: planned p50 %s",
			       rate_text(sweep->points[sweep->knee].asked, rate),
			       fmt_ns(sweep->points[sweep->knee].planned_ns, false, ns));
	else if (sweep->under_way)
		(void)snprintf(text, size, "no knee yet: %zu step%s to come", sweep->under_way,
			       sweep->under_way == 1 ? "" : "s");
	else
		(void)snprintf(text, size, "no knee: too few of the rates were kept up with");
}

/* What the marks are; a p99 takes more samples than a short sweep has. */
static const char *marks_text(const struct sweep *sweep, bool wide)
{
	bool p99 = false;

	for (size_t i = 0; i < sweep->count; i++)
		p99 |= sweep->plotted[i].p99_ns > 0;
	if (!p99)
		return wide ? "● p50 from the planned start  ✗ did not keep up  n<1000: no p99" :
			      "planned ● p50  ✗ did not keep up";
	return wide ? "● p50  ▲ p99 from the planned start  ✗ did not keep up" :
		      "planned ● p50 ▲ p99  ✗ did not keep up";
}

static void draw_legend(struct grid *grid, struct rect lines, const struct sweep *sweep)
{
	char knee[128];
	char remark[TABLE_LOAD_TEXT_BYTES];

	knee_text(sweep, knee, sizeof(knee));
	(void)grid_text(grid, lines.x, lines.y, lines.width,
			sweep->knee < sweep->count ? ROLE_MARK : ROLE_DIM, knee);
	if (lines.height < 2)
		return;
	if (*table_load_remark(sweep->points, sweep->count, false, remark))
		(void)grid_text(grid, lines.x, lines.y + 1, lines.width, ROLE_WARN, remark);
	else
		(void)grid_text(grid, lines.x, lines.y + 1, lines.width, ROLE_DIM,
				marks_text(sweep, lines.width >= 64));
}

void load_draw(struct grid *grid, struct rect rect, const struct model *model, size_t cell,
	       bool framed)
{
	struct rect inside = framed ? rect_inside(rect) : rect;
	char name[TRANSPORT_NAME_BYTES];
	char title[TRANSPORT_NAME_BYTES + 16];
	struct sweep sweep;

	sweep_fill(model, cell, &sweep);
	(void)snprintf(title, sizeof(title), "load · %s",
		       transport_format(&model->cells[sweep.base].plan->transport, name));
	if (framed) {
		grid_box(grid, rect, title, "asked a second");
	} else {
		grid_rule(grid, rect.x, rect.y, rect.width, title, "asked a second");
		(void)rect_cut_top(&inside, 1);
	}
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	draw_legend(grid, rect_cut_top(&inside, inside.height > 6 ? LEGEND_LINES : 1), &sweep);
	plot_load(grid, inside, sweep.plotted, sweep.count, sweep.knee);
}
