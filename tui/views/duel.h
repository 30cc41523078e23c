/* SPDX-License-Identifier: MIT */
/* The panel of a duel: who won how many rounds, how the ratio narrows, what that says. */
#ifndef TUI_VIEWS_DUEL_H
#define TUI_VIEWS_DUEL_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"

/* The lines that a panel needs at least. */
#define DUEL_LINES_LEAST 5

/* Draws what fits into rect, which may be of any size; nothing if the plan is no duel. */
void duel_draw(struct grid *grid, struct rect rect, const struct model *model, bool framed);

#endif
