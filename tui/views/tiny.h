/* SPDX-License-Identifier: MIT */
/* Every screen in little more than a line. */
#ifndef TUI_VIEWS_TINY_H
#define TUI_VIEWS_TINY_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

/* Draws progress in the first line, in the rest what the screen lists; rect may be 1x1. */
void tiny_draw(struct grid *grid, struct rect rect, const struct model *model, const struct ui *ui);

#endif
