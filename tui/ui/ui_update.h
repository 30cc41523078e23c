/* SPDX-License-Identifier: MIT */
/*
 * The one function that changes the interface's state. It is pure: it looks at no
 * clock and touches nothing outside *ui; what must be done to the world comes back
 * as a command.
 */
#ifndef TUI_UI_UI_UPDATE_H
#define TUI_UI_UI_UPDATE_H

#include "bench/model/model.h"
#include "tui/term/event.h"
#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

struct command ui_update(struct ui *ui, const struct model *model, const struct event *event);

#endif
