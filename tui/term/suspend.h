/* SPDX-License-Identifier: MIT */
/* SIGTSTP, as Ctrl-Z sends it: held back, so that it stops us where nothing is being measured. */
#ifndef TUI_TERM_SUSPEND_H
#define TUI_TERM_SUSPEND_H

#include <poll.h>
#include <stdbool.h>

/* From here on SIGTSTP is noticed in suspend_poll only. If it was ignored, it stays ignored. */
void suspend_hold(void);

/* poll(2), which SIGTSTP ends with EINTR if it is held. */
int suspend_poll(struct pollfd *polled, nfds_t count, int timeout_ms);

/* Whether SIGTSTP has come. */
bool suspend_wanted(void);

/*
 * Stops this process; with whole_job, all of its job, as the shell expects if the terminal
 * has not sent the signal itself. SIGTSTP is blocked. Returns when the process goes on.
 */
void suspend_now(bool whole_job);

/* From here on SIGTSTP stops us at once again. */
void suspend_release(void);

#endif
