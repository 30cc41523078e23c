/* SPDX-License-Identifier: MIT */
/* Sentences on a whole run: what changes with the size, and against what was published. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/plan/preset.h"
#include "bench/report/rows.h"
#include "bench/report/says.h"
#include "bench/report/says_rules.h"

/* The winner if it is one for certain, else NULL. */
static const struct cell *winner_of(const struct model *model, const struct array_type *type)
{
	struct ranking ranking;

	ranking_make(&ranking, model, type, RANKING_SETTLED);
	return ranking_winner(&ranking);
}

/* Which transport wins which sizes, over the whole run. Only certain winners are named. */
static bool say_sizes(const struct ranking *ranking, char *text)
{
	const struct model *model = ranking->model;
	const struct array_type *type;
	const struct cell *first = NULL;
	const struct cell *last = NULL;
	const struct array_type *from = NULL;
	char names[2][NAME_BYTES];
	char sizes[2][FMT_BYTES];
	bool flipped = false;
	size_t shapes = 0;
	size_t wins = 0;

	for (type = rows_next_type(model, NULL); type; type = rows_next_type(model, type)) {
		const struct cell *winner = winner_of(model, type);

		shapes++;
		if (!winner)
			continue;
		wins++;
		first = first ? first : winner;
		flipped |= last &&
			   (winner->plan->transport.carrier != last->plan->transport.carrier ||
			    winner->plan->transport.encoding != last->plan->transport.encoding);
		if (flipped && !from)
			from = type;
		last = winner;
	}
	if (wins < 2)
		return false;
	if (!flipped) {
		(void)snprintf(text, SAYS_BYTES, "%s wins %s.", says_name(first, names[0]),
			       wins == shapes ? "every shape" :
						"every shape that has a certain winner");
		return true;
	}
	(void)snprintf(text, SAYS_BYTES,
		       "The winner changes with size: %s at %s, %s at %s; the first change is at "
		       "%s.",
		       says_name(first, names[0]),
		       fmt_payload(array_type_bytes(&first->plan->type), sizes[0]),
		       says_name(last, names[1]),
		       fmt_payload(array_type_bytes(&last->plan->type), sizes[1]),
		       fmt_payload(array_type_bytes(from), (char[FMT_BYTES]){0}));
	return true;
}

/* 1 if shared memory certainly wins this type, -1 if copying does, 0 if neither is sure. */
static int reference_verdict(const struct model *model, const struct array_type *type)
{
	struct ranking ranking;
	const struct cell *shared;
	const struct cell *copied;

	ranking_make(&ranking, model, type, RANKING_SETTLED);
	shared = ranking_fastest(&ranking, ranking_is_shared);
	copied = ranking_fastest(&ranking, ranking_is_copied);
	if (!shared || !copied)
		return 0;
	return ranking_beats(&ranking, shared, copied) ? 1 :
	       ranking_beats(&ranking, copied, shared) ? -1 :
							 0;
}

static bool say_break_even(const struct ranking *ranking, char *text)
{
	const struct model *model = ranking->model;
	const struct array_type *type;
	const struct array_type *below = NULL; /* the largest at which copying wins */
	const struct array_type *above =
		NULL; /* the smallest, larger than that, at which it does not */
	size_t shared_wins = 0;
	bool mixed = false; /* copying wins above a size at which it does not */
	char sizes[2][FMT_BYTES];

	for (type = rows_next_type(model, NULL); type; type = rows_next_type(model, type)) {
		int verdict = reference_verdict(model, type);

		mixed |= verdict < 0 && shared_wins > 0;
		if (verdict < 0) {
			below = type;
			above = NULL;
		}
		if (verdict > 0) {
			above = above ? above : type;
			shared_wins++;
		}
	}
	if (mixed)
		return false;
	if (!below || !above) {
		if (shared_wins < 2 && !(below && !shared_wins))
			return false;
		(void)snprintf(text, SAYS_BYTES,
			       "Shared memory %s copying at every size that tells.",
			       below ? "is slower than" : "beats");
		return true;
	}
	(void)snprintf(text, SAYS_BYTES,
		       "Shared memory begins to pay between %s, where copying wins, and %s.",
		       fmt_payload(array_type_bytes(below), sizes[0]),
		       fmt_payload(array_type_bytes(above), sizes[1]));
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

	if (options->direction != DIRECTION_PULL || options->source != SOURCE_FRESH ||
	    options->memory != MEMORY_FRESH)
		return false;
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];
		double published =
			(double)blog_median_ns(&cell->plan->transport, &cell->plan->type);

		if (!rows_is_rival(cell) || cell->state != CELL_DONE || !(published > 0) ||
		    !(cell->summary.p50_ns > 0))
			continue;
		least = fmin(least, published / cell->summary.p50_ns);
		most = fmax(most, published / cell->summary.p50_ns);
	}
	if (!(most > 0))
		return false;
	(void)snprintf(text, SAYS_BYTES,
		       "Against the published medians (another machine, Python) these are %s to "
		       "%s as fast.",
		       says_ratio(least, figures[0]), says_ratio(most, figures[1]));
	return true;
}

const struct says_rule says_run_rules[] = {
	{.say = say_sizes},
	{.say = say_break_even},
	{.say = say_published},
	{.say = NULL},
};
