/* SPDX-License-Identifier: MIT */
/* The value of an option, from the word that was typed. */
#ifndef TUI_CLI_OPTIONS_VALUE_H
#define TUI_CLI_OPTIONS_VALUE_H

#include "transports/err.h"
#include "tui/cli/options_table.h"

/*
 * Reads value into the row's field of *base: a struct plan_options if the row says so, else a
 * struct options. Fails with ERR_USAGE and what would be right.
 */
int option_store(const struct option_row *row, const char *value, void *base, struct err *err);

#endif
