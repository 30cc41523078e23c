/* SPDX-License-Identifier: MIT */
/* What a terminal's name tells that terminfo does not. Pure. */
#ifndef TUI_TERM_TERM_NAMES_H
#define TUI_TERM_TERM_NAMES_H

#include <stdbool.h>

#include "tui/draw/glyphs.h"

struct term_traits {
	bool titled;       /* OSC 2 and OSC 52 reach it, or are ignored */
	bool synchronized; /* DEC mode 2026, or ignored */
	bool title_stack;  /* XTWINOPS 22 and 23 */
};

struct term_traits term_traits(const char *name);

/* The entry to try for a terminal that the database does not have, or NULL. */
const char *term_stand_in(const char *name);

/* The glyph set for a terminal in a locale: codeset as nl_langinfo(CODESET) says it. */
enum glyph_set term_glyph_set(const char *name, const char *codeset, int line_width);

/*
 * Whether a terminal of that name takes text and nothing else, no escape sequence: "dumb",
 * "unknown", or none at all (NULL or "").
 */
bool term_is_dumb(const char *name);

#endif
