/* SPDX-License-Identifier: MIT */
/*
 * Output to a terminal that may not read. It is kept here and sent as the terminal
 * takes it, so that the program never waits.
 *
 * curses writes whole frames to standard output, and goes on trying if that does
 * not take them. Between out_begin and out_end standard output is a file in memory.
 * Its bytes then go to the terminal through an open file of our own that does not
 * block; the one of standard output is shared with the shell and stays as it is.
 */
#ifndef TUI_TERM_TERM_OUT_H
#define TUI_TERM_TERM_OUT_H

#include <stdbool.h>
#include <stdint.h>

/* Opens fd's terminal again. Returns a descriptor that does not block, or -1 if it cannot. */
int out_reopen(int fd);

/*
 * Begins; standard output is the terminal. Without descriptors or memory all goes there
 * directly.
 */
void out_open(void);
void out_close(void);

/* Keeps what is written to standard output until out_end, which sends it. */
void out_begin(void);
void out_end(void);

/* Adds text to what is kept. */
void out_text(const char *text);

/* Sends what is kept, as far as the terminal takes it. True if nothing is left. */
bool out_flush(void);

/* The same, waiting for at most patience_ns in all. The rest is then dropped. */
bool out_drain(uint64_t patience_ns);

/* The descriptor to poll until the terminal takes more; -1 if nothing is left. */
int out_waiting_fd(void);

/* The descriptor that a signal handler may write to without being held up. */
int out_terminal(void);

#endif
