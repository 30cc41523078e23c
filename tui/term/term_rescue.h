/* SPDX-License-Identifier: MIT */
/*
 * Gives the terminal back when a signal ends the program: from handlers of all such
 * signals, by system calls alone. Also keeps what is written to stderr meanwhile off the
 * screen.
 */
#ifndef TUI_TERM_TERM_RESCUE_H
#define TUI_TERM_TERM_RESCUE_H

/* Remembers how the terminal is now, before anything is changed. */
void rescue_save(void);

/*
 * From now on fatal signals restore the terminal, with these strings of terminfo (each may
 * be NULL) and with what switches off everything that we may have switched on.
 */
void rescue_arm(const char *keypad_off, const char *screen_off, const char *cursor_on,
		const char *attributes_off);

/* Restores the modes, hands stderr back and shows what came to it. */
void rescue_disarm(void);

/* Arms again with the same strings. */
void rescue_rearm(void);

#endif
