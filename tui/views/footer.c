/* SPDX-License-Identifier: MIT */
/* The footer, from the table of keys. */
#include "tui/views/footer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "tui/ui/ui_needs.h"
#include "tui/views/cells.h"

struct hint {
	char keys[48];
	char label[40];
	bool spaced; /* a blank between keys and label */
	int width;
};

#define HINTS_MAX 32

struct hints {
	size_t count;
	struct hint hints[HINTS_MAX];
};

/* The ways out are shown last and dropped last. */
static bool is_exit(unsigned action)
{
	return action == ACTION_QUIT || action == ACTION_LEAVE;
}

static void add_key(struct hint *hint, uint32_t key, enum glyph_set glyphs)
{
	size_t used = strlen(hint->keys);
	char name[KEY_NAME_BYTES];

	(void)snprintf(hint->keys + used, sizeof(hint->keys) - used, "%s%s", used ? " " : "",
		       key_show(key, glyphs, name));
}

/* A sign can stand right before its label ("?help"), a letter or a word cannot. */
static bool needs_space(const char *keys)
{
	return isalnum((unsigned char)keys[0]);
}

static void close_hint(struct hints *hints, const char *label, bool wide, enum glyph_set glyphs)
{
	struct hint *hint = &hints->hints[hints->count++];

	(void)snprintf(hint->label, sizeof(hint->label), "%s", label);
	hint->spaced = wide || needs_space(hint->keys);
	hint->width = glyph_text_width(glyphs, hint->keys) + hint->spaced +
		      glyph_text_width(glyphs, hint->label);
}

/* What is measured at the press of a key has its price beside it: "more 14s". */
static const char *label_text(enum action action, const struct model *model, const struct ui *ui,
			      char text[FMT_BYTES + 8])
{
	struct ranking_more more;
	char cost[FMT_BYTES];

	if (action != ACTION_MORE || !ui_more(model, ui->cell, &more))
		return key_table[action].label;
	(void)snprintf(text, FMT_BYTES + 8, "more %s", cells_more_cost(&more, cost));
	return text;
}

/* Collects the hints of one kind: exits, or all others. Keys with the label "" join the next. */
static void collect(const struct ui *ui, const struct model *model, enum glyph_set glyphs,
		    bool wide, bool exits, struct hints *hints)
{
	enum key_context context = ui_context(ui);
	char text[FMT_BYTES + 8];

	*hints = (struct hints){0};
	for (unsigned i = 1; i < ACTION_COUNT && hints->count < HINTS_MAX; i++) {
		const struct key_row *row = &key_table[i];

		if (!(row->contexts & context) || !row->label || is_exit(i) != exits ||
		    !ui_works(ui, model, (enum action)i) || !ui->keymap.keys[i][0])
			continue;
		add_key(&hints->hints[hints->count], ui->keymap.keys[i][0], glyphs);
		if (row->label[0])
			close_hint(hints, label_text((enum action)i, model, ui, text), wide,
				   glyphs);
	}
}

static int draw_hint(struct grid *grid, int x, int y, const struct hint *hint)
{
	int used = grid_text(grid, x, y, hint->width, ROLE_KEY, hint->keys);

	used += hint->spaced;
	(void)grid_text(grid, x + used, y, hint->width - used, ROLE_TEXT, hint->label);
	return hint->width;
}

void footer_draw(struct grid *grid, struct rect line, const struct model *model,
		 const struct ui *ui)
{
	bool wide = line.width >= 110;
	int gap = wide ? 2 : 1;
	int end = line.x + line.width;
	int x = line.x + 1;
	struct hints hints;
	struct hints exits;

	collect(ui, model, grid->glyphs, wide, false, &hints);
	collect(ui, model, grid->glyphs, wide, true, &exits);
	for (size_t i = 0; i < hints.count; i++) {
		int kept = exits.count && i > 0 ? exits.hints[0].width + gap : 0;

		if (i > 0 && x + hints.hints[i].width + kept > end)
			break;
		x += draw_hint(grid, x, line.y, &hints.hints[i]) + gap;
	}
	if (exits.count && x + exits.hints[0].width <= end)
		(void)draw_hint(grid, x, line.y, &exits.hints[0]);
}
