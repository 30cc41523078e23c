/* SPDX-License-Identifier: MIT */
/* A comparison for a terminal: notes, a table for each section, counts. */
#include <math.h>
#include <string.h>

#include "bench/report/diff_export.h"
#include "bench/report/table_text.h"
#include "bench/text/fmt.h"
#include "bench/text/text.h"
#include "transports/unused.h"

#define GAP 2 /* columns between two columns */

/* What is being written, and how. */
struct report {
	const struct diff *diff;
	const struct table_style *style;
	FILE *file;
};

/* Where the rows of a section are, and how wide its columns must be; 0: not shown. */
enum report_column {
	REPORT_TRANSPORT,
	REPORT_A,
	REPORT_B,
	REPORT_RATIO,
	REPORT_INTERVAL,
	REPORT_REFERENCED,
	REPORT_REFERENCED_INTERVAL,
	REPORT_VERDICT,
	REPORT_COLUMNS,
};

struct section_layout {
	size_t first, end;
	size_t widths[REPORT_COLUMNS];
};

typedef char *report_text(const struct diff_row *row, bool ascii, char text[FMT_BYTES]);

static char *transport_text(const struct diff_row *row, bool ascii UNUSED, char text[FMT_BYTES])
{
	return text_clean(text, FMT_BYTES, diff_row_cell(row)->keys[DIFF_TRANSPORT]);
}

static char *a_text(const struct diff_row *row, bool ascii, char text[FMT_BYTES])
{
	return fmt_ns(row->a ? row->a->p50_ns.value : NAN, ascii, text);
}

static char *b_text(const struct diff_row *row, bool ascii, char text[FMT_BYTES])
{
	return fmt_ns(row->b ? row->b->p50_ns.value : NAN, ascii, text);
}

/* Three decimals near 1, so that a bound of 1.002 is not shown as 1.00. */
static char *factor_text(double factor, char text[TEXT_NUMBER_BYTES])
{
	return factor < 10 ? text_fixed(factor, 3, text) : text_significant(factor, 3, text);
}

static char *factor_put(double factor, bool ascii, char text[FMT_BYTES])
{
	char ratio[TEXT_NUMBER_BYTES];

	if (!isfinite(factor))
		return text_clean(text, FMT_BYTES, "-");
	(void)snprintf(text, FMT_BYTES, "%.20s%s", factor_text(factor, ratio),
		       ascii ? "x" : "\xc3\x97");
	return text;
}

static char *bounds_put(const struct diff_interval *interval, char text[FMT_BYTES])
{
	char low[TEXT_NUMBER_BYTES];
	char high[TEXT_NUMBER_BYTES];

	if (!isfinite(interval->low) || !isfinite(interval->high))
		return text_clean(text, FMT_BYTES, "-");
	(void)snprintf(text, FMT_BYTES, "%.9s to %.9s", factor_text(interval->low, low),
		       factor_text(interval->high, high));
	return text;
}

static char *ratio_text(const struct diff_row *row, bool ascii, char text[FMT_BYTES])
{
	return factor_put(row->ratio.value, ascii, text);
}

static char *interval_text(const struct diff_row *row, bool ascii UNUSED, char text[FMT_BYTES])
{
	return bounds_put(&row->ratio, text);
}

static char *referenced_text(const struct diff_row *row, bool ascii, char text[FMT_BYTES])
{
	return factor_put(row->referenced.value, ascii, text);
}

static char *referenced_interval_text(const struct diff_row *row, bool ascii UNUSED,
				      char text[FMT_BYTES])
{
	return bounds_put(&row->referenced, text);
}

static char *verdict_text(const struct diff_row *row, bool ascii UNUSED, char text[FMT_BYTES])
{
	return text_clean(text, FMT_BYTES, diff_verdict_names[row->verdict]);
}

static const struct report_row {
	const char *header;
	report_text *text;
} report_table[REPORT_COLUMNS] = {
	[REPORT_TRANSPORT] = {"TRANSPORT", transport_text},
	[REPORT_A] = {"A", a_text},
	[REPORT_B] = {"B", b_text},
	[REPORT_RATIO] = {"B / A", ratio_text},
	[REPORT_INTERVAL] = {"95 % INTERVAL", interval_text},
	[REPORT_REFERENCED] = {"REFERENCED", referenced_text},
	[REPORT_REFERENCED_INTERVAL] = {"95 % INTERVAL", referenced_interval_text},
	[REPORT_VERDICT] = {"VERDICT", verdict_text},
};

/* The columns that a narrow terminal does without, the first one first. */
static const enum report_column drop_order[] = {
	REPORT_INTERVAL,   REPORT_A, REPORT_B, REPORT_RATIO, REPORT_REFERENCED_INTERVAL,
	REPORT_REFERENCED,
};

/* The others have none. */
static const char *const verdict_colors[DIFF_VERDICTS] = {
	[DIFF_FASTER] = TABLE_BEST,
	[DIFF_SLOWER] = TABLE_BAD,
};

static size_t column_width(const struct report *report, const struct section_layout *layout,
			   enum report_column column)
{
	size_t width = text_width(report_table[column].header);
	char text[FMT_BYTES];

	for (size_t i = layout->first; i < layout->end; i++) {
		size_t wanted = text_width(report_table[column].text(&report->diff->rows[i],
								     report->style->ascii, text));

		width = wanted > width ? wanted : width;
	}
	return width;
}

/* Up to a column: with the gaps before it. */
static size_t width_before(const struct section_layout *layout, enum report_column column)
{
	size_t width = 0;

	for (size_t i = 0; i < column; i++)
		width += layout->widths[i] ? layout->widths[i] + GAP : 0;
	return width;
}

static void layout_fill(const struct report *report, struct section_layout *layout)
{
	size_t columns = report->style->columns ? report->style->columns : SIZE_MAX;
	size_t drops = sizeof(drop_order) / sizeof(drop_order[0]);
	bool referenced = false;

	for (size_t i = layout->first; i < layout->end; i++)
		referenced |= diff_is_referenced(&report->diff->rows[i]);
	for (enum report_column i = 0; i < REPORT_COLUMNS; i++)
		layout->widths[i] = column_width(report, layout, i);
	if (!referenced)
		layout->widths[REPORT_REFERENCED] = layout->widths[REPORT_REFERENCED_INTERVAL] = 0;
	for (size_t i = 0; i < drops && width_before(layout, REPORT_COLUMNS) - GAP > columns; i++)
		layout->widths[drop_order[i]] = 0;
}

/* Transports to the left, figures to the right, and as much of the verdict as fits. */
static void line_put(const struct report *report, const struct section_layout *layout,
		     const char *const texts[REPORT_COLUMNS], const char *color)
{
	const struct table_style *style = report->style;
	size_t used = width_before(layout, REPORT_VERDICT);
	size_t room = style->columns > used ? style->columns - used : 1;

	for (size_t i = 0; i < REPORT_VERDICT; i++) {
		size_t pad = layout->widths[i] ? layout->widths[i] - text_width(texts[i]) : 0;

		if (!layout->widths[i])
			continue;
		table_spaces_put(i == REPORT_TRANSPORT ? 0 : pad, report->file);
		(void)fputs(texts[i], report->file);
		table_spaces_put(GAP + (i == REPORT_TRANSPORT ? pad : 0), report->file);
	}
	if (*color)
		table_paint(style, color, report->file);
	table_cut_put(texts[REPORT_VERDICT], style->columns ? room : 0, style, report->file);
	if (*color)
		table_paint(style, TABLE_NONE, report->file);
	(void)fputc('\n', report->file);
}

static void header_put(const struct report *report, const struct section_layout *layout)
{
	const char *texts[REPORT_COLUMNS];

	for (size_t i = 0; i < REPORT_COLUMNS; i++)
		texts[i] = report_table[i].header;
	line_put(report, layout, texts, TABLE_NONE);
}

/* A line below a row. */
static void below_put(const struct report *report, const char *text)
{
	const struct table_style *style = report->style;

	table_spaces_put(GAP, report->file);
	table_cut_put(text, style->columns > GAP ? style->columns - GAP : 0, style, report->file);
	(void)fputc('\n', report->file);
}

/* Below a row whose two ratios have nothing in common. */
static void disagreement_put(const struct report *report, const struct diff_row *row)
{
	char bounds[FMT_BYTES];
	char line[FMT_BYTES + 80];

	(void)snprintf(line, sizeof(line),
		       "the medians alone say %s: the reference moved between the runs",
		       bounds_put(&row->ratio, bounds));
	below_put(report, line);
}

/* "undecided: 3 blocks each cannot tell": the reason stands below if it does not fit. */
static void row_put(const struct report *report, const struct section_layout *layout,
		    const struct diff_row *row)
{
	size_t used = width_before(layout, REPORT_VERDICT);
	char cells[REPORT_COLUMNS][FMT_BYTES];
	const char *texts[REPORT_COLUMNS];
	char why[DIFF_TEXT_BYTES];
	char clean[DIFF_TEXT_BYTES];
	char verdict[DIFF_TEXT_BYTES + FMT_BYTES];
	const char *color = verdict_colors[row->verdict];
	bool fits;

	for (size_t i = 0; i < REPORT_COLUMNS; i++)
		texts[i] = report_table[i].text(row, report->style->ascii, cells[i]);
	(void)text_clean(clean, sizeof(clean), diff_why(row, why));
	(void)snprintf(verdict, sizeof(verdict), "%s: %s", texts[REPORT_VERDICT], clean);
	fits = !report->style->columns || used + text_width(verdict) <= report->style->columns;
	if (*clean && fits)
		texts[REPORT_VERDICT] = verdict;
	line_put(report, layout, texts, color ? color : TABLE_NONE);
	if (*clean && !fits)
		below_put(report, clean);
	if (diff_disagrees(row))
		disagreement_put(report, row);
}

/* The usual values, which are not worth a word; NULL: every value is. */
static const char *const usual[DIFF_TRANSPORT] = {
	[DIFF_PAGES] = "small", [DIFF_WAIT] = "block", [DIFF_PIN] = "none",
	[DIFF_CLIENTS] = "1",   [DIFF_RATE] = "", [DIFF_LOAD] = "",
	[DIFF_DIRECTION] = "pull",
		[DIFF_DATA] = "random",
};

/* "1x3x224x224 float64   source ready, memory reused, pages huge". */
static void heading_put(const struct report *report, const struct diff_cell *cell)
{
	char text[DIFF_TEXT_BYTES];
	char clean[DIFF_TEXT_BYTES];
	int used = snprintf(text, sizeof(text), "%.200s %.20s  ", cell->keys[DIFF_SHAPE],
			    cell->keys[DIFF_DTYPE]);
	const char *separator = " ";

	for (size_t i = DIFF_DIRECTION; i < DIFF_TRANSPORT; i++) {
		if (!*cell->keys[i] || (usual[i] && strcmp(cell->keys[i], usual[i]) == 0))
			continue;
		used += snprintf(text + used, sizeof(text) - (size_t)used, "%s%s %.20s", separator,
				 diff_key_names[i], cell->keys[i]);
		separator = ", ";
	}
	table_paint(report->style, TABLE_HEAD, report->file);
	table_cut_put(text_clean(clean, sizeof(clean), text), report->style->columns, report->style,
		      report->file);
	table_paint(report->style, TABLE_NONE, report->file);
	(void)fputc('\n', report->file);
}

/* Writes the section that begins with this row. Returns where the next begins. */
static size_t section_put(const struct report *report, size_t first)
{
	const struct diff *diff = report->diff;
	struct section_layout layout = {.first = first, .end = first};

	while (layout.end < diff->count &&
	       diff_same_section(&diff->rows[first], &diff->rows[layout.end]))
		layout.end++;
	layout_fill(report, &layout);
	heading_put(report, diff_row_cell(&diff->rows[first]));
	header_put(report, &layout);
	for (size_t i = first; i < layout.end; i++)
		row_put(report, &layout, &diff->rows[i]);
	(void)fputc('\n', report->file);
	return layout.end;
}

static void note_put(const struct report *report, const char *text)
{
	char clean[2 * DIFF_TEXT_BYTES];

	table_wrapped_put(text_clean(clean, sizeof(clean), text), report->style, report->file);
}

/* "A: before.csv, 24 cells; 2 earlier rows of the same cells are left out". */
static void side_put(const struct report *report, size_t side, const char *path)
{
	const struct diff_side *is = &report->diff->sides[side];
	char text[2 * DIFF_TEXT_BYTES];
	int used = snprintf(text, sizeof(text), "%c: %.400s, %zu cell%s", "AB"[side], path,
			    is -> count, is -> count == 1 ? "" : "s");

	if (is->repeats)
		(void)snprintf(text + used, sizeof(text) - (size_t)used,
			       "; %zu earlier row%s of the same cells left out: the last counts",
			       is->repeats, is->repeats == 1 ? "" : "s");
	note_put(report, text);
}

/* A column that one file lacks cannot tell its cells apart. */
static void columns_put(const struct report *report)
{
	const struct diff_side *sides = report->diff->sides;
	char text[DIFF_TEXT_BYTES];

	for (size_t i = 0; i < DIFF_KEYS; i++) {
		if (sides[0].has[i] == sides[1].has[i])
			continue;
		(void)snprintf(text, sizeof(text), "%s is not compared: %c has no such column",
			       diff_key_names[i], sides[0].has[i] ? 'B' : 'A');
		note_put(report, text);
	}
}

static void nothing_in_common_put(const struct report *report)
{
	char text[DIFF_TEXT_BYTES];
	char line[DIFF_TEXT_BYTES + 32];
	bool told = false;

	for (enum diff_key i = 0; i < DIFF_KEYS; i++) {
		if (!diff_key_disjoint(report->diff, i, text))
			continue;
		(void)snprintf(line, sizeof(line), "nothing in common: %s", text);
		note_put(report, line);
		told = true;
	}
	if (!told)
		note_put(report,
			 "nothing in common: no cell of A and none of B agree in transport, "
			 "shape and all options");
}

static void notes_put(const struct report *report, const char *const paths[2])
{
	const struct diff *diff = report->diff;
	size_t apart = diff->verdicts[DIFF_ONLY_A] + diff->verdicts[DIFF_ONLY_B];
	char text[DIFF_TEXT_BYTES];

	for (size_t i = 0; i < 2; i++)
		side_put(report, i, paths[i]);
	for (enum diff_fact i = 0; i < DIFF_FACTS; i++) {
		if (diff_fact_differs(diff, i, text))
			note_put(report, text);
	}
	if (diff_busier(diff, text))
		note_put(report, text);
	columns_put(report);
	if (diff->sides[0].count && diff->sides[1].count && apart == diff->count)
		nothing_in_common_put(report);
	(void)fputc('\n', report->file);
}

#define VERDICT_BYTES 48 /* ", ", a count and a verdict's name */

/* What the columns mean, of those that are there. */
static void meanings_put(const struct report *report)
{
	bool by[2] = {false, false};

	for (size_t i = 0; i < report->diff->count; i++) {
		const struct diff_row *row = &report->diff->rows[i];

		if (!isnan(row->ratio.value))
			by[diff_is_referenced(row)] = true;
	}
	if (by[1])
		note_put(report, "REFERENCED: B / A of each cell over the reference of the same "
				 "rounds, out of which the machine's state divides. It decides.");
	if (by[0])
		note_put(report,
			 "B / A without a reference: medians hold for the states of the "
			 "machine that they were measured in; equal runs may be a factor of 2 "
			 "apart.");
}

/* "2 slower, 9 same, 1 only in A". */
static void counts_put(const struct report *report)
{
	char text[DIFF_VERDICTS * VERDICT_BYTES] = "no cells";
	size_t used = 0;

	for (size_t i = 0; i < DIFF_VERDICTS; i++) {
		size_t count = report->diff->verdicts[i];

		if (count)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%zu %s",
						 used ? ", " : "", count, diff_verdict_names[i]);
	}
	note_put(report, text);
}

int diff_table(const struct diff *diff, const char *const paths[2], const struct table_style *style,
	       FILE *file, struct err *err)
{
	struct report report = {diff, style, file};

	notes_put(&report, paths);
	for (size_t i = 0; i < diff->count;)
		i = section_put(&report, i);
	meanings_put(&report);
	counts_put(&report);
	return ferror(file) ? err_system(err, "cannot write the table") : 0;
}
