/* SPDX-License-Identifier: MIT */
/* The line at the bottom that the user types into. */
#ifndef TUI_UI_UI_PROMPT_H
#define TUI_UI_UI_PROMPT_H

#include <stdint.h>

#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

/* Opens it with text in it and the cursor at the end. */
void prompt_open(struct ui *ui, enum prompt_kind kind, const char *text);

/* Puts a letter in at the cursor. */
void prompt_insert(struct prompt *prompt, uint32_t glyph);

act_function act_prompt;

#endif
