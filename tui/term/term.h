/* SPDX-License-Identifier: MIT */
/*
 * The terminal: shows grids, hands out events, and is whole again afterwards,
 * whatever happens. There is one terminal; its state lives in term_curses.c.
 */
#ifndef TUI_TERM_TERM_H
#define TUI_TERM_TERM_H

#include <stdbool.h>

#include "transports/err.h"
#include "tui/draw/grid.h"
#include "tui/draw/theme.h"
#include "tui/term/event.h"

struct term_options {
	bool ascii;
	bool mono;   /* no colours, whatever the terminal has */
	bool mouse;
	const struct theme *theme;
};

/*
 * Takes over the terminal. Fails with ERR_UNSUPPORTED, in words, if there is
 * none or it cannot place its cursor. note: "" or what the user should know
 * (a fallback that was taken).
 */
int term_open(const struct term_options *options, char note[256], struct err *err);

/* Gives it back. Also done at exit and on a crash; more than once does no harm. */
void term_close(void);

int term_fd(void); /* to poll for input */

/*
 * A terminal may not read. Output that it has not taken is kept: term_waiting_fd is then a
 * descriptor to poll for writing, else -1. Nothing more may be shown until term_flush,
 * which never waits, is true.
 */
int term_waiting_fd(void);
bool term_flush(void);

/* After term_close: the terminal did not even take what restores it. */
bool term_was_deaf(void);

enum glyph_set term_glyphs(void);
void term_size(int *columns, int *rows);

/* Asks the kernel for the size, after SIGWINCH. True if it has changed. */
bool term_resize(void);

/* The next key, click or paste, without waiting; false if there is none. Does not set now_ns. */
bool term_read(struct event *event);

/* How long until term_read has something though nothing comes in, in ns; UINT64_MAX: for ever. */
uint64_t term_due_ns(void);

/* Shows grid; the cursor at x, y, or hidden if x is negative. */
void term_show(const struct grid *grid, int cursor_x, int cursor_y);

/* The next term_show repaints every cell. */
void term_repaint(void);

void term_mouse(bool on);
void term_title(const char *text);

/*
 * Puts text on the clipboard by OSC 52. Fails if it is too long, or the terminal cannot or has
 * not read what came before.
 */
int term_copy(const char *text, struct err *err);

/* Leaves the screen for a while, and comes back. */
void term_suspend(void);
void term_resume(void);

#endif
