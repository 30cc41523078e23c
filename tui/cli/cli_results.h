/* SPDX-License-Identifier: MIT */
/*
 * Where the results of a run without a screen go: --csv, --json, stdout. If something
 * fails, a function goes on with the rest; err keeps the first failure.
 */
#ifndef TUI_CLI_CLI_RESULTS_H
#define TUI_CLI_CLI_RESULTS_H

#include <stdbool.h>

#include "bench/model/model.h"
#include "tui/cli/asked.h"

/* Fails now for what would fail after an hour of measuring. */
int results_check(const struct options *options, struct err *err);

/*
 * Writes the results so far to files, after every block. If that fails, the file from
 * before stays, and the next block may find room again.
 */
int results_save(const struct options *options, const struct model *model, struct err *err);

/*
 * Writes the table, and what goes to stdout or to something else than a file, such as a
 * FIFO. Waits for the reader; hurried: a signal has asked for the end, and it waits for a
 * second at most.
 */
void results_print(const struct options *options, const struct model *model, bool hurried,
		   struct err *err);

/* Writes a complaint to stderr, and waits for it in the same way. */
void results_complain(bool hurried, const struct err *complaint);

#endif
