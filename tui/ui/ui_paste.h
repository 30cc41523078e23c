/* SPDX-License-Identifier: MIT */
/* Pasted text: it goes into a field that is open, and nowhere else. */
#ifndef TUI_UI_UI_PASTE_H
#define TUI_UI_UI_PASTE_H

#include "tui/term/event.h"
#include "tui/term/paste.h"
#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

/* An EVENT_PASTE. Never submits a field. */
struct command ui_paste(struct ui *ui, const struct model *model, const struct event *event);

#endif
