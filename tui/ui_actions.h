/* SPDX-License-Identifier: MIT */
/* The parts of ui_update. */
#ifndef TUI_UI_ACTIONS_H
#define TUI_UI_ACTIONS_H

#include "tui/ui.h"

/* Does an action of keys.def, if it can be done now. */
struct command ui_act(struct ui *ui, const struct model *model, enum action action);

/* A key that has no action: a letter for the prompt or the help's filter. */
struct command ui_type(struct ui *ui, const struct model *model, enum key_context context,
		       uint32_t key);

struct command ui_click(struct ui *ui, const struct model *model, const struct event *event);

/* The line at the bottom. */
void prompt_open(struct ui *ui, enum prompt_kind kind, const char *text);
void prompt_insert(struct prompt *prompt, uint32_t glyph);
void prompt_edit(struct prompt *prompt, enum action action); /* any of EDIT_LEFT to EDIT_CLEAR */
struct command prompt_accept(struct ui *ui, const struct model *model);

#endif
