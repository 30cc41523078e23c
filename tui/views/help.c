/* SPDX-License-Identifier: MIT */
/* The overlay: a list of the screen's keys, or of the notes, filtered. */
#include "tui/views/help.h"

#include <stdio.h>

#include "tui/ui/help_list.h"
#include "tui/ui/ui_needs.h"
#include "tui/views/view.h"

/* Whether line i is the first of its group: a heading stands above it. */
static bool starts_group(const struct help_lines *lines, int i)
{
	return i == 0 ||
	       key_table[lines->actions[i]].group != key_table[lines->actions[i - 1]].group;
}

/* The screen line on which line i (or the end) stands, headings counted. */
static int line_position(const struct help_lines *lines, int i)
{
	int position = 0;

	for (int k = 0; k < i; k++)
		position += 1 + starts_group(lines, k);
	return position + (i < lines->count && starts_group(lines, i));
}

#define KEYS_WIDTH 12

static void draw_line(struct grid *grid, struct rect line, const struct model *model,
		      const struct ui *ui, enum action action)
{
	bool works = ui_works(ui, model, action);
	char keys[64];
	int width = line.width > 40 ? KEYS_WIDTH : 8;

	(void)keymap_show(&ui->keymap, action, grid->glyphs, keys, sizeof(keys));
	(void)grid_text(grid, line.x + 1, line.y, width, works ? ROLE_KEY : ROLE_DIM, keys);
	(void)grid_text(grid, line.x + 2 + width, line.y, line.width - 2 - width,
			works ? ROLE_TEXT : ROLE_DIM, key_table[action].help);
}

static void draw_list(struct grid *grid, struct rect rect, const struct model *model,
		      const struct ui *ui, const struct help_lines *lines)
{
	int first = layout_scroll(line_position(lines, ui->help.selected),
				  line_position(lines, lines->count), rect.height);
	struct rect former = grid_clip(grid, rect);

	for (int i = 0; i < lines->count; i++) {
		struct rect line = {rect.x, rect.y + line_position(lines, i) - first, rect.width,
				    1};

		if (starts_group(lines, i))
			grid_rule(grid, rect.x, line.y - 1, rect.width,
				  key_group_names[key_table[lines->actions[i]].group], NULL);
		draw_line(grid, line, model, ui, lines->actions[i]);
		if (i == ui->help.selected)
			grid_select(grid, line);
	}
	if (lines->count == 0)
		(void)grid_text(grid, rect.x + 1, rect.y, rect.width - 1, ROLE_DIM,
				"nothing has these letters");
	grid->clip = former;
}

/* Draws the notes from the selected one on, long ones over more than one line. */
static void draw_notes(struct grid *grid, struct rect rect, const struct ui *ui,
		       const struct help_lines *lines)
{
	(void)rect_cut_left(&rect, 1);
	for (int i = ui->help.selected; i < lines->count && rect.height > 0; i++) {
		struct rect text = rect;

		grid_put(grid, rect.x, rect.y, U'·', ROLE_DIM);
		(void)rect_cut_left(&text, 2);
		(void)rect_cut_top(&rect, grid_paragraph(grid, text, ROLE_TEXT, lines->notes[i]));
	}
	if (lines->count == 0)
		(void)grid_text(grid, rect.x, rect.y, rect.width, ROLE_DIM,
				ui->note_count ? "nothing has these letters" : "nothing yet");
}

static void draw_find(struct grid *grid, struct rect line, const struct ui *ui)
{
	int used = grid_text(grid, line.x + 1, line.y, line.width - 1, ROLE_DIM, "find: ");

	used += 1 + grid_text(grid, line.x + 1 + used, line.y, line.width - 2 - used, ROLE_STRONG,
			      ui->help.filter);
	grid_put(grid, line.x + used, line.y, U'▏', ROLE_ACCENT);
}

/* The box is as high as its lines need, within the body. */
static struct rect help_rect(struct rect body, int lines)
{
	int width = body.width >= 78 ? 74 : body.width;
	int wanted = lines + 4 < 8 ? 8 : lines + 4;
	int height = wanted < body.height ? wanted : body.height;

	if (body.width < 50 || body.height < 8)
		return body;
	return (struct rect){body.x + (body.width - width) / 2, body.y + (body.height - height) / 2,
			     width, height};
}

static void draw_count(struct grid *grid, struct rect box, const struct ui *ui,
		       const struct help_lines *lines)
{
	if (lines->count > 0)
		(void)grid_printf_right(grid, box.x + 2, box.y + box.height - 1, box.width - 4,
					ROLE_DIM, " %d of %d ", ui->help.selected + 1,
					lines->count);
}

/* What the marks before ratios mean, on the screens whose tables have them. */
static void draw_marks(struct grid *grid, struct rect box, const struct ui *ui)
{
	if (ui->screen == SCREEN_LIVE || ui->screen == SCREEN_COMPARE)
		(void)grid_text(grid, box.x + 2, box.y + box.height - 1, box.width - 16, ROLE_DIM,
				" ~ undecided   = the same within 2 % ");
}

void help_draw(struct grid *grid, struct rect rect, const struct model *model, const struct ui *ui)
{
	struct help_lines lines;
	struct rect box;
	struct rect inside;
	char title[32];
	bool framed;

	help_find(ui, &lines);
	box = help_rect(rect, ui->help.notes ? rect.height : line_position(&lines, lines.count));
	framed = box.width >= 50 && box.height >= 8;
	inside = framed ? rect_inside(box) : box;
	(void)snprintf(title, sizeof(title),
		       ui->help.notes ? "notes, the latest first" : "help · %s",
		       view_table[ui->screen]->title);
	grid_fill(grid, box, ' ', ROLE_TEXT);
	if (framed) {
		grid_box(grid, box, title,
			 ui->help.notes ? "type to filter · Esc closes" :
					  "type to filter · ⏎ does it · Esc closes");
		draw_count(grid, box, ui, &lines);
		if (!ui->help.notes)
			draw_marks(grid, box, ui);
		(void)rect_cut_right(&inside, 1);
		(void)rect_cut_left(&inside, 1);
	}
	if (inside.height > 2)
		draw_find(grid, rect_cut_top(&inside, 1), ui);
	/* If lines are cut off, the selected one stands below in full. */
	if (!framed && !ui->help.notes && inside.height > 3 && ui->help.selected < lines.count)
		(void)grid_paragraph(grid, rect_cut_bottom(&inside, inside.height > 6 ? 3 : 2),
				     ROLE_STRONG, key_table[lines.actions[ui->help.selected]].help);
	if (ui->help.notes)
		draw_notes(grid, inside, ui, &lines);
	else
		draw_list(grid, inside, model, ui, &lines);
}
