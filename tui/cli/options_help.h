/* SPDX-License-Identifier: MIT */
/* What --help prints. */
#ifndef TUI_CLI_OPTIONS_HELP_H
#define TUI_CLI_OPTIONS_HELP_H

#include <stdio.h>

#include "tui/cli/asked.h"

/* Prints everything for the dashboard, else what the command takes. */
void options_help(enum subcommand command, FILE *file);

#endif
