/* SPDX-License-Identifier: MIT */
/* Sentences from figures: the page that they fill. */
#include "bench/report/says.h"

#include <stdio.h>
#include <string.h>

#include "bench/report/rows.h"
#include "bench/report/says_rules.h"
#include "bench/text/fmt.h"

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
		       fmt_payload(array_type_bytes(&cell->plan->type), bytes), rest);
}

/* One line a cell that asks for care. */
static void page_add_odd(struct page *page, const struct model *model,
			 const struct array_type *type)
{
	char name[NAME_BYTES];

	for (size_t i = 0; i < model->cell_count && page->count < page->capacity; i++) {
		const struct cell *cell = &model->cells[i];
		struct says_line *line = &page->lines[page->count];

		if (!rows_is_rival(cell) ||
		    (type && !array_type_equal(&cell->plan->type, type)))
			continue;
		line->warning = true;
		if (cell->state == CELL_WRONG)
			(void)snprintf(line->text, SAYS_BYTES,
				       "%s sent wrong arrays and is not ranked: %.200s",
				       says_name(cell, name), cell->reason);
		else if (!says_unsteady(cell, line->text))
			continue;
		if (!type)
			add_payload(cell, line->text);
		page->count++;
	}
}

size_t says_find(const struct model *model, const struct array_type *type, struct says_line *lines,
		 size_t capacity)
{
	struct page page = {.lines = lines, .capacity = capacity};
	struct ranking ranking = {.model = model, .type = type};

	if (model->cell_count == 0)
		return 0;
	if (type)
		ranking_make(&ranking, model, type, RANKING_SETTLED);
	page_apply(&page, &ranking, type ? says_shape_rules : says_run_rules);
	page_add_odd(&page, model, type);
	return page.count;
}
