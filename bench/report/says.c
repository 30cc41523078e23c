/* SPDX-License-Identifier: MIT */
/* Sentences from figures: the ranking that they start from, and the page that they fill. */
#include "bench/report/says.h"

#include <stdio.h>
#include <string.h>

#include "bench/report/says_rules.h"

static bool rank_by_reference(const struct cell *cell)
{
	return cell->plan->transport.encoding->flags & ENCODING_BY_REFERENCE;
}

void rank_shape(const struct model *model, const struct shape *shape, struct ranking *ranking)
{
	struct rows rows;

	rows_of_shape(model, shape, SORT_MEDIAN, false, &rows);
	*ranking = (struct ranking){.model = model, .shape = shape};
	/* A winner among those that happened to end first would be no winner. */
	for (size_t i = 0; i < model->cell_count; i++)
		if (rows_is_rival(&model->cells[i]) && !cell_state_final(model->cells[i].state) &&
		    model->cells[i].summary.samples > 0 &&
		    shape_equal(&model->cells[i].plan->type.shape, shape))
			return;
	for (size_t i = 0; i < rows.count; i++) {
		const struct cell *cell = &model->cells[rows.cells[i]];

		if (cell->state == CELL_DONE && cell->summary.p50_ns > 0)
			ranking->cells[ranking->count++] = cell;
	}
}

bool rank_beats(const struct cell *a, const struct cell *b)
{
	struct ratio ratio = model_ratio(a, b);

	return ratio_judge(&ratio) == RATIO_FASTER;
}

const struct cell *rank_fastest(const struct ranking *ranking, bool reference)
{
	for (size_t i = 0; i < ranking->count; i++)
		if (rank_by_reference(ranking->cells[i]) == reference)
			return ranking->cells[i];
	return NULL;
}

/* Where the sentences go. */
struct page {
	struct says_line *lines;
	size_t capacity, count;
};

static void page_apply(struct page *page, const struct ranking *ranking,
		       const struct says_rule *rule)
{
	for (; rule->say && page->count < page->capacity; rule++) {
		struct says_line *line = &page->lines[page->count];

		line->warning = rule->warning;
		page->count += rule->say(ranking, line->text);
	}
}

/* "NAME ..." becomes "NAME at 1.2 MB ...": which of its cells is meant. */
static void add_payload(const struct cell *cell, char text[SAYS_BYTES])
{
	char name[NAME_BYTES];
	char bytes[FMT_BYTES];
	char rest[SAYS_BYTES];

	(void)snprintf(rest, sizeof(rest), "%s", text + strlen(says_name(cell, name)));
	(void)snprintf(text, SAYS_BYTES, "%s at %s%.230s", name,
		       fmt_payload(cell->plan->type.bytes, bytes), rest);
}

/* One line a cell that asks for care. */
static void page_add_odd(struct page *page, const struct model *model, const struct shape *shape)
{
	char name[NAME_BYTES];

	for (size_t i = 0; i < model->cell_count && page->count < page->capacity; i++) {
		const struct cell *cell = &model->cells[i];
		struct says_line *line = &page->lines[page->count];

		if (!rows_is_rival(cell) ||
		    (shape && !shape_equal(&cell->plan->type.shape, shape)))
			continue;
		line->warning = true;
		if (cell->state == CELL_WRONG)
			(void)snprintf(line->text, SAYS_BYTES,
				       "%s sent wrong arrays and is not ranked: %.200s",
				       says_name(cell, name), cell->reason);
		else if (!says_unsteady(cell, line->text))
			continue;
		if (!shape)
			add_payload(cell, line->text);
		page->count++;
	}
}

size_t says_find(const struct model *model, const struct shape *shape, struct says_line *lines,
		 size_t capacity)
{
	struct page page = {.lines = lines, .capacity = capacity};
	struct ranking ranking = {.model = model, .shape = shape};

	if (model->cell_count == 0)
		return 0;
	if (shape)
		rank_shape(model, shape, &ranking);
	page_apply(&page, &ranking, shape ? says_shape_rules : says_run_rules);
	page_add_odd(&page, model, shape);
	return page.count;
}
