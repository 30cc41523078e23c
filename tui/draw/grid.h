/* SPDX-License-Identifier: MIT */
/*
 * The screen as a value: a grid of cells, one glyph and one role each. Views
 * draw into it; the terminal, golden files and pictures are made from it.
 * Everything is clipped, so no caller has to be careful.
 */
#ifndef TUI_DRAW_GRID_H
#define TUI_DRAW_GRID_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "transports/err.h"
#include "tui/draw/glyphs.h"
#include "tui/draw/theme.h"

struct rect {
	int x, y, width, height; /* empty if width or height is below 1 */
};

struct grid_cell {
	uint32_t glyph; /* already folded; never wide, never a control character */
	uint8_t role;   /* enum role */
	bool selected;  /* shown reversed */
};

struct grid {
	int columns, rows;
	enum glyph_set glyphs;
	struct rect clip; /* nothing outside it is written */
	struct grid_cell *cells; /* columns * rows, row by row */
};

/* Sets the size and blanks everything. A zeroed grid is a valid start. Fails with ERR_MEMORY. */
int grid_resize(struct grid *grid, int columns, int rows, enum glyph_set glyphs, struct err *err);
void grid_free(struct grid *grid);

/* Blank cells in ROLE_TEXT, and the clip opened to the whole grid. */
void grid_clear(struct grid *grid);

/* Narrows the clip to its part inside rect. Returns the former clip: put it back by assignment. */
struct rect grid_clip(struct grid *grid, struct rect rect);

struct rect rect_intersect(struct rect a, struct rect b);
bool rect_empty(struct rect rect);
bool rect_has(struct rect rect, int x, int y);

/* Cut a strip off *rect and return it; as much as there is. */
struct rect rect_cut_top(struct rect *rect, int rows);
struct rect rect_cut_bottom(struct rect *rect, int rows);
struct rect rect_cut_left(struct rect *rect, int columns);
struct rect rect_cut_right(struct rect *rect, int columns);
/* The rect without a frame of one cell. */
struct rect rect_inside(struct rect rect);

void grid_put(struct grid *grid, int x, int y, uint32_t glyph, enum role role);

/*
 * Writes UTF-8 text, folded and made harmless, into at most width cells; what
 * does not fit ends in "…". Returns the cells used (right: where it began).
 */
int grid_text(struct grid *grid, int x, int y, int width, enum role role, const char *text);
int grid_text_right(struct grid *grid, int x, int y, int width, enum role role,
		    const char *text);
int grid_text_center(struct grid *grid, int x, int y, int width, enum role role,
		     const char *text);
int grid_printf(struct grid *grid, int x, int y, int width, enum role role, const char *format,
		...) __attribute__((format(printf, 6, 7)));
int grid_printf_right(struct grid *grid, int x, int y, int width, enum role role,
		      const char *format, ...) __attribute__((format(printf, 6, 7)));

/* Breaks text at spaces into the rect's lines. Returns the lines used. */
int grid_paragraph(struct grid *grid, struct rect rect, enum role role, const char *text);

void grid_fill(struct grid *grid, struct rect rect, uint32_t glyph, enum role role);
void grid_hline(struct grid *grid, int x, int y, int width, uint32_t glyph, enum role role);

/* "── title ─────────── right ──" over the width. title and right may be NULL. */
void grid_rule(struct grid *grid, int x, int y, int width, const char *title, const char *right);

/* A rounded frame with title and right in its upper edge; either may be NULL. Blanks the inside. */
void grid_box(struct grid *grid, struct rect rect, const char *title, const char *right);

/* Change cells that are there already. */
void grid_select(struct grid *grid, struct rect rect);
void grid_recolor(struct grid *grid, struct rect rect, enum role role);

/* The screen as a file. Trailing blanks are cut from text and roles; the caller checks ferror. */
void grid_to_text(const struct grid *grid, FILE *file);
void grid_to_roles(const struct grid *grid, FILE *file); /* a letter a cell; upper case: selected */
void grid_to_svg(const struct grid *grid, const struct theme *theme, FILE *file);

#endif
