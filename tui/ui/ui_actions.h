/* SPDX-License-Identifier: MIT */
/* The table of actions. */
#ifndef TUI_UI_UI_ACTIONS_H
#define TUI_UI_UI_ACTIONS_H

#include "bench/model/model.h"
#include "tui/ui/keys.h"
#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

/* Does an action of keys.def, or says why it cannot be done now. */
struct command ui_act(struct ui *ui, const struct model *model, enum action action);

#endif
