/* SPDX-License-Identifier: MIT */
/* The commands without a screen. Each returns the exit status. */
#ifndef TUI_CLI_CLI_H
#define TUI_CLI_CLI_H

#include "bench/report/export.h"
#include "tui/cli/asked.h"

enum exit_status {
	EXIT_FINE = 0,
	EXIT_CELL_FAILED = 1, /* a cell failed or was wrong, or nothing ran */
	EXIT_SLOWER = 1,      /* diff --fail-slower: a cell is, or is gone */
	EXIT_USAGE = 2,
	EXIT_SIGNAL_BASE = 128, /* plus the signal: results so far are kept */
};

int cli_run(const struct options *options);
int cli_list(const struct options *options);
int cli_serve(const struct options *options);
int cli_diff(const struct options *options);

/* Prints "ipctop: message". */
void cli_tell(FILE *file, const struct err *err);

/* The same, to stderr. Returns status. */
int cli_fail(int status, const struct err *err);

/* Tells stderr if the transport has socket files, and they are not where TMPDIR says. */
void cli_tell_socket_folder(const struct transport *transport);

/* Fails if stdout does not take all that was printed. */
int cli_flush(struct err *err);

/* How a table looks on this stream. */
struct table_style cli_table_style(const struct options *options, FILE *file);

/* The width of the terminal, 0 if file is none. */
unsigned cli_columns(FILE *file);

/* Whether the path means stdin or stdout. */
bool cli_is_stream(const char *path);

#endif
