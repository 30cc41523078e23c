/* SPDX-License-Identifier: MIT */
/*
 * A stream to whoever may be slow to read it, or not read at all. Writing waits for that one,
 * but not once a signal has asked for the end: then a second more, and what is not read by
 * then is an error of the stream, and so is all that follows.
 */
#ifndef TUI_CLI_PATIENT_H
#define TUI_CLI_PATIENT_H

#include <stdbool.h>
#include <stdio.h>

#include "transports/err.h"

struct patient {
	int fd;
	int signal_fd; /* the owner's: readable when a signal has come; or -1 */
	bool hurried;  /* the owner has read one there */
	bool given_up;
};

/*
 * Takes fd, which fclose closes, and borrows *patient until then. NULL without memory: fd is
 * closed.
 */
FILE *patient_open(struct patient *patient, int fd, int signal_fd);

/* Closes the file. Fails if not all got there; `what` was written, for the message. */
int patient_finish(FILE *file, const char *what, struct err *err);

#endif
