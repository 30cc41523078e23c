/* SPDX-License-Identifier: MIT */
/*
 * What a terminal shows, by libvterm's judgement. The program under test sets a title
 * after each frame (IPCTOP_TEST_BARRIER); what is looked at is the screen of that moment.
 */
#ifndef TESTS_E2E_PTY_SCREEN_H
#define TESTS_E2E_PTY_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vterm.h>

#define SCREEN_COLUMNS_MAX 300
#define SCREEN_ROWS_MAX 100
#define SCREEN_MODES 3000 /* DEC private modes that are watched */

/* What the terminal shows for one cell. */
struct seen_cell {
	uint32_t glyph;
	bool reverse, bold;
	int foreground; /* palette index, -1: default */
};

struct screen {
	bool alternate, cursor;
	bool modes[SCREEN_MODES];
	char title[256];              /* of the last frame */
	unsigned long inputs, frames; /* that it tells of */
	int columns, rows;            /* of that frame */
	struct seen_cell cells[SCREEN_ROWS_MAX][SCREEN_COLUMNS_MAX];
	char raw[1 << 20]; /* what came last, for looking at bytes */
	size_t raw_used;
	VTerm *vterm; /* NULL while there is none */
	VTermScreen *vterm_screen;
	char pending[1 << 17]; /* not given to libvterm yet */
	size_t pending_used;
	bool in_osc;
	char escape[64]; /* a "\033[?..." that is coming in */
	size_t escape_used;
};

/* The one screen of a test program. */
extern struct screen screen;

void screen_open(int columns, int rows);
void screen_close(void);
void screen_resize(int columns, int rows);

/* What the program wrote, or somebody else on its terminal. count is not 0. */
void screen_feed(const char *bytes, size_t count);

/* The row as text, what is not ASCII as '?'. Good until the next call. */
const char *screen_row(int y);
bool screen_has(const char *text);
/* The number before these words, or -1: how many cells have ended, or samples are taken. */
int screen_number_before(const char *of);

bool screen_raw_has(const char *text);
bool screen_raw_is_ascii(void);

/*
 * Whether the frame that the program says it drew is shown: its title, glyphs and roles, a row a
 * line (tui/test_barrier.h).
 */
bool screen_shows_title(const char *drawn);
/* Compares every cell; if one differs, says the first in `where`. colors: also theirs. */
bool screen_shows(const char *drawn, bool colors, char *where, size_t size);

#endif
