/* SPDX-License-Identifier: MIT */
/* The parts of ui_update. */
#ifndef TUI_UI_UI_ACTIONS_H
#define TUI_UI_UI_ACTIONS_H

#include "tui/ui/ui.h"

typedef struct command act_function(struct ui *ui, const struct model *model, enum action action);

/* Does an action of keys.def, if it can be done now. */
struct command ui_act(struct ui *ui, const struct model *model, enum action action);

/* A key that has no action: a letter for the prompt or the help's filter. */
struct command ui_type(struct ui *ui, const struct model *model, enum key_context context,
		       uint32_t key);

struct command ui_click(struct ui *ui, const struct model *model, const struct event *event);

/* Goes to a screen. */
void ui_show(struct ui *ui, enum screen screen);

/* How far an action of the moving kind goes: as many lines as there can be for the ends. */
int move_lines(const struct ui *ui, enum action action);

/* The rows of ui_act's table that are in other files. */
act_function act_add_shape;
act_function act_drop;
act_function act_duel;
act_function act_edit;
act_function act_help;
act_function act_help_close;
act_function act_help_do;
act_function act_help_erase;
act_function act_help_move;
act_function act_matrix;
act_function act_move;
act_function act_pause;
act_function act_preset;
act_function act_prompt;
act_function act_retry;
act_function act_run;
act_function act_shape;
act_function act_sideways;
act_function act_skip;
act_function act_toggle;
act_function act_zoom;

/* The line at the bottom. */
void prompt_open(struct ui *ui, enum prompt_kind kind, const char *text);
void prompt_insert(struct prompt *prompt, uint32_t glyph);
void prompt_edit(struct prompt *prompt, enum action action); /* any of EDIT_LEFT to EDIT_CLEAR */
struct command prompt_accept(struct ui *ui, const struct model *model);

#endif
