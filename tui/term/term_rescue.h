/* SPDX-License-Identifier: MIT */
/*
 * Gives the terminal back when the program ends in a way nobody planned: from
 * handlers of all signals that end it, by system calls alone. Also keeps what is written
 * to stderr meanwhile off the screen.
 */
#ifndef TUI_TERM_TERM_RESCUE_H
#define TUI_TERM_TERM_RESCUE_H

/* Remembers how the terminal is now, before anything is changed. */
void rescue_save(void);

/*
 * From now on fatal signals restore it, with these strings of terminfo (each may
 * be NULL) and what switches off everything that we may have switched on.
 */
void rescue_arm(const char *keypad_off, const char *screen_off, const char *cursor_on,
		const char *attributes_off);

/* Restores the modes, hands stderr back and shows what came to it. */
void rescue_disarm(void);

/* Arms again with the same strings. */
void rescue_rearm(void);

#endif
