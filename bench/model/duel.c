/* SPDX-License-Identifier: MIT */
/* The rounds of a duel, and its verdict in words. */
#include "bench/model/duel.h"

#include <math.h>
#include <stdio.h>

#include "bench/model/cell.h"
#include "bench/text/text.h"

/* Has it ended before all of its blocks? */
static bool duel_dropped_out(const struct cell *cell)
{
	return cell_state_final(cell->state) && cell->blocks_done < cell->plan->blocks;
}

static void duel_end(struct model *model)
{
	const char *reason = model->duel.state == SEQUENTIAL_UNDECIDED ?
				     "the duel ended with its opponent" :
				     "";

	for (size_t i = 0; i < 2; i++) {
		struct cell *cell = &model->cells[i];

		if (cell->blocks_done)
			cell_finish_done(cell, model, reason);
		else
			cell_finish(cell, model, CELL_SKIPPED, reason);
	}
}

bool duel_with_read(const struct model *model)
{
	return (model->cells[0].plan->transport.encoding->flags |
		model->cells[1].plan->transport.encoding->flags) &
	       ENCODING_BY_REFERENCE;
}

bool duel_blocks(const struct model *model, size_t index, struct duel_blocks *blocks)
{
	const struct cell *cells[] = {&model->cells[0], &model->cells[1]};
	size_t at[2] = {0, 0};

	while (at[0] < cells[0]->blocks_done && at[1] < cells[1]->blocks_done) {
		const struct block_result *a = &cells[0]->blocks[at[0]];
		const struct block_result *b = &cells[1]->blocks[at[1]];

		if (a->round == b->round && index-- == 0) {
			bool with_read = duel_with_read(model);

			*blocks = (struct duel_blocks){
				.round = a->round,
				.a_ns = with_read ? a->p50_with_read_ns : a->p50_ns,
				.b_ns = with_read ? b->p50_with_read_ns : b->p50_ns,
			};
			return true;
		}
		at[0] += a->round <= b->round;
		at[1] += b->round <= a->round;
	}
	return false;
}

void duel_round(struct model *model)
{
	struct sequential *duel = &model->duel;
	bool over = duel_dropped_out(&model->cells[0]) || duel_dropped_out(&model->cells[1]);
	struct duel_blocks blocks;

	if (duel_blocks(model, model->duel_rounds, &blocks)) {
		struct err err = {0};

		model->duel_rounds++;
		if (sequential_add(duel, blocks.a_ns, blocks.b_ns, &err))
			model_note(model, "round %zu does not count: %s", blocks.round + 1,
				   err.message);
		over |= duel->state != SEQUENTIAL_UNDECIDED;
	}
	if (over)
		duel_end(model);
}

/* " is between 0.95 and 1.03", or that nothing bounds it yet. */
static void interval_text(const struct model *model, char *text, size_t size)
{
	const struct sequential *duel = &model->duel;
	const char *read = duel_with_read(model) ? ", first read included, is" : " is";
	char low[TEXT_NUMBER_BYTES];
	char high[TEXT_NUMBER_BYTES];

	if (duel->low > 0 && isfinite(duel->high))
		(void)snprintf(text, size, "%s between %s and %s", read,
			       text_significant(duel->low, 3, low),
			       text_significant(duel->high, 3, high));
	else
		(void)snprintf(text, size, "%s not bounded yet", read);
}

static void winner_text(const struct sequential *duel, const char *winner, const char *loser,
			const char *interval, char text[DUEL_TEXT_BYTES])
{
	(void)snprintf(text, DUEL_TEXT_BYTES,
		       "%s is faster than %s: settled after %zu rounds. The ratio of their "
		       "medians%s; such a verdict is false in at most 1 of %.0f duels between "
		       "equals.",
		       winner, loser, duel->decided_at, interval, 1 / duel->alpha);
}

char *duel_sentence(const struct model *model, char text[DUEL_TEXT_BYTES])
{
	const struct sequential *duel = &model->duel;
	char names[2][TRANSPORT_NAME_BYTES];
	char interval[80];

	text[0] = '\0';
	if (!model->plan->duel || duel->rounds == 0)
		return text;
	for (size_t i = 0; i < 2; i++)
		(void)transport_format(&model->cells[i].plan->transport, names[i]);
	interval_text(model, interval, sizeof(interval));
	switch (duel->state) {
	case SEQUENTIAL_A_FASTER:
		winner_text(duel, names[0], names[1], interval, text);
		break;
	case SEQUENTIAL_B_FASTER:
		winner_text(duel, names[1], names[0], interval, text);
		break;
	case SEQUENTIAL_SAME:
		(void)snprintf(text, DUEL_TEXT_BYTES,
			       "%s and %s are the same within %.0f %%: settled after %zu rounds. "
			       "The ratio of their medians%s.",
			       names[0], names[1], 100 * duel->margin, duel->decided_at, interval);
		break;
	case SEQUENTIAL_UNDECIDED:
		(void)snprintf(text, DUEL_TEXT_BYTES,
			       "Undecided between %s and %s after %zu rounds, of which they won "
			       "%zu and %zu. The ratio of their medians%s.",
			       names[0], names[1], duel->rounds, duel->a_wins, duel->b_wins,
			       interval);
		break;
	}
	return text;
}
