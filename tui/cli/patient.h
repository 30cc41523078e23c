/* SPDX-License-Identifier: MIT */
/*
 * A stream whose reader may be slow, or not read at all. Writing waits for the reader. Once
 * a signal has asked for the end, it waits for a second more; then this write and all later
 * ones are errors of the stream.
 */
#ifndef TUI_CLI_PATIENT_H
#define TUI_CLI_PATIENT_H

#include <stdbool.h>
#include <stdio.h>

#include "transports/err.h"

struct patient {
	int fd;
	int signal_fd; /* the owner's: readable when a signal has come; or -1 */
	bool hurried;  /* the owner has read a signal there */
	bool given_up;
};

/*
 * Opens a file for writing, as open(2). Opening a FIFO waits for its reader: where there is none
 * yet, that is said on stderr.
 */
int patient_file(const char *path, int flags);

/*
 * Takes fd, which fclose closes, and borrows *patient until then. NULL without memory: fd is
 * closed.
 */
FILE *patient_open(struct patient *patient, int fd, int signal_fd);

/* Closes the file. Fails if not all got there; `what` was written, for the message. */
int patient_finish(FILE *file, const char *what, struct err *err);

#endif
