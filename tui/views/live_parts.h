/* SPDX-License-Identifier: MIT */
/* The live screen's parts below and beside its table. */
#ifndef TUI_VIEWS_LIVE_PARTS_H
#define TUI_VIEWS_LIVE_PARTS_H

#include "bench/report/rows.h"
#include "tui/ui/layout.h"
#include "tui/ui/ui.h"

struct live {
	struct grid *grid;
	const struct model *model;
	const struct ui *ui;
	const struct cell *cell; /* the selected one, or NULL */
	struct rows rows;
	struct layout layout;
};

/* Draws those of them that the layout has. */
void live_draw_parts(const struct live *live);

/* Medians of all shapes, and what happened: screens of the largest size. */
void live_draw_matrix(const struct live *live, struct rect part);
void live_draw_ladder(const struct live *live, struct rect part);
void live_draw_events(const struct live *live, struct rect part);

#endif
