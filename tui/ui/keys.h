/* SPDX-License-Identifier: MIT */
/*
 * The table of keys (keys.def), the keys that are bound at the moment, and what
 * is made from both: dispatch, footer, help overlay, man page, remap file.
 */
#ifndef TUI_UI_KEYS_H
#define TUI_UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "transports/err.h"
#include "tui/draw/glyphs.h"
#include "tui/term/event.h"
#include "tui/ui/screen.h"

/* Where a key works, as bits. */
enum key_context {
#define SCREEN(name, id) IN_##name = 1 << SCREEN_##name,
#include "tui/ui/screens.def"
#undef SCREEN
	IN_HELP = 1 << SCREEN_COUNT,
	IN_PROMPT = IN_HELP << 1,
	IN_ASK = IN_PROMPT << 1,
	IN_SCREENS = IN_HELP - 1,
	IN_TABLES = IN_LIVE | IN_COMPARE,
	IN_PLOTS = IN_LIVE | IN_DETAIL,
	IN_RUN = IN_LIVE | IN_COMPARE | IN_DETAIL,
	IN_ALL = IN_SCREENS | IN_HELP | IN_PROMPT | IN_ASK,
};

/* What a key needs to work now. */
enum key_when {
	WHEN_ALWAYS,
	WHEN_RUNNING, /* a run is under way */
	WHEN_CELLS,   /* there is a run, finished or not */
};

enum key_group {
	GROUP_CHOOSING,
	GROUP_RUNNING,
	GROUP_LOOKING,
	GROUP_MOVING,
	GROUP_GENERAL,
	GROUP_HELPING,
	GROUP_EDITING,
	GROUP_ASKING,
	GROUP_COUNT,
};

extern const char *const key_group_names[GROUP_COUNT]; /* "choosing", "while running", ... */

enum action {
	ACTION_NONE,
#define KEY(action, ...) ACTION_##action,
#include "tui/ui/keys.def"
#undef KEY
	ACTION_COUNT,
};

struct key_row {
	const char *name;
	unsigned contexts;
	enum key_when when;
	enum key_group group;
	const char *keys;
	const char *label;
	const char *help;
};

/* Indexed by enum action; row ACTION_NONE is empty. */
extern const struct key_row key_table[ACTION_COUNT];

#define KEYS_A_ROW 4

/* The keys that are bound to each action; unused places are CODE_NONE. Copied by assignment. */
struct keymap {
	uint32_t keys[ACTION_COUNT][KEYS_A_ROW];
};

void keymap_init(struct keymap *keymap);

/* The action of a key in a context (one bit), or ACTION_NONE. */
enum action keymap_find(const struct keymap *keymap, enum key_context context, uint32_t key);

/*
 * Reads a remap file's text: lines "name = key key", "#" comments. A line that is
 * wrong, or takes a key that another action of the same context has, changes
 * nothing and is reported: complain is called with one line of text for each.
 */
void keymap_read(struct keymap *keymap, const char *text,
		 void (*complain)(void *context, const char *line), void *context);

#define KEY_NAME_BYTES 16

/* "Space", "Ctrl-L", "PgUp", "q": as keys.def and keys.conf write them. Returns text. */
char *key_format(uint32_t key, char text[KEY_NAME_BYTES]);
uint32_t key_parse(const char *name); /* CODE_NONE if it is no key */

/* As screens show it: "⏎", "↑" where the glyph set has them, "CR", "Up" elsewhere. */
char *key_show(uint32_t key, enum glyph_set glyphs, char text[KEY_NAME_BYTES]);

/* The keys of an action as screens show them, "? F1"; returns text. */
char *keymap_show(const struct keymap *keymap, enum action action, enum glyph_set glyphs,
		  char *text, size_t size);

/* The key section of ipctop.1, in mdoc. */
void keys_write_mdoc(FILE *file);

#endif
