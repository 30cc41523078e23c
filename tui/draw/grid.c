/* SPDX-License-Identifier: MIT */
/* The grid of cells: clipped drawing. */
#include "tui/draw/grid.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "tui/draw/clamp.h"

#define GRID_SIDE_MAX 4096

int grid_resize(struct grid *grid, int columns, int rows, enum glyph_set glyphs, struct err *err)
{
	size_t count;
	struct grid_cell *cells;

	columns = clamp_int(columns, 1, GRID_SIDE_MAX);
	rows = clamp_int(rows, 1, GRID_SIDE_MAX);
	count = (size_t)columns * (size_t)rows;
	cells = reallocarray(grid->cells, count, sizeof(*cells));
	if (!cells)
		return err_set(err, ERR_MEMORY, "no memory for a screen of %dx%d", columns, rows);
	*grid = (struct grid){
		.columns = columns,
		.rows = rows,
		.glyphs = glyphs,
		.cells = cells,
	};
	grid_clear(grid);
	return 0;
}

void grid_free(struct grid *grid)
{
	free(grid->cells);
	*grid = (struct grid){0};
}

void grid_clear(struct grid *grid)
{
	size_t count = (size_t)grid->columns * (size_t)grid->rows;

	grid->clip = (struct rect){0, 0, grid->columns, grid->rows};
	for (size_t i = 0; i < count; i++)
		grid->cells[i] = (struct grid_cell){.glyph = ' '};
}

bool rect_empty(struct rect rect)
{
	return rect.width < 1 || rect.height < 1;
}

struct rect rect_intersect(struct rect a, struct rect b)
{
	int left = a.x > b.x ? a.x : b.x;
	int top = a.y > b.y ? a.y : b.y;
	int right = a.x + a.width < b.x + b.width ? a.x + a.width : b.x + b.width;
	int bottom = a.y + a.height < b.y + b.height ? a.y + a.height : b.y + b.height;

	return (struct rect){left, top, right > left ? right - left : 0,
			     bottom > top ? bottom - top : 0};
}

struct rect grid_clip(struct grid *grid, struct rect rect)
{
	struct rect former = grid->clip;

	grid->clip = rect_intersect(former, rect);
	return former;
}

/* The cells that a cut takes from an extent. */
static int cut_size(int wanted, int extent)
{
	return clamp_int(wanted, 0, extent);
}

struct rect rect_cut_top(struct rect *rect, int rows)
{
	struct rect cut = *rect;

	cut.height = cut_size(rows, rect->height);
	rect->y += cut.height;
	rect->height -= cut.height;
	return cut;
}

struct rect rect_cut_left(struct rect *rect, int columns)
{
	struct rect cut = *rect;

	cut.width = cut_size(columns, rect->width);
	rect->x += cut.width;
	rect->width -= cut.width;
	return cut;
}

/* Cuts the rest from the other end, and returns what remains. */
struct rect rect_cut_bottom(struct rect *rect, int rows)
{
	struct rect cut = *rect;

	*rect = rect_cut_top(&cut, rect->height - cut_size(rows, rect->height));
	return cut;
}

struct rect rect_cut_right(struct rect *rect, int columns)
{
	struct rect cut = *rect;

	*rect = rect_cut_left(&cut, rect->width - cut_size(columns, rect->width));
	return cut;
}

struct rect rect_inside(struct rect rect)
{
	return (struct rect){rect.x + 1, rect.y + 1, rect.width > 2 ? rect.width - 2 : 0,
			     rect.height > 2 ? rect.height - 2 : 0};
}

bool rect_has(struct rect rect, int x, int y)
{
	return x >= rect.x && y >= rect.y && x - rect.x < rect.width && y - rect.y < rect.height;
}

/* The cell at x, y, which is inside the clip. */
static struct grid_cell *grid_at(struct grid *grid, int x, int y)
{
	return &grid->cells[(size_t)y * (size_t)grid->columns + (size_t)x];
}

void grid_put(struct grid *grid, int x, int y, uint32_t glyph, enum role role)
{
	uint32_t folded = rect_has(grid->clip, x, y) ? glyph_fold(grid->glyphs, glyph) : 0;

	if (folded)
		*grid_at(grid, x, y) = (struct grid_cell){.glyph = folded, .role = (uint8_t)role};
}

int grid_text(struct grid *grid, int x, int y, int width, enum role role, const char *text)
{
	int used = 0;
	uint32_t glyph;

	while (used < width && (glyph = utf8_next(&text))) {
		if (!glyph_fold(grid->glyphs, glyph))
			continue;
		if (used == width - 1 && glyph_text_width(grid->glyphs, text) > 0)
			glyph = U'…';
		grid_put(grid, x + used, y, glyph, role);
		used++;
	}
	return used;
}

int grid_text_right(struct grid *grid, int x, int y, int width, enum role role, const char *text)
{
	int used = glyph_text_width(grid->glyphs, text);

	if (used < width)
		x += width - used;
	(void)grid_text(grid, x, y, width, role, text);
	return x;
}

int grid_text_center(struct grid *grid, int x, int y, int width, enum role role, const char *text)
{
	int used = glyph_text_width(grid->glyphs, text);

	if (used < width)
		x += (width - used) / 2;
	return grid_text(grid, x, y, width, role, text);
}

int grid_printf(struct grid *grid, int x, int y, int width, enum role role, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return grid_text(grid, x, y, width, role, text);
}

int grid_printf_right(struct grid *grid, int x, int y, int width, enum role role,
		      const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return grid_text_right(grid, x, y, width, role, text);
}

/* The bytes of text that fit a line of width cells; *next: where the next line begins. */
static size_t line_break(enum glyph_set glyphs, const char *text, int width, const char **next)
{
	const char *at = text;
	const char *space = NULL; /* the last one that fits */
	int used = 0;

	while (*at && *at != '\n') {
		const char *before = at;
		uint32_t glyph = utf8_next(&at);

		if (glyph == ' ')
			space = before;
		used += glyph_fold(glyphs, glyph) != 0;
		if (used > width && glyph != ' ') {
			*next = space && space > text ? space + 1 : before;
			return (size_t)((space && space > text ? space : before) - text);
		}
	}
	*next = *at ? at + 1 : at;
	return (size_t)(at - text);
}

int grid_paragraph(struct grid *grid, struct rect rect, enum role role, const char *text)
{
	char line[1024];
	int used = 0;

	while (*text && used < rect.height && rect.width > 0) {
		const char *next;
		size_t bytes = line_break(grid->glyphs, text, rect.width, &next);

		(void)snprintf(line, sizeof(line), "%.*s",
			       bytes < sizeof(line) ? (int)bytes : INT_MAX, text);
		(void)grid_text(grid, rect.x, rect.y + used, rect.width, role, line);
		text = next;
		used++;
	}
	return used;
}

void grid_fill(struct grid *grid, struct rect rect, uint32_t glyph, enum role role)
{
	rect = rect_intersect(rect, grid->clip);
	for (int y = rect.y; y < rect.y + rect.height; y++)
		grid_hline(grid, rect.x, y, rect.width, glyph, role);
}

void grid_hline(struct grid *grid, int x, int y, int width, uint32_t glyph, enum role role)
{
	for (int i = 0; i < width; i++)
		grid_put(grid, x + i, y, glyph, role);
}

/* Writes " text " into an edge, whose line goes on at both sides. */
static void edge_title(struct grid *grid, int x, int y, int width, enum role role, const char *text)
{
	int used;

	if (width < 3)
		return;
	grid_put(grid, x, y, ' ', role);
	used = grid_text(grid, x + 1, y, width - 2, role, text);
	grid_put(grid, x + 1 + used, y, ' ', role);
}

static void edge_titles(struct grid *grid, struct rect edge, const char *title, const char *right)
{
	int room = edge.width - 4;
	int used = title ? glyph_text_width(grid->glyphs, title) + 2 : 0;
	int used_right = right ? glyph_text_width(grid->glyphs, right) + 2 : 0;

	if (title)
		edge_title(grid, edge.x + 2, edge.y, used < room ? used : room, ROLE_ACCENT, title);
	/* If both do not fit, the right text is left out. */
	if (right && used + used_right + 1 <= room)
		edge_title(grid, edge.x + edge.width - 2 - used_right, edge.y, used_right, ROLE_DIM,
			   right);
}

void grid_rule(struct grid *grid, int x, int y, int width, const char *title, const char *right)
{
	grid_hline(grid, x, y, width, U'─', ROLE_DIM);
	edge_titles(grid, (struct rect){x, y, width, 1}, title, right);
}

void grid_box(struct grid *grid, struct rect rect, const char *title, const char *right)
{
	int right_x = rect.x + rect.width - 1;
	int bottom = rect.y + rect.height - 1;

	if (rect_empty(rect))
		return;
	grid_fill(grid, rect, ' ', ROLE_TEXT);
	grid_hline(grid, rect.x, rect.y, rect.width, U'─', ROLE_DIM);
	grid_hline(grid, rect.x, bottom, rect.width, U'─', ROLE_DIM);
	for (int y = rect.y + 1; y < bottom; y++) {
		grid_put(grid, rect.x, y, U'│', ROLE_DIM);
		grid_put(grid, right_x, y, U'│', ROLE_DIM);
	}
	grid_put(grid, rect.x, rect.y, U'╭', ROLE_DIM);
	grid_put(grid, right_x, rect.y, U'╮', ROLE_DIM);
	grid_put(grid, rect.x, bottom, U'╰', ROLE_DIM);
	grid_put(grid, right_x, bottom, U'╯', ROLE_DIM);
	edge_titles(grid, (struct rect){rect.x, rect.y, rect.width, 1}, title, right);
}

void grid_select(struct grid *grid, struct rect rect)
{
	rect = rect_intersect(rect, grid->clip);
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			grid_at(grid, x, y)->selected = true;
}

void grid_recolor(struct grid *grid, struct rect rect, enum role role)
{
	rect = rect_intersect(rect, grid->clip);
	for (int y = rect.y; y < rect.y + rect.height; y++)
		for (int x = rect.x; x < rect.x + rect.width; x++)
			grid_at(grid, x, y)->role = (uint8_t)role;
}
