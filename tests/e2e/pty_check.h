/* SPDX-License-Identifier: MIT */
/*
 * What must hold of a session: that the terminal shows what the program drew, that nothing of it
 * is left in the end, and what it has put on disk. The check_ ones fail the running test.
 */
#ifndef TESTS_E2E_PTY_CHECK_H
#define TESTS_E2E_PTY_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/e2e/pty_session.h"

/* The terminal shows what was drawn last, of which every key so far is part. */
void check_grid(void);
/* Until the program has drawn a frame that knows of every key so far, whether or not it is read. */
bool wait_input(void);

/*
 * Waits until the program is gone, and then for all its processes, as long as they may
 * take. Returns the program's wait status, or -1.
 */
int wait_end(void);
/* Nothing of its names is left. */
void check_leftovers(void);
/* The terminal is the shell's again. */
void check_restored(void);
/* No sanitizer had anything to say. */
void check_stderr(void);
/* All of that. */
void check_end(void);

bool has_entry(const char *directory, const char *prefix);
/* Of a file in the session's folder: whether it can be read, and has the text. */
bool file_has(const char *name, const char *text);
/* How many files of results the dashboard has kept; the name of one of them, or NULL. */
size_t count_results(void);
const char *results_name(void);
/* Waits until a run without a reader has put so many cells that are done into that file. */
bool wait_done(const char *(*name)(void), size_t cells);

/* Long enough that it is still running whenever a test gets to it; samples are being taken. */
void start_long_run(void);
/*
 * A run of one transport, most of the time in the middle of a reply; named: with a directory for
 * its socket, and segments.
 */
void start_reply(void);
void start_reply_named(void);

#endif
