/* SPDX-License-Identifier: MIT */
/* The ranking of one type. */
#include "bench/report/ranking.h"

#include <math.h>
#include <stdint.h>

#include "bench/model/cell.h"
#include "bench/model/reference.h"

static bool is_of_type(const struct cell *cell, const struct array_type *type)
{
	return rows_is_rival(cell) && array_type_equal(&cell->plan->type, type);
}

static bool is_measured(const struct cell *cell)
{
	return !cell_state_final(cell->state) && cell->summary.samples > 0;
}

static bool has_state(const struct ranking *ranking, const struct cell *cell)
{
	return cell->state == CELL_DONE || (ranking->of == RANKING_SO_FAR &&
					    (is_measured(cell) || cell->state == CELL_INTERRUPTED));
}

/* Has it the figure by which it would be ranked? */
static bool can_be_ranked(const struct ranking *ranking, const struct cell *cell)
{
	return has_state(ranking, cell) && is_of_type(cell, ranking->type) &&
	       ranking_ns(ranking, cell) > 0;
}

bool ranking_sets_apart(const struct ranking *ranking, const struct cell *cell)
{
	return cell->trust.grade == 'F' && !ranking->distrusted && can_be_ranked(ranking, cell);
}

bool ranking_has(const struct ranking *ranking, const struct cell *cell)
{
	return ranking->count > 0 && can_be_ranked(ranking, cell) &&
	       !ranking_sets_apart(ranking, cell);
}

double ranking_ns(const struct ranking *ranking, const struct cell *cell)
{
	return ranking->with_read ? cell->summary.p50_with_read_ns : cell->summary.p50_ns;
}

static bool is_faster(const struct ranking *ranking, const struct cell *a, const struct cell *b)
{
	return !b || ranking_ns(ranking, a) < ranking_ns(ranking, b);
}

/* Called in the plan's order, so that the first of equal cells stays in front. */
static void ranking_add(struct ranking *ranking, const struct cell *cell)
{
	ranking->count++;
	if (is_faster(ranking, cell, ranking->best)) {
		ranking->second = ranking->best;
		ranking->best = cell;
	} else if (is_faster(ranking, cell, ranking->second)) {
		ranking->second = cell;
	}
	if (!ranking->last || !is_faster(ranking, cell, ranking->last))
		ranking->last = cell;
}

/* A rival that goes by reference, and is not out of the race. */
static bool has_reference(const struct model *model, const struct array_type *type)
{
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];

		if (is_of_type(cell, type) && ranking_is_shared(cell) &&
		    (cell->state == CELL_DONE || !cell_state_final(cell->state)))
			return true;
	}
	return false;
}

/* Of two in a duel the one is in front that its rounds say is. */
static void ranking_duel(struct ranking *ranking)
{
	const struct cell *cells = ranking->model->cells;
	size_t best = ranking->model->duel.ratio > 1;

	ranking->best = &cells[best];
	ranking->second = ranking->last = &cells[!best];
}

/* The fastest of the cells that ended first may not be the fastest of all. */
static bool is_settled(const struct model *model, const struct array_type *type)
{
	for (size_t i = 0; i < model->cell_count; i++)
		if (is_measured(&model->cells[i]) && is_of_type(&model->cells[i], type))
			return false;
	return true;
}

void ranking_make(struct ranking *ranking, const struct model *model, const struct array_type *type,
		  enum ranking_of of)
{
	*ranking = (struct ranking){.model = model, .type = type, .of = of};
	if (of == RANKING_SETTLED && !is_settled(model, type))
		return;
	ranking->with_read = has_reference(model, type);
	ranking->distrusted = true;
	for (size_t i = 0; i < model->cell_count; i++)
		ranking->distrusted &= model->cells[i].trust.grade == 'F' ||
				       !can_be_ranked(ranking, &model->cells[i]);
	for (size_t i = 0; i < model->cell_count; i++)
		if (can_be_ranked(ranking, &model->cells[i]) &&
		    !ranking_sets_apart(ranking, &model->cells[i]))
			ranking_add(ranking, &model->cells[i]);
	if (model->plan->duel && ranking->count == 2 && model->duel.rounds)
		ranking_duel(ranking);
}

/* 0: ranked; 1: apart; 2: not done, or without the figure that counts. */
static int ranking_class(const struct ranking *ranking, const struct cell *cell)
{
	if (!can_be_ranked(ranking, cell))
		return 2;
	return ranking_sets_apart(ranking, cell) ? 1 : 0;
}

int ranking_compare(const struct ranking *ranking, const struct cell *a, const struct cell *b)
{
	int classes[] = {ranking_class(ranking, a), ranking_class(ranking, b)};
	double ns[] = {ranking_ns(ranking, a), ranking_ns(ranking, b)};

	if (classes[0] != classes[1])
		return classes[0] - classes[1];
	if (classes[0] < 2 && ns[0] != ns[1])
		return ns[0] < ns[1] ? -1 : 1;
	return (a > b) - (a < b); /* the plan's order: both lie in model->cells */
}

/* What counts, of each of a cell's blocks. */
static struct ratio_side side_make(const struct ranking *ranking, const struct cell *cell)
{
	const struct block_result *blocks = cell->blocks;

	if (!blocks || !cell->blocks_done)
		return (struct ratio_side){0};
	return (struct ratio_side){
		.medians_ns = ranking->with_read ? &blocks->p50_with_read_ns : &blocks->p50_ns,
		.rounds = &blocks->round,
		.count = cell->blocks_done,
		.step_bytes = sizeof(blocks[0]),
	};
}

/* A duel is looked at after every round, and has a test of its own that allows that. */
static struct ratio duel_ratio(const struct model *model, bool inverse)
{
	static const enum ratio_state states[2][4] = {
		{[SEQUENTIAL_UNDECIDED] = RATIO_UNDECIDED,
		 [SEQUENTIAL_SAME] = RATIO_SAME,
		 [SEQUENTIAL_A_FASTER] = RATIO_FASTER,
		 [SEQUENTIAL_B_FASTER] = RATIO_SLOWER},
		{[SEQUENTIAL_UNDECIDED] = RATIO_UNDECIDED,
		 [SEQUENTIAL_SAME] = RATIO_SAME,
		 [SEQUENTIAL_A_FASTER] = RATIO_SLOWER,
		 [SEQUENTIAL_B_FASTER] = RATIO_FASTER},
	};
	const struct sequential *duel = &model->duel;
	bool bounded = duel->low > 0 && isfinite(duel->high);
	double low = bounded ? duel->low : (double)NAN;
	double high = bounded ? duel->high : (double)NAN;

	return (struct ratio){
		.rounds = duel->rounds,
		.ratio = inverse ? 1 / duel->ratio : duel->ratio,
		.low = inverse ? 1 / high : low,
		.high = inverse ? 1 / low : high,
		.state = states[inverse][duel->state],
		.confidence = 1 - duel->alpha,
		.deviation = NAN,
	};
}

struct ratio ranking_ratio(const struct ranking *ranking, const struct cell *a,
			   const struct cell *b)
{
	struct ratio_side a_side = side_make(ranking, a);
	struct ratio_side b_side = side_make(ranking, b);
	struct ratio ratio;

	if (ranking->model->plan->duel && a != b)
		return duel_ratio(ranking->model, a != &ranking->model->cells[0]);
	ratio = ratio_of_rounds(&a_side, &b_side, ranking->count > 2 ? ranking->count - 1 : 1);
	if (!ranking_has(ranking, a) || !ranking_has(ranking, b))
		ratio.state = RATIO_UNDECIDED;
	return ratio;
}

struct ratio ranking_versus(const struct ranking *ranking, const struct cell *a,
			    const struct cell *b)
{
	struct ratio ratio = ranking_ratio(ranking, a, b);
	double quotient = ranking_ns(ranking, a) / ranking_ns(ranking, b);

	if (isnan(ratio.ratio) || isnan(quotient))
		ratio.ratio = quotient;
	return ratio;
}

struct ratio ranking_versus_best(const struct ranking *ranking, const struct cell *cell)
{
	return ranking->best ? ranking_versus(ranking, cell, ranking->best) :
			       (struct ratio){.ratio = NAN, .low = NAN, .high = NAN};
}

const char *ranking_mark(const struct ratio *ratio)
{
	static const char *const marks[] = {
		[RATIO_UNDECIDED] = "~",
		[RATIO_SAME] = "=",
		[RATIO_FASTER] = "",
		[RATIO_SLOWER] = "",
	};

	return isnan(ratio->ratio) ? "" : marks[ratio->state];
}

bool ranking_beats(const struct ranking *ranking, const struct cell *a, const struct cell *b)
{
	return ranking_ratio(ranking, a, b).state == RATIO_FASTER;
}

struct ranking_top ranking_top(const struct ranking *ranking)
{
	const struct model *model = ranking->model;
	struct ranking_top top = {.state = RATIO_SAME, .rounds_least = SIZE_MAX};

	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];
		struct ratio ratio;

		if (cell == ranking->best || !ranking_has(ranking, cell))
			continue;
		ratio = ranking_ratio(ranking, cell, ranking->best);
		if (ratio.state == RATIO_SLOWER)
			continue;
		top.cells[top.count < RANKING_TOP ? top.count : RANKING_TOP - 1] = cell;
		top.count++;
		top.rounds_least = ratio.rounds < top.rounds_least ? ratio.rounds :
								     top.rounds_least;
		if (ratio.state != RATIO_SAME)
			top.state = RATIO_UNDECIDED;
	}
	return top;
}

static void more_add(struct ranking_more *more, const struct model *model, const struct cell *cell)
{
	more->rows.cells[more->rows.count++] = (size_t)(cell - model->cells);
	more->ns += (double)more->rounds * cell_block_ns(cell);
}

void ranking_more(const struct ranking *ranking, struct ranking_more *more)
{
	const struct model *model = ranking->model;
	const struct cell *reference;

	more->rows.count = 0;
	more->rounds = RANKING_MORE_ROUNDS;
	more->ns = 0;
	for (size_t i = 0; i < model->cell_count && more->rows.count < ROWS_MAX - 1; i++) {
		const struct cell *cell = &model->cells[i];

		if (cell != ranking->best && ranking_has(ranking, cell) &&
		    ranking_ratio(ranking, cell, ranking->best).state == RATIO_UNDECIDED)
			more_add(more, model, cell);
	}
	if (more->rows.count == 0)
		return;
	more_add(more, model, ranking->best);
	reference = reference_of(model, ranking->type);
	if (reference && reference->blocks_done && reference->state != CELL_FAILED)
		more->ns += (double)more->rounds * cell_block_ns(reference);
}

const struct cell *ranking_winner(const struct ranking *ranking)
{
	/* Looking at the second first, since it is the likeliest not to be beaten. */
	if (ranking->count < 2 || !ranking_beats(ranking, ranking->best, ranking->second))
		return NULL;
	return ranking_top(ranking).count == 0 ? ranking->best : NULL;
}

const struct cell *ranking_fastest(const struct ranking *ranking,
				   bool (*is_so)(const struct cell *cell))
{
	const struct cell *fastest = NULL;

	for (size_t i = 0; i < ranking->model->cell_count; i++) {
		const struct cell *cell = &ranking->model->cells[i];

		if (ranking_has(ranking, cell) && is_so(cell) && is_faster(ranking, cell, fastest))
			fastest = cell;
	}
	return fastest;
}

bool ranking_is_shared(const struct cell *cell)
{
	return cell->plan->transport.encoding->flags & ENCODING_BY_REFERENCE;
}

bool ranking_is_copied(const struct cell *cell)
{
	return !ranking_is_shared(cell);
}
