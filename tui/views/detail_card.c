/* SPDX-License-Identifier: MIT */
/* Why there is nothing to see of a cell, and what its processes wrote. */
#include <stdio.h>
#include <string.h>

#include "tui/views/cells.h"
#include "tui/views/detail_parts.h"

static const char *card_hint(const struct cell *cell)
{
	static const char *const hints[] = {
		[CELL_FAILED] = "r measures it again, L shows all that was written; the other "
				"cells are not affected",
		[CELL_WRONG] = "the reply differs from the array that was sent: its times are not "
			       "ranked; r measures it again",
		[CELL_SKIPPED] = "free what it needs, or choose a smaller shape; then r",
		[CELL_INTERRUPTED] = "r measures it again",
	};

	return cell->state < sizeof(hints) / sizeof(hints[0]) && hints[cell->state] ?
		       hints[cell->state] :
		       "";
}

static void card_what(const struct detail *detail, char text[CELLS_TEXT_BYTES])
{
	const struct cell *cell = detail->cell;
	double samples = cell->latency ? (double)cell->latency->count : 0;

	if (samples > 0)
		(void)snprintf(text, CELLS_TEXT_BYTES, "%s after %.0f sample%s",
			       cell_state_names[cell->state], samples, samples == 1 ? "" : "s");
	else
		(void)snprintf(text, CELLS_TEXT_BYTES, "%s before the first sample",
			       cell_state_names[cell->state]);
}

/* Draws "why    the server ..." over as many lines as it takes. */
static void card_entry(struct grid *grid, struct rect *rect, const char *name, enum role role,
		       const char *text)
{
	struct rect body = *rect;
	int used;

	if (!text[0] || rect->height < 1)
		return;
	(void)rect_cut_left(&body, 6);
	used = grid_paragraph(grid, body, role, text);
	(void)grid_text(grid, rect->x, rect->y, 5, ROLE_DIM, name);
	(void)rect_cut_top(rect, used > 0 ? used : 1);
}

/* The beginning of the last lines of text. */
static const char *last_lines(const char *text, int lines)
{
	size_t at = strlen(text);

	while (at > 0 && text[at - 1] == '\n')
		at--;
	for (; at > 0; at--)
		if (text[at - 1] == '\n' && --lines <= 0)
			break;
	return text + at;
}

#define CARD_WIDTH 96

/* Returns the lines used. */
static int card_draw_entries(const struct detail *detail, struct rect inside)
{
	const struct cell *cell = detail->cell;
	bool bad = cell->state == CELL_FAILED || cell->state == CELL_WRONG;
	int height = inside.height;
	char text[CELLS_TEXT_BYTES];

	card_what(detail, text);
	card_entry(detail->grid, &inside, "what", bad ? ROLE_BAD : ROLE_WARN, text);
	card_entry(detail->grid, &inside, "why", ROLE_TEXT, cell->reason);
	card_entry(detail->grid, &inside, "hint", ROLE_TEXT, card_hint(cell));
	card_entry(detail->grid, &inside, "log", ROLE_DIM,
		   cell->log[0] ? last_lines(cell->log, inside.height) : "nothing was written");
	return height - inside.height;
}

/* The lines that the entries take, found by drawing them where nothing shows. */
static int card_height(const struct detail *detail, struct rect inside)
{
	struct rect former = grid_clip(detail->grid, (struct rect){0});
	int height = card_draw_entries(detail, inside);

	detail->grid->clip = former;
	return height;
}

void detail_draw_card(const struct detail *detail, struct rect rect)
{
	const struct cell *cell = detail->cell;
	char name[TRANSPORT_NAME_BYTES];
	char array[CELLS_TEXT_BYTES];
	char text[CELLS_TEXT_BYTES * 2];
	struct rect inside;

	rect.width = rect.width < CARD_WIDTH ? rect.width : CARD_WIDTH;
	inside = rect_inside(rect);
	(void)rect_cut_left(&inside, 1);
	(void)rect_cut_right(&inside, 1);
	rect.height = card_height(detail, inside) + 2;
	(void)snprintf(text, sizeof(text), "%s · %s",
		       transport_format(&cell->plan->transport, name),
		       cell_array_text(&cell->plan->type, array));
	grid_box(detail->grid, rect, text, cell_state_names[cell->state]);
	(void)card_draw_entries(detail, inside);
}

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n' || !text[1];
	return lines;
}

void detail_draw_log(const struct detail *detail, struct rect rect)
{
	const char *text = detail->cell->log;
	char name[TRANSPORT_NAME_BYTES];
	char title[TRANSPORT_NAME_BYTES + 32];
	struct rect inside = rect_inside(rect);
	int lines = count_lines(text);
	int skip = detail->ui->scroll < lines - inside.height ? detail->ui->scroll :
								lines - inside.height;

	(void)snprintf(title, sizeof(title), "%s · log",
		       transport_format(&detail->cell->plan->transport, name));
	grid_box(detail->grid, rect, title, "stderr of its last block; L or Esc closes");
	(void)rect_cut_left(&inside, 1);
	if (!text[0])
		(void)grid_text(detail->grid, inside.x, inside.y, inside.width, ROLE_DIM,
				"nothing was written");
	for (int i = 0, y = inside.y; i < lines && y < inside.y + inside.height; i++) {
		size_t length = strcspn(text, "\n");
		char line[512];

		(void)snprintf(line, sizeof(line), "%.*s", length < 500 ? (int)length : 500, text);
		if (i >= skip)
			(void)grid_text(detail->grid, inside.x, y++, inside.width, ROLE_TEXT, line);
		text += length + (text[length] == '\n');
	}
}
