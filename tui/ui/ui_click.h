/* SPDX-License-Identifier: MIT */
/* Clicks: a row of a table, an option of the setup screen. */
#ifndef TUI_UI_UI_CLICK_H
#define TUI_UI_UI_CLICK_H

#include "bench/model/model.h"
#include "tui/term/event.h"
#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

/* Selects what was clicked; opens a row that is selected already. */
struct command ui_click(struct ui *ui, const struct model *model, const struct event *event);

#endif
