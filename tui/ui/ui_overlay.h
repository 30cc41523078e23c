/* SPDX-License-Identifier: MIT */
/* The help over the screen, and the notes: their keys. */
#ifndef TUI_UI_UI_OVERLAY_H
#define TUI_UI_UI_OVERLAY_H

#include <stdint.h>

#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

act_function act_help;
act_function act_help_close;
act_function act_help_erase;
act_function act_help_move;

/* Adds a letter to the filter. */
void help_insert(struct help *help, uint32_t glyph);

#endif
