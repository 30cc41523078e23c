/* SPDX-License-Identifier: MIT */
/*
 * What Ctrl-S keeps: the run options and the look, as "name = value" lines. What the
 * command line or the environment asks for this time only is not in ui, so it never gets
 * into the file.
 */
#ifndef TUI_SETTINGS_H
#define TUI_SETTINGS_H

#include <stdbool.h>

#include "transports/err.h"
#include "tui/ui/ui.h"

/* Applies lines to ui. with_options: the run options too. What is wrong becomes a note. */
void settings_apply(struct ui *ui, const char *text, bool with_options);

/* Writes ui's settings as such lines. Returns text. */
char *settings_format(const struct ui *ui, char *text, size_t size);

/* Reads and writes the file in the user's configuration directory; a missing file is fine. */
void settings_load(struct ui *ui, bool with_options);
int settings_save(const struct ui *ui, struct err *err);

/* keys.conf, read into the keymap. */
void settings_load_keys(struct ui *ui);

#endif
