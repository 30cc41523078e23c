/* SPDX-License-Identifier: MIT */
/* The grid as a file: text, roles, SVG. */
#include <ctype.h>

#include "tui/draw/grid.h"

static const struct grid_cell *row_cells(const struct grid *grid, int y)
{
	return &grid->cells[(size_t)y * (size_t)grid->columns];
}

static bool cell_blank(const struct grid_cell *cell)
{
	return cell->glyph == ' ' && cell->role == ROLE_TEXT && !cell->selected;
}

/* The columns up to the last one that shows something, by its glyph or (roles) by its role, too. */
static int row_length(const struct grid *grid, int y, bool roles)
{
	const struct grid_cell *cells = row_cells(grid, y);
	int length = grid->columns;

	while (length > 0 && (roles ? cell_blank(&cells[length - 1])
				    : cells[length - 1].glyph == ' '))
		length--;
	return length;
}

static void put_glyph(uint32_t glyph, FILE *file)
{
	char text[5];

	(void)utf8_put(glyph, text);
	(void)fputs(text, file);
}

void grid_to_text(const struct grid *grid, FILE *file)
{
	for (int y = 0; y < grid->rows; y++) {
		int length = row_length(grid, y, false);

		for (int x = 0; x < length; x++)
			put_glyph(row_cells(grid, y)[x].glyph, file);
		(void)fputc('\n', file);
	}
}

void grid_to_roles(const struct grid *grid, FILE *file)
{
	for (int y = 0; y < grid->rows; y++) {
		int length = row_length(grid, y, true);

		for (int x = 0; x < length; x++) {
			const struct grid_cell *cell = &row_cells(grid, y)[x];
			char letter = role_letters[cell->role];

			/*
			 * Selected text has no upper case of its own: '#'; digits
			 * become their shift.
			 */
			if (cell->selected)
				letter = letter == '.' ? '#' :
					 isdigit((unsigned char)letter) ? "!@%^&"[letter - '1'] :
					 (char)toupper((unsigned char)letter);
			(void)fputc(letter, file);
		}
		(void)fputc('\n', file);
	}
}

/* The size of a cell of a picture, in units of the SVG. */
#define SVG_WIDTH 8
#define SVG_HEIGHT 17
#define SVG_BASE 13 /* from a cell's top to the line its text stands on */

struct svg_colors {
	uint32_t ink, paper;
	bool bold;
};

static struct svg_colors svg_colors(const struct theme *theme, const struct grid_cell *cell)
{
	struct style style = theme_style(theme, DEPTH_256, cell->role, cell->selected);
	uint32_t ink = theme_rgb(theme, style.foreground, false);
	uint32_t paper = theme_rgb(theme, style.background, true);

	return (struct svg_colors){
		.ink = style.reverse ? paper : ink,
		.paper = style.reverse ? ink : paper,
		.bold = style.bold,
	};
}

static bool svg_same(struct svg_colors a, struct svg_colors b)
{
	return a.ink == b.ink && a.paper == b.paper && a.bold == b.bold;
}

static void svg_glyph(uint32_t glyph, FILE *file)
{
	if (glyph == '<')
		(void)fputs("&lt;", file);
	else if (glyph == '&')
		(void)fputs("&amp;", file);
	else
		put_glyph(glyph, file);
}

/* Writes cells x to end of a row, none blank. textLength keeps columns in step in any font. */
static void svg_word(const struct grid *grid, int y, int x, int end, struct svg_colors colors,
		     FILE *file)
{
	const struct grid_cell *cells = row_cells(grid, y);

	(void)fprintf(file, "<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"#%06x\"%s>",
		      x * SVG_WIDTH, y * SVG_HEIGHT + SVG_BASE, (end - x) * SVG_WIDTH, colors.ink,
		      colors.bold ? " font-weight=\"bold\"" : "");
	for (int i = x; i < end; i++)
		svg_glyph(cells[i].glyph, file);
	(void)fputs("</text>", file);
}

/*
 * Writes cells x to end of a row, which look alike: the background in one piece, the text
 * word by word, since not every reader of SVG keeps blanks or obeys textLength.
 */
static void svg_run(const struct grid *grid, int y, int x, int end, struct svg_colors colors,
		    FILE *file)
{
	const struct grid_cell *cells = row_cells(grid, y);
	int width = (end - x) * SVG_WIDTH;
	int word;

	(void)fprintf(file, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>",
		      x * SVG_WIDTH, y * SVG_HEIGHT, width, SVG_HEIGHT, colors.paper);
	for (; x < end; x = word) {
		for (word = x; word < end && cells[word].glyph != ' ';)
			word++;
		if (word > x)
			svg_word(grid, y, x, word, colors, file);
		else
			word++;
	}
	(void)fputc('\n', file);
}

static void svg_row(const struct grid *grid, const struct theme *theme, int y, FILE *file)
{
	const struct grid_cell *cells = row_cells(grid, y);
	int length = row_length(grid, y, true);
	int end;

	for (int x = 0; x < length; x = end) {
		struct svg_colors colors = svg_colors(theme, &cells[x]);

		for (end = x + 1; end < length; end++)
			if (!svg_same(svg_colors(theme, &cells[end]), colors))
				break;
		svg_run(grid, y, x, end, colors, file);
	}
}

void grid_to_svg(const struct grid *grid, const struct theme *theme, FILE *file)
{
	int width = grid->columns * SVG_WIDTH;
	int height = grid->rows * SVG_HEIGHT;

	(void)fprintf(file,
		      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
		      "width=\"%d\" height=\"%d\" font-family=\"DejaVu Sans Mono, monospace\" "
		      "font-size=\"13\">\n", width, height, width, height);
	(void)fprintf(file, "<rect width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n", width, height,
		      theme_rgb(theme, COLOR_DEFAULT, true));
	for (int y = 0; y < grid->rows; y++)
		svg_row(grid, theme, y, file);
	(void)fputs("</svg>\n", file);
}
