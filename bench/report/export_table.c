/* SPDX-License-Identifier: MIT */
/* The comparison table for a terminal: a section for each type, then what needs words. */
#include <stdlib.h>
#include <string.h>

#include "bench/model/duel.h"
#include "bench/report/export.h"
#include "bench/report/table_load.h"
#include "bench/report/table_section.h"
#include "bench/report/table_text.h"
#include "bench/text/text.h"

/* Is this the first cell of its type? */
static bool type_is_new(const struct model *model, size_t cell)
{
	for (size_t i = 0; i < cell; i++) {
		if (array_type_equal(&model->cells[i].plan->type, &model->cells[cell].plan->type))
			return false;
	}
	return true;
}

/* Only the reason of a wrong reply is written in full, below the table. */
static void wrong_put(const struct model *model, const struct table_style *style, FILE *file)
{
	for (size_t i = 0; i < model->cell_count; i++) {
		const struct cell *cell = &model->cells[i];
		char name[TRANSPORT_NAME_BYTES];
		char type[ARRAY_TYPE_TEXT_BYTES];
		char reason[CELL_REASON_BYTES];
		char text[ARRAY_TYPE_TEXT_BYTES + CELL_REASON_BYTES + 100];

		if (cell->state != CELL_WRONG)
			continue;
		(void)snprintf(text, sizeof(text), "%s %s is wrong: %s",
			       transport_format(&cell->plan->transport, name),
			       array_type_format(&cell->plan->type, type),
			       text_clean(reason, sizeof(reason), cell->reason));
		table_wrapped_put(text, style, file);
	}
}

static size_t state_count(const struct model *model, enum cell_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < model->cell_count; i++)
		count += model->cells[i].state == state;
	return count;
}

#define STATES (CELL_INTERRUPTED + 1)
#define STATE_BYTES 32 /* ", ", a count and a state's name */

/* "23 done, 1 failed": the final states first. */
static void counts_put(const struct model *model, const struct table_style *style, FILE *file)
{
	char text[STATES * STATE_BYTES] = "";
	size_t used = 0;

	for (unsigned i = 0; i < STATES; i++) {
		enum cell_state state = (enum cell_state)((CELL_DONE + i) % STATES);
		size_t count = state_count(model, state);

		if (count)
			used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%zu %s",
						 used ? ", " : "", count, cell_state_names[state]);
	}
	table_wrapped_put(used ? text : "no cells", style, file);
}

int export_table(const struct model *model, const struct table_style *style, FILE *file,
		 struct err *err)
{
	const struct cell **cells = calloc(model->cell_count + 1, sizeof(const struct cell *));
	char verdict[DUEL_TEXT_BYTES];
	bool published = false;
	bool states[RATIO_SLOWER + 1] = {false};
	bool with_read = false;
	bool twins = false;
	bool intervals = false;

	if (!cells)
		return err_set(err, ERR_MEMORY, "no memory for the table");
	for (size_t i = 0; i < model->cell_count; i++) {
		struct section section = {
			.model = model,
			.style = style,
			.type = &model->cells[i].plan->type,
			.cells = cells,
		};

		if (!type_is_new(model, i))
			continue;
		section_fill(&section);
		section_put(&section, file);
		published |= section.published;
		for (size_t row = 0; row < section.done; row++)
			if (section.cells[row] != section.ranking.best)
				states[ranking_versus_best(&section.ranking, section.cells[row])
					       .state] = true;
		with_read |= section.ranking.with_read && section.done > 1;
		twins |= section.twins;
		intervals |= section_shows_intervals(&section);
	}
	free(cells);
	table_load_put(model, style, file);
	if (*duel_sentence(model, verdict))
		table_wrapped_put(verdict, style, file);
	if (published)
		table_wrapped_put("PUBLISHED: the blog post's medians, on its author's machine.",
				  style, file);
	if (intervals)
		table_wrapped_put("95 %: of the median of blocks, in the state in which the "
				  "machine was; another run's may lie outside.",
				  style, file);
	if (with_read)
		table_wrapped_put("VS BEST and the order go by latency WITH READ wherever an array "
				  "goes by reference.",
				  style, file);
	if (states[RATIO_SAME])
		table_wrapped_put(
			"=: the same as the best within 2 % (95 % interval of the ratio).", style,
			file);
	if (states[RATIO_UNDECIDED])
		table_wrapped_put("~: undecided: of trust F, or its blocks are too few or too far "
				  "apart to tell (95 % interval of the ratio).",
				  style, file);
	if (twins)
		table_wrapped_put("VS OURS: against ipctop's own transport of that carrier and "
				  "encoding.",
				  style, file);
	if (style->columns) /* without a limit its row has said it all */
		wrong_put(model, style, file);
	counts_put(model, style, file);
	return ferror(file) ? err_system(err, "cannot write the table") : 0;
}
