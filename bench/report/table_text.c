/* SPDX-License-Identifier: MIT */
/* What the tables on a terminal are put together from. */
#include "bench/report/table_text.h"

#include <string.h>

#include "bench/text/text.h"

void table_paint(const struct table_style *style, const char *color, FILE *file)
{
	if (style->color)
		(void)fputs(*color ? color : "\x1b[0m", file);
}

/* Errors of writing are sticky in a FILE, and are looked for once, at the end. */
void table_spaces_put(size_t count, FILE *file)
{
	while (count--)
		(void)fputc(' ', file);
}

void table_cut_put(const char *text, size_t room, const struct table_style *style, FILE *file)
{
	const char *mark = style->ascii ? "..." : "\xe2\x80\xa6";
	size_t mark_width = text_width(mark);

	if (room == 0 || text_width(text) <= room)
		(void)fputs(text, file);
	else if (room > mark_width)
		(void)fprintf(file, "%.*s%s", (int)text_prefix_bytes(text, room - mark_width), text,
			      mark);
	else
		(void)fprintf(file, "%.*s", (int)text_prefix_bytes(text, room), text);
}

void table_wrapped_put(const char *text, const struct table_style *style, FILE *file)
{
	size_t columns = style->columns;
	size_t line = 0;

	while (*text) {
		size_t bytes = strcspn(text, " ");
		size_t width = text_width_of(text, bytes);

		if (columns && line && line + 1 + width > columns) {
			(void)fputc('\n', file);
			line = 0;
		}
		if (line)
			(void)fputc(' ', file);
		(void)fprintf(file, "%.*s", (int)bytes, text);
		line += width + (line != 0);
		text += bytes + strspn(text + bytes, " ");
	}
	(void)fputc('\n', file);
}
