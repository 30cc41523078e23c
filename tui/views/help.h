/* SPDX-License-Identifier: MIT */
/* The help overlay: the keys of this screen, filtered; Enter does the selected line. */
#ifndef TUI_VIEWS_HELP_H
#define TUI_VIEWS_HELP_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

void help_draw(struct grid *grid, struct rect rect, const struct model *model,
	       const struct ui *ui);

#endif
