/* SPDX-License-Identifier: MIT */
/* The table of loads. */
#include "bench/report/table_load.h"

#include <math.h>
#include <string.h>

#include "bench/report/table_text.h"
#include "bench/text/fmt.h"
#include "bench/text/text.h"

#define BAR_COLUMNS 24
#define TABLE_COLUMNS 66 /* of the figures */

size_t table_load_points(const struct model *model, size_t base,
			 struct knee_point points[PLAN_SWEEP_STEPS])
{
	size_t count = 0;

	for (size_t i = base + 1; i < model->cell_count && count < PLAN_SWEEP_STEPS; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell->plan->load <= 0 || cell->plan->base != base)
			break;
		points[count++] = (struct knee_point){
			.asked = cell->rate,
			.achieved = cell->summary.achieved_rate,
			.planned_ns = cell->summary.planned_p50_ns,
		};
	}
	return count;
}

/* What one row, or the heading, says. */
struct load_row {
	char asked[FMT_BYTES], achieved[FMT_BYTES];
	char p50[FMT_BYTES], planned[FMT_BYTES], p99[FMT_BYTES], max[FMT_BYTES];
};

static void load_row_put(const struct load_row *row, FILE *file)
{
	const char *texts[] = {row->asked, row->achieved, row->p50, row->planned, row->p99,
			       row->max};
	static const int widths[] = {10, 10, 9, 9, 9, 9};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		(void)fprintf(file, "%*s%s%s", widths[i] - (int)text_width(texts[i]), "", texts[i],
			      i + 1 < sizeof(texts) / sizeof(texts[0]) ? "  " : "");
}

static char *rate_text(double rate, char text[FMT_BYTES])
{
	char number[TEXT_NUMBER_BYTES];

	if (!(rate > 0))
		return memcpy(text, "-", 2);
	(void)snprintf(text, FMT_BYTES, "%.20s", text_significant(rate, 4, number));
	return text;
}

/* Planned latencies span decades: a bar is the logarithm of how far above the least one it lies. */
static void bar_put(double planned_ns, double least_ns, const struct table_style *style,
		    FILE *file)
{
	double columns = 1 + 5 * log2(planned_ns / least_ns);

	for (int i = 0; i < BAR_COLUMNS && i < columns; i++)
		(void)fputs(style->ascii ? "#" : "\xe2\x96\x87", file);
}

/* The lowest planned median of the transport and shape of this cell. */
static double least_planned_ns(const struct model *model, const struct cell *like)
{
	double least = NAN;

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell->plan->base == like->plan->base)
			least = fmin(least, cell->summary.planned_p50_ns);
	}
	return least;
}

static void load_cell_put(const struct model *model, const struct cell *cell, const char *mark,
			  const struct table_style *style, FILE *file)
{
	const struct summary *summary = &cell->summary;
	struct load_row row = {.asked = "closed"};

	if (cell->rate > 0)
		(void)rate_text(cell->rate, row.asked);
	(void)rate_text(summary->achieved_rate, row.achieved);
	(void)fmt_ns(summary->p50_ns, style->ascii, row.p50);
	(void)fmt_ns(summary->planned_p50_ns, style->ascii, row.planned);
	(void)fmt_ns(summary->planned_p99_ns, style->ascii, row.p99);
	(void)fmt_ns(summary->planned_max_ns, style->ascii, row.max);
	load_row_put(&row, file);
	if (style->columns == 0 || style->columns >= TABLE_COLUMNS + 2 + BAR_COLUMNS) {
		(void)fputs("  ", file);
		if (summary->planned_p50_ns > 0)
			bar_put(summary->planned_p50_ns, least_planned_ns(model, cell), style,
				file);
	}
	(void)fprintf(file, "%s\n", mark);
}

static void load_heading_put(const struct cell *cell, FILE *file)
{
	static const struct load_row head = {"ASKED/s", "REACHED/s", "MEDIAN", "PLANNED",
					     "P99",     "MAX"};
	char transport[TRANSPORT_NAME_BYTES];
	char type[ARRAY_TYPE_TEXT_BYTES];

	(void)fprintf(file,
		      "%s %s on a schedule, %u client%s; PLANNED, P99, MAX are from the planned "
		      "start\n",
		      transport_format(&cell->plan->transport, transport),
		      array_type_format(&cell->plan->type, type), (unsigned)cell->plan->clients,
		      cell->plan->clients == 1 ? "" : "s");
	load_row_put(&head, file);
	(void)fputc('\n', file);
}

/* The measured point before that one. */
static const struct knee_point *point_before(const struct knee_point *points, size_t index)
{
	while (index-- > 0)
		if (points[index].planned_ns > 0 && points[index].achieved > 0)
			break;
	return &points[index];
}

char *table_load_remark(const struct knee_point *points, size_t count, bool ascii,
			char text[TABLE_LOAD_TEXT_BYTES])
{
	size_t dip = knee_dip(points, count);
	const struct knee_point *before;
	char rates[4][FMT_BYTES];
	char ns[2][FMT_BYTES];

	text[0] = '\0';
	if (dip == count)
		return text;
	before = point_before(points, dip);
	(void)rate_text(points[dip].asked, rates[0]);
	(void)rate_text(before->asked, rates[1]);
	if (points[dip].planned_ns < before->planned_ns)
		(void)snprintf(
			text, TABLE_LOAD_TEXT_BYTES,
			"Not monotone: %s/s took %s, and %s/s before it %s. Ends sleep longer "
			"at low rates, or the machine changed in between.",
			rates[0], fmt_ns(points[dip].planned_ns, ascii, ns[0]), rates[1],
			fmt_ns(before->planned_ns, ascii, ns[1]));
	else
		(void)snprintf(
			text, TABLE_LOAD_TEXT_BYTES,
			"Not monotone: asked for %s/s it reached %s/s, and %s/s before it %s/s. "
			"It is beyond its load, or the machine changed in between.",
			rates[0], rate_text(points[dip].achieved, rates[2]), rates[1],
			rate_text(before->achieved, rates[3]));
	return text;
}

static void load_sweep_put(const struct model *model, size_t base,
			   const struct table_style *style, FILE *file)
{
	struct knee_point points[PLAN_SWEEP_STEPS];
	size_t count = table_load_points(model, base, points);
	size_t knee = knee_find(points, count);
	char remark[TABLE_LOAD_TEXT_BYTES];

	load_heading_put(&model->cells[base], file);
	load_cell_put(model, &model->cells[base], "", style, file);
	for (size_t i = 0; i < count; i++) {
		const char *mark = i == knee ? "  <- knee" : "";

		if (points[i].achieved > 0 && !knee_kept_up(&points[i]))
			mark = "  did not keep up";
		load_cell_put(model, &model->cells[base + 1 + i], mark, style, file);
	}
	if (count && knee == count)
		(void)fputs("No knee: too few of the rates were kept up with.\n", file);
	if (*table_load_remark(points, count, style->ascii, remark))
		table_wrapped_put(remark, style, file);
	(void)fputc('\n', file);
}

void table_load_put(const struct model *model, const struct table_style *style, FILE *file)
{
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell->plan->load > 0 || !(cell->summary.samples > 0))
			continue; /* drawn with its closed loop, or not measured */
		if (i + 1 < model->cell_count && model->cells[i + 1].plan->load > 0) {
			load_sweep_put(model, i, style, file);
		} else if (cell->rate > 0) {
			load_heading_put(cell, file);
			load_cell_put(model, cell, "", style, file);
			(void)fputc('\n', file);
		}
	}
}
