/* SPDX-License-Identifier: MIT */
/* The panel of a sweep of rates: latency from the planned start over what was asked for. */
#ifndef TUI_VIEWS_LOAD_H
#define TUI_VIEWS_LOAD_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"

/* Whether the cell is the closed loop of a sweep, or a step of one. */
bool load_is_swept(const struct model *model, size_t cell);

/* Draws the sweep that a cell belongs to, into a rect of any size. */
void load_draw(struct grid *grid, struct rect rect, const struct model *model, size_t cell,
	       bool framed);

#endif
