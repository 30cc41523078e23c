/* SPDX-License-Identifier: MIT */
/* What a command reads and writes, so that nothing of it is written over. */
#ifndef TUI_CLI_CLI_OUTPUTS_H
#define TUI_CLI_CLI_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/err.h"

struct cli_output {
	const char *called; /* "--csv", "A": for words about it */
	const char *path;   /* NULL: it was not asked for. "-": stdout, or stdin if it is read */
	bool is_read;
};

/*
 * Fails with ERR_USAGE if two outputs, an output and what is read, or an output and the table
 * on stdout would come to one file: by the same name, by another, or by a link.
 */
int cli_outputs_check(const struct cli_output *outputs, size_t count, struct err *err);

#endif
