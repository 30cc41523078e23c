/* SPDX-License-Identifier: MIT */
/*
 * What goes out to a terminal that may not read: it is kept here and sent as the
 * terminal takes it, so that nothing in the program ever waits for that.
 *
 * curses writes whole frames to standard output, and goes on trying if that does
 * not take them. Between out_begin and out_end standard output is a file in memory,
 * whose bytes then go to the terminal by a description of our own that does not
 * block; that of standard output is shared with the shell and is left as it is.
 */
#ifndef TUI_TERM_TERM_OUT_H
#define TUI_TERM_TERM_OUT_H

#include <stdbool.h>
#include <stdint.h>

/* The terminal that fd is. Returns a descriptor that does not block, or -1 if there is none. */
int out_reopen(int fd);

/* Standard output is the terminal. Without descriptors or memory all goes there directly. */
void out_open(void);
void out_close(void);

/* From here to out_end, what is written to standard output is kept; then it is sent. */
void out_begin(void);
void out_end(void);

/* Behind what is kept already. */
void out_text(const char *text);

/* Sends what is kept, as far as the terminal takes it. True if nothing is left. */
bool out_flush(void);

/* The same, with patience of so long in all. What is left then is dropped. */
bool out_drain(uint64_t patience_ns);

/* Where to wait until the terminal takes more; -1 if nothing is left. */
int out_waiting_fd(void);

/* Where a signal's handler may write without being held up; by system calls alone. */
int out_terminal(void);

#endif
