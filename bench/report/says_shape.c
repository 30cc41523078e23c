/* SPDX-License-Identifier: MIT */
/* Sentences on one shape. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/model/cell.h"
#include "bench/report/says.h"
#include "bench/report/says_rules.h"

/* "ws+bytes, unix+bytes and 2 more". */
static void names_text(const struct ranking *ranking, const struct ranking_top *top, char *text,
		       size_t size)
{
	size_t shown = top->count < RANKING_TOP ? top->count : RANKING_TOP - 1;
	char name[NAME_BYTES];
	int used = snprintf(text, size, "%s", says_name(ranking->best, name));

	for (size_t i = 0; i < shown; i++)
		used += snprintf(text + used, size - (size_t)used, "%s%s",
				 i + 1 == top->count ? " and " : ", ",
				 says_name(top->cells[i], name));
	if (shown < top->count)
		(void)snprintf(text + used, size - (size_t)used, " and %zu more",
			       top->count - shown);
}

/* ", between 0.94x and 1.10x (95 %). About 14 more blocks of each would tell": what is known. */
static void pair_text(const struct ratio *ratio, char *text, size_t size)
{
	size_t more = ratio_rounds_more(ratio);
	char figures[2][FMT_BYTES];
	int used = 0;

	text[0] = '\0';
	if (ratio->low > 0)
		used = snprintf(text, size, "; their ratio is %s to %s (95%%)",
				says_ratio(ratio->low, figures[0]),
				says_ratio(ratio->high, figures[1]));
	if (more)
		(void)snprintf(text + used, size - (size_t)used, "; about %zu more of each would",
			       more);
}

/* Nobody was shown to win: the same, or not decided. */
static bool say_tie(const struct ranking *ranking, const struct ranking_top *top, char *text)
{
	struct ratio ratio = ranking_ratio(ranking, top->cells[0], ranking->best);
	char names[(RANKING_TOP + 1) * NAME_BYTES];
	char blocks[FMT_BYTES];
	char pair[SAYS_BYTES / 2] = "";

	names_text(ranking, top, names, sizeof(names));
	(void)says_blocks(top->rounds_least, blocks);
	if (top->count == 1)
		pair_text(&ratio, pair, sizeof(pair));
	if (top->state == RATIO_SAME)
		(void)snprintf(text, SAYS_BYTES,
			       "%.140s are the same within %.0f%% (%s of each)%s.", names,
			       100 * RATIO_SAME_WIDTH, blocks, pair);
	else if (top->rounds_least == 0)
		(void)snprintf(text, SAYS_BYTES,
			       "%.140s are undecided: no round has a block of each.", names);
	else if (top->count > 1)
		(void)snprintf(text, SAYS_BYTES, "%.140s cannot be told apart (%s of each).", names,
			       blocks);
	else
		(void)snprintf(text, SAYS_BYTES, "%.140s are undecided: %s of each cannot tell%s.",
			       names, blocks, pair);
	return true;
}

static bool say_winner(const struct ranking *ranking, char *text)
{
	const struct cell *best = ranking->best;
	const struct cell *second = ranking->second;
	const struct cell *last = ranking->last;
	struct ranking_top top;
	struct ratio ratio;
	char names[3][NAME_BYTES];
	char figures[6][FMT_BYTES];
	int used;

	if (ranking->count < 2)
		return false;
	top = ranking_top(ranking);
	if (top.count)
		return say_tie(ranking, &top, text);
	ratio = ranking_ratio(ranking, second, best);
	used = snprintf(
		text, SAYS_BYTES, "%s is fastest%s: %s, %s%s%s as fast as %s (95%%: %s to %s)",
		says_name(best, names[0]), ranking->with_read ? ", the first read included" : "",
		says_ns(ranking_ns(ranking, best), figures[0]),
		ranking->with_read ? "" :
				     fmt_rate(best->summary.throughput_bytes_per_s, figures[1]),
		ranking->with_read ? "" : ", ", says_ratio(ratio.ratio, figures[2]),
		says_name(second, names[1]), says_ratio(ratio.low, figures[3]),
		says_ratio(ratio.high, figures[4]));
	ratio = ranking_ratio(ranking, last, best);
	if (ranking->count > 2)
		(void)snprintf(text + used, SAYS_BYTES - (size_t)used, " and %s as fast as %s.",
			       says_ratio(ratio.ratio, figures[5]), says_name(last, names[2]));
	else
		(void)snprintf(text + used, SAYS_BYTES - (size_t)used, ".");
	return true;
}

static bool say_reference(const struct ranking *ranking, char *text)
{
	const struct cell *shared = ranking_fastest(ranking, ranking_is_shared);
	const struct cell *copied = ranking_fastest(ranking, ranking_is_copied);
	const struct cell *best;
	const struct cell *other;
	char names[2][NAME_BYTES];
	char ratio[FMT_BYTES];

	if (!shared || !copied)
		return false;
	best = ranking_beats(ranking, shared, copied) ? shared : copied;
	other = best == shared ? copied : shared;
	if (!ranking_beats(ranking, best, other))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       best == shared ?
			       "Shared memory pays here: %s is %s as fast as %s, the best that "
			       "copies." :
			       "Shared memory does not pay here: %s copies and is %s as fast as "
			       "%s.",
		       says_name(best, names[0]),
		       says_ratio(ranking_ratio(ranking, other, best).ratio, ratio),
		       says_name(other, names[1]));
	return true;
}

/* Does counting the first read turn the order of the best by reference and the best by value? */
static bool say_with_read(const struct ranking *ranking, char *text)
{
	const struct cell *shared = ranking_fastest(ranking, ranking_is_shared);
	const struct cell *copied = ranking_fastest(ranking, ranking_is_copied);
	struct ranking latency = *ranking;
	char names[2][NAME_BYTES];
	char figures[2][FMT_BYTES];

	latency.with_read = false;
	if (!shared || !copied || !ranking_beats(&latency, shared, copied) ||
	    !ranking_beats(ranking, copied, shared))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "Counting the first read turns it round: %s needs %s until every element "
		       "was read once, %s needs %s.",
		       says_name(copied, names[0]),
		       says_ns(copied->summary.p50_with_read_ns, figures[0]),
		       says_name(shared, names[1]),
		       says_ns(shared->summary.p50_with_read_ns, figures[1]));
	return true;
}

#define READ_SHARE_LEAST 0.1

/* By-reference encodings put their page faults into the first read. */
static bool say_read(const struct ranking *ranking, char *text)
{
	const struct cell *shared = ranking_fastest(ranking, ranking_is_shared);
	const struct cell *copied = ranking_fastest(ranking, ranking_is_copied);
	char names[2][NAME_BYTES];
	char figures[2][FMT_BYTES];

	if (!shared || !copied || !(shared->summary.read_ns > 1.3 * copied->summary.read_ns) ||
	    !(shared->summary.read_ns > READ_SHARE_LEAST * shared->summary.mean_ns))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "The first read of %s takes %s on top of its latency (%s: %s): its pages "
		       "are mapped only then.",
		       says_name(shared, names[0]), says_ns(shared->summary.read_ns, figures[0]),
		       says_name(copied, names[1]), says_ns(copied->summary.read_ns, figures[1]));
	return true;
}

#define MAKE_SHARE_LEAST 0.3

static bool say_make(const struct ranking *ranking, char *text)
{
	const struct cell *best = ranking->best;
	char name[NAME_BYTES];
	double share;

	if (!best || ranking->model->plan->options.source != SOURCE_FRESH)
		return false;
	share = cell_stage_ns(best, best->summary.make_ns, best->summary.request_make_ns) /
		best->summary.mean_ns;
	if (!(share > MAKE_SHARE_LEAST))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "Of %s's latency %.0f%% is the drawing of random numbers, not moving them; "
		       "source ready leaves that out.",
		       says_name(best, name), 100 * fmin(share, 1));
	return true;
}

#define TEXT_SHARE_LEAST 0.3

static bool is_text_of_numbers(const struct cell *cell)
{
	return cell->plan->transport.encoding->flags & ENCODING_DIGITS;
}

/* What numbers as text cost: the fastest cell that sends them so. */
static bool say_json(const struct ranking *ranking, char *text)
{
	const struct cell *cell = ranking_fastest(ranking, is_text_of_numbers);
	const struct summary *summary;
	char name[NAME_BYTES];
	double encode, decode;

	if (!cell)
		return false;
	summary = &cell->summary;
	encode = cell_stage_ns(cell, summary->encode_ns, summary->request_encode_ns) /
		 summary->mean_ns;
	decode = cell_stage_ns(cell, summary->decode_ns, summary->request_decode_ns) /
		 summary->mean_ns;
	if (!(encode + decode > TEXT_SHARE_LEAST))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "%s spends %.0f%% of its latency writing numbers as text and %.0f%% reading "
		       "them back%s.",
		       says_name(cell, name), 100 * encode, 100 * decode,
		       summary->overlap_ns > 0 ? ", partly at once" : "");
	return true;
}

static bool say_memcpy(const struct ranking *ranking, char *text)
{
	const struct cell *best = ranking->best;
	char name[NAME_BYTES];
	char ratio[FMT_BYTES];

	if (!best || !(best->summary.memcpy_ratio > 0))
		return false;
	(void)snprintf(text, SAYS_BYTES, "%s takes %s the time of one warm copy in memory.",
		       says_name(best, name), says_ratio(best->summary.memcpy_ratio, ratio));
	return true;
}

/* What of the trust F ranks below the rest, and why. */
static bool say_apart(const struct ranking *ranking, char *text)
{
	const struct cell *first = NULL;
	char name[NAME_BYTES];
	char more[2 * FMT_BYTES] = "";
	size_t count = 0;

	for (size_t i = 0; i < ranking->model->cell_count; i++) {
		const struct cell *cell = &ranking->model->cells[i];

		if (!ranking->count || !ranking_sets_apart(ranking, cell))
			continue;
		first = first ? first : cell;
		count++;
	}
	if (!first)
		return false;
	if (count > 1)
		(void)snprintf(more, sizeof(more), " and %zu more", count - 1);
	(void)snprintf(text, SAYS_BYTES, "%s%s: trust F, so below the rest and not ranked. %s",
		       says_name(first, name), more, first->trust.reasons[0].sentence);
	return true;
}

#define SAMPLES_FEW 20

/* Whether a has fewer samples than b, or as many and is faster. */
static bool has_fewer(const struct cell *a, const struct cell *b)
{
	if (!b || a->summary.samples < b->summary.samples)
		return true;
	return a->summary.samples == b->summary.samples && a->summary.p50_ns < b->summary.p50_ns;
}

static bool say_few(const struct ranking *ranking, char *text)
{
	const struct cell *fewest = NULL;
	char name[NAME_BYTES];
	size_t few = 0;

	for (size_t i = 0; i < ranking->model->cell_count; i++) {
		const struct cell *cell = &ranking->model->cells[i];

		if (!ranking_has(ranking, cell) || !(cell->summary.samples < SAMPLES_FEW))
			continue;
		few++;
		if (has_fewer(cell, fewest))
			fewest = cell;
	}
	if (!fewest)
		return false;
	(void)snprintf(text, SAYS_BYTES, "%zu of %zu cells have fewer than %d samples (%s: %.0f).",
		       few, ranking->count, SAMPLES_FEW, says_name(fewest, name),
		       fewest->summary.samples);
	return true;
}

const struct says_rule says_shape_rules[] = {
	{.say = say_winner},
	{.say = say_reference},
	{.say = say_with_read},
	{.say = say_json},
	{.say = say_make},
	{.say = say_read},
	{.say = say_memcpy},
	{.say = say_apart, .warning = true},
	{.say = say_few, .warning = true},
	{.say = NULL},
};
