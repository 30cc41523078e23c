/* SPDX-License-Identifier: MIT */
/* The last line: the keys that do something now. */
#ifndef TUI_FOOTER_H
#define TUI_FOOTER_H

#include "bench/model.h"
#include "tui/grid.h"
#include "tui/ui.h"

/* Hints fall away from the right, but the first (help) stays, and so long as it fits the way out. */
void footer_draw(struct grid *grid, struct rect line, const struct model *model,
		 const struct ui *ui);

#endif
