/* SPDX-License-Identifier: MIT */
/* Sentences from figures. A rule writes one line, or nothing; the tables below order them. */
#include "tui/says.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/fmt.h"
#include "tui/rows.h"

#define NAME_BYTES TRANSPORT_NAME_BYTES

/* The cells of one shape that can be ranked, fastest first. */
struct ranking {
	const struct model *model;
	const struct shape *shape;
	size_t count;
	const struct cell *cells[ROWS_MAX];
};

static const char *cell_name(const struct cell *cell, char name[NAME_BYTES])
{
	return transport_format(&cell->plan->transport, name);
}

static const char *ns_text(double ns, char text[FMT_BYTES])
{
	return fmt_ns(ns, false, text);
}

static const char *ratio_text(double ratio, char text[FMT_BYTES])
{
	return fmt_ratio(ratio, false, text);
}

static bool by_reference(const struct cell *cell)
{
	return cell->plan->transport.encoding->flags & ENCODING_BY_REFERENCE;
}

static void rank_shape(const struct model *model, const struct shape *shape,
		       struct ranking *ranking)
{
	struct rows rows;

	rows_of_shape(model, shape, SORT_MEDIAN, false, &rows);
	*ranking = (struct ranking){.model = model, .shape = shape};
	for (size_t i = 0; i < rows.count; i++) {
		const struct cell *cell = &model->cells[rows.cells[i]];

		if (cell->state == CELL_DONE && cell->summary.p50_ns > 0)
			ranking->cells[ranking->count++] = cell;
	}
}

/* Certainly faster: the intervals of the medians lie apart. */
static bool beats(const struct cell *a, const struct cell *b)
{
	return a->summary.p50_ci_high_ns < b->summary.p50_ci_low_ns;
}

/* The fastest that has the property (or has it not); NULL if none. */
static const struct cell *fastest(const struct ranking *ranking, bool reference)
{
	for (size_t i = 0; i < ranking->count; i++)
		if (by_reference(ranking->cells[i]) == reference)
			return ranking->cells[i];
	return NULL;
}

/* The winner if it is one for certain, else NULL. */
static const struct cell *winner_of(const struct model *model, const struct shape *shape)
{
	struct ranking ranking;

	rank_shape(model, shape, &ranking);
	return ranking.count > 1 && beats(ranking.cells[0], ranking.cells[1]) ? ranking.cells[0]
									      : NULL;
}

static bool say_tie(const struct ranking *ranking, char *text)
{
	const struct summary *a = &ranking->cells[0]->summary;
	const struct summary *b = &ranking->cells[1]->summary;
	bool intervals = isfinite(a->p50_ci_high_ns) && isfinite(b->p50_ci_low_ns);
	char names[2][NAME_BYTES];
	char figures[2][FMT_BYTES];

	(void)snprintf(text, SAYS_BYTES, "%s and %s are too close to call: %s and %s, %s.",
		       cell_name(ranking->cells[0], names[0]), cell_name(ranking->cells[1], names[1]),
		       ns_text(a->p50_ns, figures[0]), ns_text(b->p50_ns, figures[1]),
		       intervals ? "and the 95% intervals overlap"
				 : "from too few samples for an interval");
	return true;
}

static bool say_winner(const struct ranking *ranking, char *text)
{
	const struct cell *best = ranking->cells[0];
	const struct cell *last;
	char names[3][NAME_BYTES];
	char figures[4][FMT_BYTES];
	int used;

	if (ranking->count < 2)
		return false;
	if (!beats(best, ranking->cells[1]))
		return say_tie(ranking, text);
	last = ranking->cells[ranking->count - 1];
	used = snprintf(text, SAYS_BYTES, "%s is fastest: %s, %s, %s as fast as %s",
			cell_name(best, names[0]), ns_text(best->summary.p50_ns, figures[0]),
			fmt_rate(best->summary.throughput_bytes_per_s, figures[1]),
			ratio_text(ranking->cells[1]->summary.p50_ns / best->summary.p50_ns,
				   figures[2]),
			cell_name(ranking->cells[1], names[1]));
	if (ranking->count > 2)
		(void)snprintf(text + used, SAYS_BYTES - (size_t)used, " and %s as fast as %s.",
			       ratio_text(last->summary.p50_ns / best->summary.p50_ns, figures[3]),
			       cell_name(last, names[2]));
	else
		(void)snprintf(text + used, SAYS_BYTES - (size_t)used, ".");
	return true;
}

static bool say_reference(const struct ranking *ranking, char *text)
{
	const struct cell *shared = fastest(ranking, true);
	const struct cell *copied = fastest(ranking, false);
	const struct cell *best;
	const struct cell *other;
	char names[2][NAME_BYTES];
	char ratio[FMT_BYTES];

	if (!shared || !copied)
		return false;
	best = beats(shared, copied) ? shared : copied;
	other = best == shared ? copied : shared;
	if (!beats(best, other))
		return false;
	(void)snprintf(text, SAYS_BYTES, best == shared
			       ? "Shared memory pays here: %s is %s as fast as %s, the best that copies."
			       : "Shared memory does not pay here: %s copies and is %s as fast as %s.",
		       cell_name(best, names[0]),
		       ratio_text(other->summary.p50_ns / best->summary.p50_ns, ratio),
		       cell_name(other, names[1]));
	return true;
}

/* Does counting the first read turn the order of the best by reference and the best by value? */
static bool say_with_read(const struct ranking *ranking, char *text)
{
	const struct cell *shared = fastest(ranking, true);
	const struct cell *copied = fastest(ranking, false);
	double shared_low, shared_high, copied_low, copied_high;
	char names[2][NAME_BYTES];
	char figures[2][FMT_BYTES];

	if (!shared || !copied || !beats(shared, copied) ||
	    !says_median_interval(shared->with_read, &shared_low, &shared_high) ||
	    !says_median_interval(copied->with_read, &copied_low, &copied_high) ||
	    copied_high >= shared_low)
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "Counting the first read turns it round: %s needs %s until every element was "
		       "read once, %s needs %s.", cell_name(copied, names[0]),
		       ns_text(copied->summary.p50_with_read_ns, figures[0]),
		       cell_name(shared, names[1]),
		       ns_text(shared->summary.p50_with_read_ns, figures[1]));
	return true;
}

#define READ_SHARE_LEAST 0.1

/* By-reference encodings put their page faults into the first read. */
static bool say_read(const struct ranking *ranking, char *text)
{
	const struct cell *shared = fastest(ranking, true);
	const struct cell *copied = fastest(ranking, false);
	char names[2][NAME_BYTES];
	char figures[2][FMT_BYTES];

	if (!shared || !copied || !(shared->summary.read_ns > 1.3 * copied->summary.read_ns) ||
	    !(shared->summary.read_ns > READ_SHARE_LEAST * shared->summary.mean_ns))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "The first read of %s takes %s on top of its latency (%s: %s): its pages are "
		       "mapped only then.", cell_name(shared, names[0]),
		       ns_text(shared->summary.read_ns, figures[0]), cell_name(copied, names[1]),
		       ns_text(copied->summary.read_ns, figures[1]));
	return true;
}

#define MAKE_SHARE_LEAST 0.3

static bool say_make(const struct ranking *ranking, char *text)
{
	const struct cell *best = ranking->count ? ranking->cells[0] : NULL;
	char name[NAME_BYTES];
	double share;

	if (!best || ranking->model->plan->options.source != SOURCE_FRESH)
		return false;
	share = best->summary.make_ns / best->summary.mean_ns;
	if (!(share > MAKE_SHARE_LEAST))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "Of %s's latency %.0f%% is the drawing of random numbers, not moving them; "
		       "source ready leaves that out.", cell_name(best, name),
		       100 * fmin(share, 1));
	return true;
}

#define TEXT_SHARE_LEAST 0.3

static bool is_text_of_numbers(const struct cell *cell)
{
	const char *encoding = cell->plan->transport.encoding->name;

	return strcmp(encoding, "json") == 0 || strcmp(encoding, "cjson") == 0;
}

/* What numbers as text cost: the fastest cell that sends them so. */
static bool say_json(const struct ranking *ranking, char *text)
{
	const struct cell *cell = NULL;
	const struct summary *summary;
	char name[NAME_BYTES];
	double encode, decode;

	for (size_t i = 0; i < ranking->count && !cell; i++)
		if (is_text_of_numbers(ranking->cells[i]))
			cell = ranking->cells[i];
	if (!cell)
		return false;
	summary = &cell->summary;
	encode = summary->encode_ns / summary->mean_ns;
	decode = summary->decode_ns / summary->mean_ns;
	if (!(encode + decode > TEXT_SHARE_LEAST))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "%s spends %.0f%% of its latency writing numbers as text and %.0f%% reading "
		       "them back%s.", cell_name(cell, name), 100 * encode, 100 * decode,
		       summary->overlap_ns > 0 ? ", partly at once" : "");
	return true;
}

static bool say_memcpy(const struct ranking *ranking, char *text)
{
	const struct cell *best = ranking->count ? ranking->cells[0] : NULL;
	char name[NAME_BYTES];
	char ratio[FMT_BYTES];

	if (!best || !(best->summary.memcpy_ratio > 0))
		return false;
	(void)snprintf(text, SAYS_BYTES, "%s takes %s the time of one warm copy in memory.",
		       cell_name(best, name), ratio_text(best->summary.memcpy_ratio, ratio));
	return true;
}

#define SAMPLES_FEW 20

static bool say_few(const struct ranking *ranking, char *text)
{
	const struct cell *fewest = NULL;
	char name[NAME_BYTES];
	size_t few = 0;

	for (size_t i = 0; i < ranking->count; i++) {
		const struct cell *cell = ranking->cells[i];

		if (!(cell->summary.samples < SAMPLES_FEW))
			continue;
		few++;
		if (!fewest || cell->summary.samples < fewest->summary.samples)
			fewest = cell;
	}
	if (!fewest)
		return false;
	(void)snprintf(text, SAYS_BYTES, "%zu of %zu cells have fewer than %d samples (%s: %.0f).",
		       few, ranking->count, SAMPLES_FEW, cell_name(fewest, name),
		       fewest->summary.samples);
	return true;
}

/* Over the whole run: who wins which sizes. Only certain winners are named. */
static bool say_sizes(const struct ranking *ranking, char *text)
{
	struct row_shapes shapes;
	const struct cell *first = NULL;
	const struct cell *last = NULL;
	const struct shape *from = NULL;
	char names[2][NAME_BYTES];
	char sizes[2][FMT_BYTES];
	bool flipped = false;
	size_t wins = 0;

	rows_shapes(ranking->model, &shapes);
	for (size_t i = 0; i < shapes.count; i++) {
		const struct cell *winner = winner_of(ranking->model, shapes.shapes[i]);

		if (!winner)
			continue;
		wins++;
		first = first ? first : winner;
		flipped |= last && (winner->plan->transport.carrier != last->plan->transport.carrier ||
				    winner->plan->transport.encoding != last->plan->transport.encoding);
		if (flipped && !from)
			from = shapes.shapes[i];
		last = winner;
	}
	if (wins < 2)
		return false;
	if (!flipped) {
		(void)snprintf(text, SAYS_BYTES, "%s wins %s.", cell_name(first, names[0]),
			       wins == shapes.count ? "every shape"
						    : "every shape that has a certain winner");
		return true;
	}
	(void)snprintf(text, SAYS_BYTES,
		       "The winner changes with size: %s at %s, %s at %s; the first change is at %s.",
		       cell_name(first, names[0]), fmt_payload(first->plan->type.bytes, sizes[0]),
		       cell_name(last, names[1]), fmt_payload(last->plan->type.bytes, sizes[1]),
		       fmt_payload(array_describe(from, last->plan->type.dtype).bytes,
				   (char[FMT_BYTES]){0}));
	return true;
}

/* 1 if shared memory certainly wins this shape, -1 if copying does, 0 if neither is sure. */
static int reference_verdict(const struct model *model, const struct shape *shape)
{
	struct ranking ranking;
	const struct cell *shared;
	const struct cell *copied;

	rank_shape(model, shape, &ranking);
	shared = fastest(&ranking, true);
	copied = fastest(&ranking, false);
	if (!shared || !copied)
		return 0;
	return beats(shared, copied) ? 1 : beats(copied, shared) ? -1 : 0;
}

static bool say_break_even(const struct ranking *ranking, char *text)
{
	struct row_shapes shapes;
	const struct shape *below = NULL; /* the largest at which copying wins */
	const struct shape *above = NULL; /* the smallest, larger than that, at which it does not */
	size_t shared_wins = 0;
	char sizes[2][FMT_BYTES];

	rows_shapes(ranking->model, &shapes);
	for (size_t i = 0; i < shapes.count; i++) {
		int verdict = reference_verdict(ranking->model, shapes.shapes[i]);

		if (verdict < 0) {
			below = shapes.shapes[i];
			above = NULL;
		}
		if (verdict > 0) {
			above = above ? above : shapes.shapes[i];
			shared_wins++;
		}
	}
	if (!below || !above) {
		if (shared_wins < 2 && !(below && !shared_wins))
			return false;
		(void)snprintf(text, SAYS_BYTES, "Shared memory %s copying at every size that tells.",
			       below ? "is slower than" : "beats");
		return true;
	}
	(void)snprintf(text, SAYS_BYTES,
		       "Shared memory begins to pay between %s, where copying wins, and %s.",
		       fmt_payload(array_describe(below, DTYPE_FLOAT64).bytes, sizes[0]),
		       fmt_payload(array_describe(above, DTYPE_FLOAT64).bytes, sizes[1]));
	return true;
}

/* Published medians are of fresh arrays in fresh memory: next to anything else they mislead. */
static bool say_published(const struct ranking *ranking, char *text)
{
	const struct model *model = ranking->model;
	const struct plan_options *options = &model->plan->options;
	double least = INFINITY;
	double most = 0;
	char figures[2][FMT_BYTES];

	if (options->source != SOURCE_FRESH || options->memory != MEMORY_FRESH)
		return false;
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];
		double published = (double)blog_median_ns(&cell->plan->transport,
							  &cell->plan->type.shape);

		if (cell->state != CELL_DONE || !(published > 0) || !(cell->summary.p50_ns > 0))
			continue;
		least = fmin(least, published / cell->summary.p50_ns);
		most = fmax(most, published / cell->summary.p50_ns);
	}
	if (!(most > 0))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "Against the published medians (another machine, Python) these are %s to %s as "
		       "fast.", ratio_text(least, figures[0]), ratio_text(most, figures[1]));
	return true;
}

typedef bool say_rule(const struct ranking *ranking, char *text);

static say_rule *const shape_rules[] = {
	say_winner, say_reference, say_with_read, say_json, say_make, say_read, say_memcpy, say_few,
};

static say_rule *const run_rules[] = {
	say_sizes, say_break_even, say_published,
};

/* Where the sentences go. */
struct page {
	struct says_line *lines;
	size_t capacity, count;
};

static void page_apply(struct page *page, const struct ranking *ranking, say_rule *const *rules,
		       size_t count)
{
	for (size_t i = 0; i < count && page->count < page->capacity; i++) {
		struct says_line *line = &page->lines[page->count];

		line->role = rules[i] == say_few ? ROLE_WARN : ROLE_TEXT;
		page->count += rules[i](ranking, line->text);
	}
}

/* One line a cell that asks for care. */
static void page_add_odd(struct page *page, const struct model *model, const struct shape *shape)
{
	char name[NAME_BYTES];

	for (size_t i = 0; i < model->cell_count && page->count < page->capacity; i++) {
		const struct cell *cell = &model->cells[i];
		struct says_line *line = &page->lines[page->count];

		if (shape && !shape_equal(&cell->plan->type.shape, shape))
			continue;
		line->role = ROLE_WARN;
		if (cell->state == CELL_WRONG)
			(void)snprintf(line->text, SAYS_BYTES,
				       "%s sent wrong arrays and is not ranked: %.200s",
				       cell_name(cell, name), cell->reason);
		page->count += cell->state == CELL_WRONG || says_unsteady(cell, line->text);
	}
}

size_t says_find(const struct model *model, const struct shape *shape, struct says_line *lines,
		 size_t capacity)
{
	struct page page = {.lines = lines, .capacity = capacity};
	struct ranking ranking = {.model = model, .shape = shape};

	if (model->cell_count == 0)
		return 0;
	if (shape) {
		rank_shape(model, shape, &ranking);
		page_apply(&page, &ranking, shape_rules,
			   sizeof(shape_rules) / sizeof(shape_rules[0]));
	} else {
		page_apply(&page, &ranking, run_rules, sizeof(run_rules) / sizeof(run_rules[0]));
	}
	page_add_odd(&page, model, shape);
	return page.count;
}
