/* SPDX-License-Identifier: MIT */
/* The last line: the keys that do something now. */
#ifndef TUI_VIEWS_FOOTER_H
#define TUI_VIEWS_FOOTER_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

/* Hints fall away from the right; help stays, and the way out as long as it fits. */
void footer_draw(struct grid *grid, struct rect line, const struct model *model,
		 const struct ui *ui);

#endif
