/* SPDX-License-Identifier: MIT */
/* Every screen where there is room for little more than a line. */
#ifndef TUI_VIEWS_TINY_H
#define TUI_VIEWS_TINY_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

/* How far it is in the first line, in the rest what the screen lists; rect from 1x1 up. */
void tiny_draw(struct grid *grid, struct rect rect, const struct model *model, const struct ui *ui);

#endif
