/* SPDX-License-Identifier: MIT */
/*
 * A whole screen: header bar, view, toast or prompt, footer, help over it.
 * Fills any grid, down to one cell. Pure.
 */
#ifndef TUI_VIEWS_FRAME_H
#define TUI_VIEWS_FRAME_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

/* Draws into the grid at its size. */
void frame_draw(struct grid *grid, const struct model *model, const struct ui *ui);

/* Where the terminal's cursor belongs if a prompt is open; false: it is hidden. */
bool frame_cursor(const struct grid *grid, const struct ui *ui, int *x, int *y);

/* For the terminal's title: "ipctop 36% 02:41". Returns text. */
char *frame_title(const struct model *model, char *text, size_t size);

#endif
