/* SPDX-License-Identifier: MIT */
/* The process between a test and the program: its parent, as a shell with job control would be. */
#ifndef TESTS_E2E_PTY_SHELL_H
#define TESTS_E2E_PTY_SHELL_H

#include <sys/types.h>

#include "tests/e2e/pty_session.h"

/*
 * Starts it on session.slave, in session.directory. It writes struct report to *reports, and
 * reads an order from *orders once the program has stopped; both are the caller's to close.
 */
pid_t shell_start(const struct start *how, int *reports, int *orders);

#endif
