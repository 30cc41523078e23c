/* SPDX-License-Identifier: MIT */
/* The rows of one shape: columns as wide as they must be, fewer where the terminal is narrow. */
#include "bench/report/table_section.h"

#include <math.h>
#include <string.h>

#include "bench/model/reference.h"
#include "bench/model/summary.h"
#include "bench/plan/preset.h"
#include "bench/report/table_text.h"
#include "bench/text/fmt.h"
#include "bench/text/text.h"
#include "transports/unused.h"

#define GAP 2 /* columns between two columns */

/* The text of a column in a row, "" where there is nothing to say. */
typedef char *row_text(const struct section *section, const struct cell *cell,
		       char text[FMT_BYTES]);

static char *time_text(const struct section *section, double ns, char text[FMT_BYTES])
{
	return fmt_ns(ns, section->style->ascii, text);
}

static char *text_copy(const char *from, char text[FMT_BYTES])
{
	return text_clean(text, FMT_BYTES, from);
}

/* Does this cell have a row of figures? */
static bool section_ranks(const struct cell *cell)
{
	return cell->state == CELL_DONE && isfinite(cell->summary.p50_ns);
}

/*
 * The published medians are of fresh arrays in fresh memory; next to anything
 * else they would compare two different experiments.
 */
static uint64_t published_ns(const struct section *section, const struct cell *cell)
{
	const struct plan_options *options = &section->model->plan->options;

	if (section->model->plan->data.kind != DATA_RANDOM ||
	    options->direction != DIRECTION_PULL || options->source != SOURCE_FRESH ||
	    options->memory != MEMORY_FRESH)
		return 0;
	return blog_median_ns(&cell->plan->transport, &cell->plan->type);
}

static char *median_text(const struct section *section, const struct cell *cell,
			 char text[FMT_BYTES])
{
	return fmt_ns_within(cell->summary.p50_ns, summary_within_ns(&cell->summary),
			     section->style->ascii, text);
}

/* Half of the interval of the median of blocks, in percent; of ranks nothing is said here. */
static char *interval_text(const struct section *section, const struct cell *cell,
			   char text[FMT_BYTES])
{
	double percent = cell->summary.precision_pct;
	char number[TEXT_NUMBER_BYTES];

	if (!(cell->summary.p50_ci_blocks > 0))
		return text_copy("-", text);
	if (percent < 10)
		(void)text_significant(percent, 2, number);
	else
		(void)text_fixed(percent, 0, number);
	(void)snprintf(text, FMT_BYTES, "%s%.12s %%", section->style->ascii ? "+-" : "\xc2\xb1",
		       number);
	return text;
}

static char *tail_text(const struct section *section, const struct cell *cell,
		       char text[FMT_BYTES])
{
	bool p99 = strcmp(section->tail, "P99") == 0;

	return time_text(section, p99 ? cell->summary.p99_ns : cell->summary.max_ns, text);
}

static char *read_text(const struct section *section, const struct cell *cell,
		       char text[FMT_BYTES])
{
	return fmt_ns_within(cell->summary.p50_with_read_ns, summary_within_ns(&cell->summary),
			     section->style->ascii, text);
}

/* The fastest of the section, by which its rates have their unit. */
static double fastest_rate(const struct section *section)
{
	double fastest = NAN;

	for (size_t i = 0; i < section->done; i++)
		fastest = fmax(fastest, section->cells[i]->summary.throughput_bytes_per_s);
	return fastest;
}

static char *rate_text(const struct section *section, const struct cell *cell,
		       char text[FMT_BYTES])
{
	return fmt_rate_in(cell->summary.throughput_bytes_per_s, fastest_rate(section), text);
}

static char *marked_text(const struct section *section, const struct ratio *ratio,
			 char text[FMT_BYTES])
{
	char figure[FMT_BYTES];

	(void)snprintf(text, FMT_BYTES, "%s%.20s", ranking_mark(ratio),
		       fmt_ratio(ratio->ratio, section->style->ascii, figure));
	return text;
}

static char *versus_text(const struct section *section, const struct cell *cell,
			 char text[FMT_BYTES])
{
	struct ratio ratio = ranking_versus_best(&section->ranking, cell);

	return cell == section->ranking.best ? text_copy("best", text) :
					       marked_text(section, &ratio, text);
}

static char *trust_text(const struct section *section UNUSED, const struct cell *cell,
			char text[FMT_BYTES])
{
	const char grade[2] = {cell->trust.grade, '\0'};

	return text_copy(grade[0] ? grade : "-", text);
}

static char *published_text(const struct section *section, const struct cell *cell,
			    char text[FMT_BYTES])
{
	uint64_t ns = published_ns(section, cell);

	return time_text(section, ns ? (double)ns : NAN, text);
}

static char *faster_text(const struct section *section, const struct cell *cell,
			 char text[FMT_BYTES])
{
	uint64_t ns = published_ns(section, cell);

	return fmt_ratio(ns ? (double)ns / cell->summary.p50_ns : NAN, section->style->ascii, text);
}

/*
 * Our transport that a foreign pair compares with: of "py-ws+bytes" and
 * "node-ws+bytes" that is "ws+bytes". NULL: none of this shape is done.
 */
static const struct cell *twin_of(const struct section *section, const struct cell *cell)
{
	const struct model *model = section->model;
	const struct transport *transport = &cell->plan->transport;
	const char *dash = strchr(transport->carrier->name, '-');

	for (size_t i = 0; transport->carrier->program && dash && i < model->cell_count; i++) {
		const struct cell *other = &model->cells[i];
		const struct transport *ours = &other->plan->transport;

		if (!ours->carrier->program && ours->encoding == transport->encoding &&
		    strcmp(ours->carrier->name, dash + 1) == 0 && section_ranks(other) &&
		    array_type_equal(&other->plan->type, section->type))
			return other;
	}
	return NULL;
}

static char *twin_text(const struct section *section, const struct cell *cell,
		       char text[FMT_BYTES])
{
	const struct cell *twin = twin_of(section, cell);
	struct ratio ratio = {.ratio = NAN};

	if (twin)
		ratio = ranking_versus(&section->ranking, cell, twin);
	return marked_text(section, &ratio, text);
}

/* "100 ok", or "98/100 ok" where two replies could not be verified. */
static char *samples_text(const struct section *section UNUSED, const struct cell *cell,
			  char text[FMT_BYTES])
{
	double verified = cell->summary.verified;
	char samples[TEXT_NUMBER_BYTES];
	char right[TEXT_NUMBER_BYTES];

	text_fixed(cell->summary.samples, 0, samples);
	text_fixed(verified, 0, right);
	if (verified == cell->summary.samples || !isfinite(verified))
		(void)snprintf(text, FMT_BYTES, "%.10s%s", samples, isnan(verified) ? "" : " ok");
	else
		(void)snprintf(text, FMT_BYTES, "%.9s/%.9s ok", right, samples);
	return text;
}

static char *transport_text(const struct section *section UNUSED, const struct cell *cell,
			    char text[FMT_BYTES])
{
	char name[TRANSPORT_NAME_BYTES];

	return text_copy(transport_format(&cell->plan->transport, name), text);
}

enum row_column {
	ROW_TRANSPORT,
	ROW_MEDIAN,
	ROW_INTERVAL,
	ROW_TAIL,
	ROW_READ,
	ROW_RATE,
	ROW_VERSUS,
	ROW_TWIN,
	ROW_PUBLISHED,
	ROW_FASTER,
	ROW_SAMPLES,
	ROW_TRUST,
	ROW_COLUMNS,
};

static const struct row_column_row {
	const char *header; /* NULL: the section's tail, or the unit of its rates */
	const char *ascii;  /* NULL: the same */
	row_text *text;
	enum row_when {
		ROW_ALWAYS,
		ROW_WHERE_PUBLISHED,
		ROW_WHERE_TWINS,
		ROW_WHERE_BLOCKS, /* the interval of a cell is of blocks */
	} when;
} row_table[ROW_COLUMNS] = {
	[ROW_TRANSPORT] = {"TRANSPORT", NULL, transport_text, ROW_ALWAYS},
	[ROW_MEDIAN] = {"MEDIAN", NULL, median_text, ROW_ALWAYS},
	[ROW_INTERVAL] = {"95 %", NULL, interval_text, ROW_WHERE_BLOCKS},
	[ROW_TAIL] = {NULL, NULL, tail_text, ROW_ALWAYS},
	[ROW_READ] = {"WITH READ", NULL, read_text, ROW_ALWAYS},
	[ROW_RATE] = {NULL, NULL, rate_text, ROW_ALWAYS},
	[ROW_VERSUS] = {"VS BEST", NULL, versus_text, ROW_ALWAYS},
	[ROW_TWIN] = {"VS OURS", NULL, twin_text, ROW_WHERE_TWINS},
	[ROW_PUBLISHED] = {"PUBLISHED", NULL, published_text, ROW_WHERE_PUBLISHED},
	[ROW_FASTER] = {"\xc3\x97 FASTER", "x FASTER", faster_text, ROW_WHERE_PUBLISHED},
	[ROW_SAMPLES] = {"SAMPLES", NULL, samples_text, ROW_ALWAYS},
	[ROW_TRUST] = {"TRUST", NULL, trust_text, ROW_ALWAYS},
};

/* The columns that a narrow terminal does without, the first one first. */
static const enum row_column drop_order[] = {
	ROW_INTERVAL, ROW_READ,  ROW_TAIL,   ROW_RATE, ROW_SAMPLES, ROW_PUBLISHED,
	ROW_FASTER,   ROW_TRUST, ROW_VERSUS, ROW_TWIN,
};

static const char *header_text(const struct section *section, enum row_column column)
{
	const struct row_column_row *row = &row_table[column];

	if (section->style->ascii && row->ascii)
		return row->ascii;
	if (column == ROW_RATE)
		return fmt_rate_unit(fastest_rate(section));
	return row->header ? row->header : section->tail;
}

/* How wide each column must be; 0: it is not shown. */
struct layout {
	size_t widths[ROW_COLUMNS];
};

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static bool section_has_intervals(const struct section *section)
{
	for (size_t i = 0; i < section->done; i++)
		if (section->cells[i]->summary.p50_ci_blocks > 0)
			return true;
	return false;
}

static size_t column_width(const struct section *section, enum row_column column)
{
	size_t width = text_width(header_text(section, column));
	size_t rows = column == ROW_TRANSPORT ? section->count : section->done;
	char text[FMT_BYTES];

	if (column == ROW_TRANSPORT && section->style->reference)
		width = larger(width, strlen(REFERENCE_NAME));

	if ((row_table[column].when == ROW_WHERE_PUBLISHED && !section->published) ||
	    (row_table[column].when == ROW_WHERE_TWINS && !section->twins) ||
	    (row_table[column].when == ROW_WHERE_BLOCKS && !section_has_intervals(section)))
		return 0;
	for (size_t i = 0; i < rows; i++)
		width = larger(width, text_width(row_table[column].text(section, section->cells[i],
									text)));
	return width;
}

static size_t layout_width(const struct layout *layout)
{
	size_t width = 0;

	for (size_t i = 0; i < ROW_COLUMNS; i++)
		width += layout->widths[i] ? layout->widths[i] + GAP : 0;
	return width - GAP;
}

static struct layout layout_make(const struct section *section)
{
	struct layout layout;
	size_t columns = section->style->columns ? section->style->columns : SIZE_MAX;
	size_t drops = sizeof(drop_order) / sizeof(drop_order[0]);

	for (enum row_column i = 0; i < ROW_COLUMNS; i++)
		layout.widths[i] = column_width(section, i);
	for (size_t i = 0; i < drops && layout_width(&layout) > columns; i++)
		layout.widths[drop_order[i]] = 0;
	return layout;
}

/* Numbers to the right, names to the left; nothing behind the last. */
static void texts_put(const struct layout *layout, char texts[ROW_COLUMNS][FMT_BYTES], FILE *file)
{
	size_t pending = 0;

	for (enum row_column i = 0; i < ROW_COLUMNS; i++) {
		size_t pad = layout->widths[i] ? layout->widths[i] - text_width(texts[i]) : 0;

		if (!layout->widths[i])
			continue;
		table_spaces_put(i == ROW_TRANSPORT ? 0 : pending + GAP + pad, file);
		(void)fputs(texts[i], file);
		pending = i == ROW_TRANSPORT ? pad : 0;
	}
}

static void header_put(const struct section *section, const struct layout *layout, FILE *file)
{
	char texts[ROW_COLUMNS][FMT_BYTES];

	for (enum row_column i = 0; i < ROW_COLUMNS; i++)
		text_copy(header_text(section, i), texts[i]);
	texts_put(layout, texts, file);
	(void)fputc('\n', file);
}

/* A line below a row, where there is something to say. */
static void note_put(const struct section *section, const char *text, FILE *file)
{
	const struct table_style *style = section->style;

	if (!text[0])
		return;
	table_spaces_put(GAP, file);
	table_cut_put(text, style->columns > GAP ? style->columns - GAP : 0, style, file);
	(void)fputc('\n', file);
}

/* What a lossy encoding lost, where the row stands and why, and why not to trust the figures. */
static void notes_put(const struct section *section, const struct cell *cell, FILE *file)
{
	bool apart = ranking_sets_apart(&section->ranking, cell);
	char reason[CELL_REASON_BYTES];
	char trust[TRUST_TEXT_BYTES];
	char text[TRUST_TEXT_BYTES + FMT_BYTES];

	note_put(section, text_clean(reason, sizeof(reason), cell->reason), file);
	if (!(ranking_ns(&section->ranking, cell) > 0))
		note_put(section, "not ranked: its first read is unknown, and counts here", file);
	(void)snprintf(text, sizeof(text), "%s%s", apart ? "Not ranked: trust F. " : "",
		       trust_says(&cell->trust, false, trust));
	note_put(section, text, file);
}

static void done_put(const struct section *section, const struct layout *layout,
		     const struct cell *cell, FILE *file)
{
	bool best = cell == section->ranking.best;
	char texts[ROW_COLUMNS][FMT_BYTES];

	for (enum row_column i = 0; i < ROW_COLUMNS; i++)
		row_table[i].text(section, cell, texts[i]);
	if (best)
		table_paint(section->style, TABLE_BEST, file);
	texts_put(layout, texts, file);
	if (best)
		table_paint(section->style, TABLE_NONE, file);
	(void)fputc('\n', file);
	notes_put(section, cell, file);
}

#define OUTCOME_BYTES (CELL_REASON_BYTES + 100)

/* "failed: the server hung up", "interrupted after 12 samples, median 3.40ms". */
static char *outcome_text(const struct section *section, const struct cell *cell,
			  char text[OUTCOME_BYTES])
{
	const char *state = cell_state_names[cell->state];
	char reason[CELL_REASON_BYTES];
	char count[FMT_BYTES];
	char median[FMT_BYTES];

	text_clean(reason, sizeof(reason), cell->reason);
	if (cell->summary.samples > 0)
		(void)snprintf(text, OUTCOME_BYTES, "%s after %s samples, median %s%s%s", state,
			       fmt_count(cell->summary.samples, count),
			       median_text(section, cell, median), *reason ? ": " : "", reason);
	else
		(void)snprintf(text, OUTCOME_BYTES, "%s%s%s", state, *reason ? ": " : "", reason);
	return text;
}

static void other_put(const struct section *section, const struct layout *layout,
		      const struct cell *cell, FILE *file)
{
	const struct table_style *style = section->style;
	bool bad = cell->state == CELL_FAILED || cell->state == CELL_WRONG;
	size_t used = layout->widths[ROW_TRANSPORT] + GAP;
	char name[FMT_BYTES];
	char outcome[OUTCOME_BYTES];

	transport_text(section, cell, name);
	(void)fputs(name, file);
	table_spaces_put(used - text_width(name), file);
	if (bad)
		table_paint(style, TABLE_BAD, file);
	table_cut_put(outcome_text(section, cell, outcome),
		style->columns > used ? style->columns - used : 0, style, file);
	if (bad)
		table_paint(style, TABLE_NONE, file);
	(void)fputc('\n', file);
}

#define PAYLOAD_BYTES (2 * ARRAY_SHAPE_TEXT_BYTES + 3 * FMT_BYTES)
#define HEADING_BYTES (PAYLOAD_BYTES + CARRIER_ADDRESS_BYTES + 200)

/* Appends ", wait spin" and the like, where it is not the usual one. */
static void heading_option(char text[HEADING_BYTES], const char *word, const char *name,
			   const char *usual)
{
	size_t used = strlen(text);

	if (strcmp(name, usual) != 0)
		(void)snprintf(text + used, HEADING_BYTES - used, ", %s %s", word, name);
}

/* "2x3 uint8 - 6 B", or "2x3 uint8/5 float64 - 6 B/40 B" where two types go two ways. */
static char *heading_payload(const struct section *section, char text[PAYLOAD_BYTES])
{
	const struct ways ways = plan_cell_ways(section->cells[0]->plan);
	const struct array_type *one = ways.reply ? ways.reply : ways.request;
	bool two = ways.request && ways.reply && !array_type_equal(ways.request, ways.reply);
	char request[ARRAY_SHAPE_TEXT_BYTES];
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	char sent[FMT_BYTES];
	char payload[FMT_BYTES];

	shape_format(&one->shape, shape);
	fmt_payload(array_type_bytes(one), payload);
	if (two)
		(void)snprintf(text, PAYLOAD_BYTES, "%s %s/%s %s - %s/%s",
			       shape_format(&ways.request->shape, request),
			       dtype_table[ways.request->dtype].name, shape,
			       dtype_table[one->dtype].name,
			       fmt_payload(array_type_bytes(ways.request), sent), payload);
	else
		(void)snprintf(text, PAYLOAD_BYTES, "%s %s - %s", shape,
			       dtype_table[one->dtype].name, payload);
	return text;
}

static void heading_put(const struct section *section, FILE *file)
{
	const struct plan *plan = section->model->plan;
	const struct plan_options *options = &plan->options;
	static const char *const towards[] = {"from", "to", "with"}; /* by direction */
	const char *connect = plan->connect;
	char payload[PAYLOAD_BYTES];
	char text[HEADING_BYTES];

	(void)snprintf(text, sizeof(text), "%s   %s %s, memory %s",
		       heading_payload(section, payload),
		       connect[0] ? towards[options->direction] : "source",
		       connect[0] ? connect : source_names[options->source],
		       memory_names[options->memory]);
	heading_option(text, "direction", direction_names[options->direction],
		       direction_names[DIRECTION_PULL]);
	heading_option(text, "data", data_name(&plan->data), "random");
	heading_option(text, "pages", pages_names[options->pages], pages_names[PAGES_SMALL]);
	heading_option(text, "wait", wait_names[options->wait], wait_names[WAIT_BLOCK]);
	heading_option(text, "pin", pin_names[options->pin], pin_names[PIN_NONE]);
	table_paint(section->style, TABLE_HEAD, file);
	table_cut_put(text, section->style->columns, section->style, file);
	table_paint(section->style, TABLE_NONE, file);
	(void)fputc('\n', file);
}

/* Rows with figures first, in the order of the ranking; the others in that of the plan. */
static bool row_stands_before(const struct section *section, const struct cell *a,
			      const struct cell *b)
{
	if (section_ranks(a) != section_ranks(b))
		return section_ranks(a);
	return ranking_compare(&section->ranking, a, b) < 0;
}

/* By insertion: sections are short. */
static void row_add(struct section *section, const struct cell *cell)
{
	size_t at = section->count++;

	for (; at > 0 && row_stands_before(section, cell, section->cells[at - 1]); at--)
		section->cells[at] = section->cells[at - 1];
	section->cells[at] = cell;
}

void section_fill(struct section *section)
{
	const struct model *model = section->model;

	section->tail = "MAX";
	ranking_make(&section->ranking, model, section->type, RANKING_DONE);
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		/* The steps of a sweep are no rivals of each other: table_load.c writes them. */
		if (cell->plan->load > 0 ||
		    !array_type_equal(&cell->plan->type, section->type))
			continue;
		row_add(section, cell);
		section->done += section_ranks(cell);
		if (section_ranks(cell) && isfinite(cell->summary.p99_ns))
			section->tail = "P99";
		section->published |= section_ranks(cell) && published_ns(section, cell) != 0;
		section->twins |= section_ranks(cell) && twin_of(section, cell);
	}
}

bool section_shows_intervals(const struct section *section)
{
	return layout_make(section).widths[ROW_INTERVAL] > 0;
}

/* Its figures, where the cells have theirs. */
static void reference_put(const struct section *section, const struct layout *layout, FILE *file)
{
	const struct cell *reference = reference_of(section->model, section->type);
	char texts[ROW_COLUMNS][FMT_BYTES];

	if (!section->style->reference || !reference || reference->blocks_done == 0)
		return;
	for (enum row_column i = 0; i < ROW_COLUMNS; i++)
		(void)text_copy("-", texts[i]);
	(void)text_copy(REFERENCE_NAME, texts[ROW_TRANSPORT]);
	(void)median_text(section, reference, texts[ROW_MEDIAN]);
	(void)interval_text(section, reference, texts[ROW_INTERVAL]);
	(void)tail_text(section, reference, texts[ROW_TAIL]);
	(void)rate_text(section, reference, texts[ROW_RATE]);
	(void)fmt_count(reference->summary.samples, texts[ROW_SAMPLES]);
	texts_put(layout, texts, file);
	(void)fputc('\n', file);
}

void section_put(const struct section *section, FILE *file)
{
	struct layout layout = layout_make(section);

	heading_put(section, file);
	if (section->done)
		header_put(section, &layout, file);
	for (size_t i = 0; i < section->done; i++)
		done_put(section, &layout, section->cells[i], file);
	if (section->done)
		reference_put(section, &layout, file);
	for (size_t i = section->done; i < section->count; i++)
		other_put(section, &layout, section->cells[i], file);
	(void)fputc('\n', file);
}
