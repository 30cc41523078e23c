/* SPDX-License-Identifier: MIT */
/* SIGTSTP, as Ctrl-Z sends it: held back, so that it stops us where nothing is being measured. */
#ifndef TUI_TERM_SUSPEND_H
#define TUI_TERM_SUSPEND_H

#include <poll.h>
#include <stdbool.h>

/* From here on it is heeded in suspend_poll only; if it is ignored, it stays so. */
void suspend_hold(void);

/* poll(2), which it ends with EINTR if it is held. */
int suspend_poll(struct pollfd *polled, nfds_t count, int timeout_ms);

/* Has it come? */
bool suspend_wanted(void);

/*
 * Stops this process, or its whole job where the terminal did not send the signal to all of it,
 * as the shell expects. SIGTSTP is blocked. Returns when it goes on.
 */
void suspend_now(bool whole_job);

/* It stops us at once again. */
void suspend_release(void);

#endif
