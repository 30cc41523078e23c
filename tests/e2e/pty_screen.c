/* SPDX-License-Identifier: MIT */
/* The terminal's screen, its modes and its title, made of the bytes that are written to it. */
#include "tests/e2e/pty_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "transports/unused.h"
#include "tui/draw/glyphs.h"
#include "tui/draw/theme.h"

struct screen screen;

static void take_snapshot(void)
{
	for (int y = 0; y < screen.rows && y < SCREEN_ROWS_MAX; y++) {
		for (int x = 0; x < screen.columns && x < SCREEN_COLUMNS_MAX; x++) {
			VTermScreenCell cell;
			struct seen_cell *seen = &screen.cells[y][x];

			(void)vterm_screen_get_cell(screen.vterm_screen, (VTermPos){y, x}, &cell);
			seen->glyph = cell.chars[0] ? cell.chars[0] : ' ';
			seen->reverse = cell.attrs.reverse;
			seen->bold = cell.attrs.bold;
			seen->foreground = VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ? -1 :
					   VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx :
									      -2;
		}
	}
}

static void on_title(const char *title)
{
	unsigned long inputs;
	unsigned long frames;
	int columns;
	int rows;

	if (sscanf(title, "ipctop %lu %lu %dx%d", &inputs, &frames, &columns, &rows) != 4)
		return;
	(void)snprintf(screen.title, sizeof(screen.title), "%s", title);
	screen.inputs = inputs;
	screen.frames = frames;
	screen.columns = columns;
	screen.rows = rows;
	take_snapshot();
}

static int on_property(VTermProp property, VTermValue *value, void *user UNUSED)
{
	if (property == VTERM_PROP_ALTSCREEN)
		screen.alternate = value->boolean;
	else if (property == VTERM_PROP_CURSORVISIBLE)
		screen.cursor = value->boolean;
	else if (property == VTERM_PROP_TITLE)
		on_title(value->string);
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

void screen_open(int columns, int rows)
{
	memset(&screen, 0, sizeof(screen));
	screen.vterm = vterm_new(rows, columns);
	vterm_set_utf8(screen.vterm, 1);
	screen.vterm_screen = vterm_obtain_screen(screen.vterm);
	vterm_screen_set_callbacks(screen.vterm_screen, &callbacks, NULL);
	vterm_screen_enable_altscreen(screen.vterm_screen, 1);
	vterm_screen_reset(screen.vterm_screen, 1);
	screen.cursor = true;
}

void screen_close(void)
{
	if (screen.vterm)
		vterm_free(screen.vterm);
	screen.vterm = NULL;
}

void screen_resize(int columns, int rows)
{
	vterm_set_size(screen.vterm, rows, columns);
}

/* Follows "\033[?1000;1006h" and the like: libvterm does not report all of them. */
static void watch_modes(char byte)
{
	size_t used = screen.escape_used;
	char *number;

	if (byte == '\033' || used >= sizeof(screen.escape) - 1)
		used = 0;
	screen.escape[used] = byte;
	screen.escape_used = used + (used > 0 || byte == '\033');
	if ((byte != 'h' && byte != 'l') || used < 4)
		return;
	screen.escape[used] = '\0';
	screen.escape_used = 0;
	if (strncmp(screen.escape, "\033[?", 3) != 0)
		return;
	for (number = screen.escape + 3; *number; number++) {
		unsigned long mode = strtoul(number, &number, 10);

		if (mode < SCREEN_MODES)
			screen.modes[mode] = byte == 'h';
		if (*number != ';')
			break;
	}
}

static void flush_pending(void)
{
	(void)vterm_input_write(screen.vterm, screen.pending, screen.pending_used);
	screen.pending_used = 0;
	screen.in_osc = false;
}

/*
 * libvterm gets an OSC string in one piece (it loses split ones), and nothing
 * behind it yet, so that a snapshot is of the moment its title came.
 */
static void feed_byte(char byte)
{
	bool escaped = screen.pending_used > 0 && screen.pending[screen.pending_used - 1] == '\033';

	screen.pending[screen.pending_used++] = byte;
	screen.in_osc |= escaped && byte == ']';
	if (screen.pending_used == sizeof(screen.pending) || (screen.in_osc && byte == '\a'))
		flush_pending();
}

void screen_feed(const char *bytes, size_t count)
{
	if (screen.raw_used + count > sizeof(screen.raw))
		screen.raw_used = 0;
	memcpy(screen.raw + screen.raw_used, bytes, count);
	screen.raw_used += count;
	for (size_t i = 0; i < count; i++) {
		watch_modes(bytes[i]);
		feed_byte(bytes[i]);
	}
	if (!screen.in_osc && bytes[count - 1] != '\033')
		flush_pending();
}

const char *screen_row(int y)
{
	static char text[SCREEN_COLUMNS_MAX + 1];
	int length = 0;

	for (int x = 0; x < screen.columns && x < SCREEN_COLUMNS_MAX; x++) {
		uint32_t glyph = screen.cells[y][x].glyph;

		text[length++] = glyph < 127 ? (char)glyph : '?';
	}
	while (length > 0 && text[length - 1] == ' ')
		length--;
	text[length] = '\0';
	return text;
}

bool screen_has(const char *text)
{
	for (int y = 0; y < screen.rows && y < SCREEN_ROWS_MAX; y++)
		if (strstr(screen_row(y), text))
			return true;
	return false;
}

int screen_number_before(const char *of)
{
	for (int y = 0; y < screen.rows && y < SCREEN_ROWS_MAX; y++) {
		const char *text = screen_row(y);
		const char *at = strstr(text, of);

		while (at && at > text && at[-1] >= '0' && at[-1] <= '9')
			at--;
		if (at && *at != *of)
			return (int)strtol(at, NULL, 10);
	}
	return -1;
}

bool screen_raw_has(const char *text)
{
	return memmem(screen.raw, screen.raw_used, text, strlen(text)) != NULL;
}

bool screen_raw_is_ascii(void)
{
	for (size_t i = 0; i < screen.raw_used; i++)
		if ((unsigned char)screen.raw[i] > 126)
			return false;
	return true;
}

/* What the program says it drew. */

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

bool screen_shows_title(const char *drawn)
{
	size_t length = line_length(drawn);

	return strlen(screen.title) == length && strncmp(drawn, screen.title, length) == 0;
}

static uint32_t next_glyph(const char **at)
{
	return **at == '\n' ? ' ' : utf8_next(at);
}

/* Unselected letter of a role letter, as grid_to_roles writes them. */
static enum role role_of(char letter, bool *selected)
{
	static const char shifted[] = "!@%^&";
	const char *at;

	*selected = letter == '#' || (letter >= 'A' && letter <= 'Z') || strchr(shifted, letter);
	if (letter == '#')
		return ROLE_TEXT;
	at = strchr(shifted, letter);
	if (at)
		return (enum role)(ROLE_RANK_1 + (at - shifted));
	if (letter >= 'A' && letter <= 'Z')
		letter = (char)(letter - 'A' + 'a');
	return (enum role)(strchr(role_letters, letter) - role_letters);
}

static bool cell_equal(const struct seen_cell *seen, uint32_t glyph, char letter, bool colors)
{
	bool selected;
	struct style style =
		theme_style(theme_find("dark"), DEPTH_256, role_of(letter, &selected), false);

	if (seen->glyph != glyph || seen->reverse != selected)
		return false;
	/* A blank's colour shows nowhere, and curses may leave it out. */
	return !colors || glyph == ' ' ||
	       (seen->foreground == style.foreground && seen->bold == style.bold);
}

bool screen_shows(const char *drawn, bool colors, char *where, size_t size)
{
	const char *text = drawn + line_length(drawn) + 1;
	const char *roles = text;

	for (int y = 0; y < screen.rows; y++)
		roles += line_length(roles) + 1;
	for (int y = 0; y < screen.rows && y < SCREEN_ROWS_MAX; y++) {
		for (int x = 0; x < screen.columns && x < SCREEN_COLUMNS_MAX; x++) {
			const struct seen_cell *seen = &screen.cells[y][x];
			uint32_t glyph = next_glyph(&text);
			char letter = *roles == '\n' ? '.' : *roles++;

			if (cell_equal(seen, glyph, letter, colors))
				continue;
			(void)snprintf(where, size,
				       "%s: row %d column %d: U+%04x %c shown as "
				       "U+%04x colour %d bold %d",
				       screen.title, y, x, glyph, letter, seen->glyph,
				       seen->foreground, seen->bold);
			return false;
		}
		text += line_length(text) + 1;
		roles += line_length(roles) + 1;
	}
	return true;
}
