/* SPDX-License-Identifier: MIT */
/* Terminals by name. */
#include "tui/term/term_names.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* If one name begins another, the longer one comes first. */
static const struct term_row {
	const char *prefix;
	struct term_traits traits;
	const char *stand_in;
} term_table[] = {
	{"xterm", {true, true, true}, "xterm-256color"},
	{"alacritty", {true, true, true}, "xterm-256color"},
	{"foot", {true, true, true}, "xterm-256color"},
	{"ghostty", {true, true, true}, "xterm-256color"},
	{"wezterm", {true, true, true}, "xterm-256color"},
	{"contour", {true, true, true}, "xterm-256color"},
	{"rxvt", {true, false, true}, "xterm-256color"},
	{"konsole", {true, false, false}, "xterm-256color"},
	/* tmux: its synchronized updates are young and had bugs; titles name the pane. */
	{"tmux", {true, false, false}, "screen"},
	{"screen", {true, false, false}, NULL},
	{"st-", {true, false, false}, "xterm-256color"},
	{NULL, {false, false, false}, NULL},
};

static const struct term_row *term_find(const char *name)
{
	const struct term_row *row = term_table;

	while (row->prefix && strncmp(name, row->prefix, strlen(row->prefix)) != 0)
		row++;
	return row;
}

struct term_traits term_traits(const char *name)
{
	return term_find(name)->traits;
}

const char *term_stand_in(const char *name)
{
	return term_find(name)->stand_in;
}

enum glyph_set term_glyph_set(const char *name, const char *codeset, int line_width)
{
	if (strcasecmp(codeset, "UTF-8") != 0 || line_width != 1)
		return GLYPHS_ASCII;
	return strncmp(name, "linux", 5) == 0 ? GLYPHS_CONSOLE : GLYPHS_UTF8;
}

bool term_is_dumb(const char *name)
{
	return !name || !*name || strcmp(name, "dumb") == 0 || strcmp(name, "unknown") == 0;
}
