/* SPDX-License-Identifier: MIT */
/* What `list` says of transports that cannot run here. */
#ifndef TUI_CLI_LIST_MISFITS_H
#define TUI_CLI_LIST_MISFITS_H

#include <stdio.h>

/*
 * Prints what of the machine is missing and for whom, and which of the preset shapes a transport
 * cannot carry, each with the reason; nothing if all can run. Errors stay in file.
 */
void list_misfits(FILE *file);

#endif
