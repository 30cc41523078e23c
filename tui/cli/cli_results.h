/* SPDX-License-Identifier: MIT */
/*
 * Where the results of a run without a screen go: --csv, --json, stdout. Each function puts
 * the last of what goes wrong into *err and goes on with the rest.
 */
#ifndef TUI_CLI_CLI_RESULTS_H
#define TUI_CLI_CLI_RESULTS_H

#include <stdbool.h>

#include "bench/model/model.h"
#include "tui/cli/options.h"

/* Whatever would fail after an hour of measuring fails now. */
int results_check(const struct options *options, struct err *err);

/*
 * Results so far, to files, after every block. Where they cannot be written, the file from
 * before stays, and after the next block there may be room again.
 */
int results_save(const struct options *options, const struct model *model, struct err *err);

/*
 * The table, and what goes to stdout or to something else than a file, such as a FIFO. Waits for
 * whoever reads it, but once the run was to end, which is `hurried`, for a second at most.
 */
void results_print(const struct options *options, const struct model *model, bool hurried,
		   struct err *err);

/* Tells stderr, for which the same holds. */
void results_complain(bool hurried, const struct err *complaint);

#endif
