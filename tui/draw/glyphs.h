/* SPDX-License-Identifier: MIT */
/*
 * Glyphs and what stands in for them. Screens write the UTF-8 glyph they mean;
 * the grid folds it for terminals that cannot show it, one cell for one cell.
 */
#ifndef TUI_DRAW_GLYPHS_H
#define TUI_DRAW_GLYPHS_H

#include <stddef.h>
#include <stdint.h>

enum glyph_set {
	GLYPHS_UTF8,
	GLYPHS_CONSOLE, /* the Linux console's font: half blocks, square corners */
	GLYPHS_ASCII,
};

/*
 * The glyph that this set shows for a code point: itself, its stand-in from the
 * table, or '?' for what cannot be shown in one cell. 0 for what takes no cell
 * (combining marks), which is left out.
 */
uint32_t glyph_fold(enum glyph_set set, uint32_t glyph);

/* The bar glyph for eighths (0 to 8) of a cell, growing upwards and to the right. */
uint32_t glyph_bar_up(unsigned eighths);
uint32_t glyph_bar_right(unsigned eighths);

/* Blank, then four shades: level 0 to 4. */
uint32_t glyph_shade(unsigned level);

/* Decodes one code point of *text and moves past it; '?' for what is not UTF-8. 0 at the end. */
uint32_t utf8_next(const char **text);

/* Writes glyph as UTF-8 and a NUL. Returns the number of bytes. */
size_t utf8_put(uint32_t glyph, char text[5]);

/* The cells that text takes in this set. */
int glyph_text_width(enum glyph_set set, const char *text);

#endif
