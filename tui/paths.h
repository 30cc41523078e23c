/* SPDX-License-Identifier: MIT */
/* Where our files are: the XDG base directories. */
#ifndef TUI_PATHS_H
#define TUI_PATHS_H

#include <stddef.h>

#include "transports/err.h"

#define PATH_BYTES 512

/*
 * "$XDG_CONFIG_HOME/ipctop/LEAF", or ~/.config where that is not set to an
 * absolute path; likewise XDG_STATE_HOME and ~/.local/state. Fails without a home, and if
 * it were in a home that is not there: none is made.
 */
int path_config(const char *leaf, char path[PATH_BYTES], struct err *err);
int path_state(const char *leaf, char path[PATH_BYTES], struct err *err);

/* Makes the directories that path lies in, 0700 as the base directories want it. */
int path_make_parents(const char *path, struct err *err);

/* A small text file, which the caller frees. NULL if there is none, or it is too large. */
char *path_read(const char *path);

/* Replaces a file through a temporary one beside it and a rename. */
int path_write(const char *path, const char *text, struct err *err);

#endif
