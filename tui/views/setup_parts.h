/* SPDX-License-Identifier: MIT */
/* The setup screen's options, preview and explanations. */
#ifndef TUI_VIEWS_SETUP_PARTS_H
#define TUI_VIEWS_SETUP_PARTS_H

#include "tui/draw/grid.h"
#include "tui/ui/layout.h"
#include "tui/ui/picker.h"

/* The box of a cell, or, for column -1, of a row. */
void setup_draw_box(struct grid *grid, int x, int y, const struct picker *picker, int row,
		    int column);

/* What the thing under the cursor is, in up to height lines. */
void setup_draw_help(struct grid *grid, struct rect lines, const struct picker *picker);

void setup_draw_options(struct grid *grid, struct rect part, enum size_class size,
			const struct picker *picker);

void setup_draw_preview(struct grid *grid, struct rect part, enum size_class size,
			const struct picker *picker);

#endif
