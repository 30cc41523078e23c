/* SPDX-License-Identifier: MIT */
/* The last line: the keys that do something now. */
#ifndef TUI_FOOTER_H
#define TUI_FOOTER_H

#include "bench/model.h"
#include "tui/grid.h"
#include "tui/ui.h"

/* Hints fall away from the right; help stays, and the way out as long as it fits. */
void footer_draw(struct grid *grid, struct rect line, const struct model *model,
		 const struct ui *ui);

#endif
