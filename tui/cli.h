/* SPDX-License-Identifier: MIT */
/* The commands without a screen. Each returns the exit status. */
#ifndef TUI_CLI_H
#define TUI_CLI_H

#include "tui/options.h"

enum exit_status {
	EXIT_FINE = 0,
	EXIT_CELL_FAILED = 1, /* a cell failed or was wrong, or nothing ran */
	EXIT_USAGE = 2,
	EXIT_SIGNAL_BASE = 128, /* plus the signal: results so far are kept */
};

int cli_run(const struct options *options);
int cli_list(const struct options *options);
int cli_serve(const struct options *options);

/* Prints "ipctop: message" to stderr. Returns status. */
int cli_fail(int status, const struct err *err);

/* May colours be used on this stream? */
bool cli_color(const struct options *options, FILE *file);

/* May characters beyond ASCII be used? */
bool cli_ascii(const struct options *options);

#endif
