/* SPDX-License-Identifier: MIT */
/* A screen. A new one is a file in tui/views/ and a line in tui/ui/screens.def. */
#ifndef TUI_VIEWS_VIEW_H
#define TUI_VIEWS_VIEW_H

#include "bench/model/model.h"
#include "tui/draw/grid.h"
#include "tui/ui/ui.h"

#define HEADLINE_WIDE 60

struct view {
	const char *id;    /* "live" */
	const char *title; /* "LIVE" */
	/*
	 * What stands in the middle of the header bar: "shape 3/6 · 18.4 MB", shorter
	 * below HEADLINE_WIDE columns.
	 */
	void (*headline)(const struct model *model, const struct ui *ui, char *text, size_t size);
	/*
	 * Draws the screen into rect (the frame's body; the clip is set to it).
	 * Pure: no clock, no allocation, no state. rect may be of any size.
	 */
	void (*draw)(struct grid *grid, struct rect rect, const struct model *model,
		     const struct ui *ui);
};

/* Indexed by enum screen. */
extern const struct view *const view_table[SCREEN_COUNT];

#define SCREEN(name, id) extern const struct view view_##id;
#include "tui/ui/screens.def"
#undef SCREEN

/* How states look: '✓' in ROLE_GOOD. */
struct state_look {
	uint32_t glyph;
	enum role role;
};

/* By the cell's state; CELL_RUNNING shows '‖' while the run is paused. */
struct state_look view_state(const struct model *model, const struct cell *cell);

/* The focus bar '▌' or a blank at x, y; every table's first column. */
void view_focus(struct grid *grid, int x, int y, bool focused);

/*
 * Marks that a list of count rows, shown from row first on, goes on above or below lines.
 * The marks are in the column of the focus bar, which lies between them (layout_scroll).
 */
void view_scroll_marks(struct grid *grid, struct rect lines, int first, int count);

/* Says what is missing on a screen that has nothing to show yet, and what to do about it. */
void view_draw_nothing(struct grid *grid, struct rect rect, const char *text, const char *hint);

#define VIEW_HINT_RUN "1 chooses what to race, r there runs it"

#endif
