/* SPDX-License-Identifier: MIT */
/* The ranking of one type. */
#include "bench/report/says_rank.h"

#include "bench/report/rows.h"

static bool is_of_type(const struct cell *cell, const struct array_type *type)
{
	return rows_is_rival(cell) && array_type_equal(&cell->plan->type, type);
}

static bool can_be_ranked(const struct cell *cell)
{
	return cell->state == CELL_DONE && cell->summary.p50_ns > 0;
}

static bool is_faster(const struct cell *a, const struct cell *b)
{
	return !b || a->summary.p50_ns < b->summary.p50_ns;
}

/* Called in the plan's order, so that the first of equal cells stays in front. */
static void ranking_add(struct ranking *ranking, const struct cell *cell)
{
	ranking->count++;
	if (is_faster(cell, ranking->best)) {
		ranking->second = ranking->best;
		ranking->best = cell;
	} else if (is_faster(cell, ranking->second)) {
		ranking->second = cell;
	}
	if (!ranking->last || !is_faster(cell, ranking->last))
		ranking->last = cell;
}

void rank_type(const struct model *model, const struct array_type *type, struct ranking *ranking)
{
	*ranking = (struct ranking){.model = model, .type = type};
	/* The fastest of the cells that ended first may not be the fastest of all. */
	for (size_t i = 0; i < model->cell_count; i++)
		if (!cell_state_final(model->cells[i].state) &&
		    model->cells[i].summary.samples > 0 && is_of_type(&model->cells[i], type))
			return;
	for (size_t i = 0; i < model->cell_count; i++)
		if (can_be_ranked(&model->cells[i]) && is_of_type(&model->cells[i], type))
			ranking_add(ranking, &model->cells[i]);
}

bool rank_has(const struct ranking *ranking, const struct cell *cell)
{
	return ranking->count > 0 && can_be_ranked(cell) && is_of_type(cell, ranking->type);
}

bool rank_beats(const struct cell *a, const struct cell *b)
{
	struct ratio ratio = model_ratio(a, b);

	return ratio_judge(&ratio) == RATIO_FASTER;
}

const struct cell *rank_fastest(const struct ranking *ranking,
				bool (*is_so)(const struct cell *cell))
{
	const struct cell *fastest = NULL;

	for (size_t i = 0; i < ranking->model->cell_count; i++) {
		const struct cell *cell = &ranking->model->cells[i];

		if (rank_has(ranking, cell) && is_so(cell) && is_faster(cell, fastest))
			fastest = cell;
	}
	return fastest;
}

bool rank_is_shared(const struct cell *cell)
{
	return cell->plan->transport.encoding->flags & ENCODING_BY_REFERENCE;
}

bool rank_is_copied(const struct cell *cell)
{
	return !rank_is_shared(cell);
}
