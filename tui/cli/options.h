/* SPDX-License-Identifier: MIT */
/*
 * The command line: one table of options (options_table.h) feeds the parser, each --help, the
 * advice in errors, and the test that holds the man page to it.
 */
#ifndef TUI_CLI_OPTIONS_H
#define TUI_CLI_OPTIONS_H

#include "transports/err.h"
#include "tui/cli/asked.h"

/* Reads argv. Fails with ERR_USAGE and a line that says what to do. */
int options_parse(struct options *options, int argc, char **argv, struct err *err);

/*
 * Copies the options that were given from plan to over, also those that were given as the
 * default.
 */
void options_overlay(struct plan_options *over, const struct plan_options *plan, uint64_t given);

#endif
