/* SPDX-License-Identifier: MIT */
/* What the help overlay lists: the screen's actions, or the notes, filtered. */
#include "tui/ui/help_list.h"

#include <ctype.h>

static bool has_prefix(const char *text, const char *prefix)
{
	while (*prefix && tolower((unsigned char)*text) == tolower((unsigned char)*prefix)) {
		text++;
		prefix++;
	}
	return !*prefix;
}

static bool contains(const char *text, const char *part)
{
	for (; *text; text++)
		if (has_prefix(text, part))
			return true;
	return !*part;
}

static bool action_matches(const struct ui *ui, enum action action)
{
	const struct key_row *row = &key_table[action];
	const char *filter = ui->help.filter;
	char keys[64];

	return contains(row->help, filter) || contains(row->name, filter) ||
	       contains(keymap_show(&ui->keymap, action, GLYPHS_ASCII, keys, sizeof(keys)), filter);
}

static void find_notes(const struct ui *ui, struct help_lines *lines)
{
	size_t kept = ui->note_count < UI_NOTES ? ui->note_count : UI_NOTES;

	for (size_t i = 1; i <= kept; i++) {
		const char *note = ui->notes[(ui->note_count - i) % UI_NOTES];

		if (contains(note, ui->help.filter))
			lines->notes[lines->count++] = note;
	}
}

void help_find(const struct ui *ui, struct help_lines *lines)
{
	enum key_context context = ui_screen_context(ui->screen);

	lines->count = 0;
	if (ui->help.notes) {
		find_notes(ui, lines);
		return;
	}
	for (unsigned group = 0; group < GROUP_COUNT; group++)
		for (unsigned i = 1; i < ACTION_COUNT; i++)
			if (key_table[i].group == group && (key_table[i].contexts & context) &&
			    action_matches(ui, (enum action)i))
				lines->actions[lines->count++] = (enum action)i;
}
