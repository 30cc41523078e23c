/* SPDX-License-Identifier: MIT */
/* Whether an action can be done now, and why not: it is decided here only. Pure. */
#ifndef TUI_UI_UI_NEEDS_H
#define TUI_UI_UI_NEEDS_H

#include <stdbool.h>

#include "bench/model/model.h"
#include "tui/ui/keys.h"
#include "tui/ui/ui.h"

/* Why an action cannot be done now, in a sentence; NULL if it can. */
const char *ui_why_not(const struct ui *ui, const struct model *model, enum action action);

/* Whether it can: for the footer and the help. */
bool ui_works(const struct ui *ui, const struct model *model, enum action action);

#endif
