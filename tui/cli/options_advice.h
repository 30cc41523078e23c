/* SPDX-License-Identifier: MIT */
/*
 * What is said of words on the command line that mean nothing there: what was probably meant,
 * and whose --help has it. Each fails with ERR_USAGE and returns -1.
 */
#ifndef TUI_CLI_OPTIONS_ADVICE_H
#define TUI_CLI_OPTIONS_ADVICE_H

#include "transports/err.h"
#include "tui/cli/options_table.h"

/* There is no such option; word is "--sampels" or "-N", as long as length says. */
int advise_option(const char *word, size_t length, enum subcommand command, struct err *err);

/* There is, but this command does not take it. */
int advise_misplaced(const struct option_row *row, enum subcommand command, struct err *err);

int advise_command(const char *word, struct err *err);

/* A word that is no option and no value. */
int advise_word(const char *word, enum subcommand command, struct err *err);

/* "-samples": a long option with one dash. 0 if it is none. */
int advise_dashes(const char *word, struct err *err);

#endif
