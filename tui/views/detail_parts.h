/* SPDX-License-Identifier: MIT */
/* The detail screen's figures: phases, numbers, blocks; and what it shows where there are none. */
#ifndef TUI_VIEWS_DETAIL_PARTS_H
#define TUI_VIEWS_DETAIL_PARTS_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/layout.h"
#include "tui/ui/ui.h"

struct detail {
	struct grid *grid;
	const struct model *model;
	const struct ui *ui;
	const struct cell *cell;
	struct layout layout;
};

void detail_draw_phases(const struct detail *detail, struct rect part);
void detail_draw_numbers(const struct detail *detail, struct rect part);

/* What, why, a hint, and the end of the log. */
void detail_draw_card(const struct detail *detail, struct rect rect);

/* What the cell's processes wrote, scrolled. */
void detail_draw_log(const struct detail *detail, struct rect rect);

#endif
