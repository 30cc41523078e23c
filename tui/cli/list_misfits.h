/* SPDX-License-Identifier: MIT */
/* What `list` says of transports that cannot run here. */
#ifndef TUI_CLI_LIST_MISFITS_H
#define TUI_CLI_LIST_MISFITS_H

#include <stdio.h>

#include "transports/array.h"

/*
 * Prints what of the machine is missing and for whom, and which of the preset shapes a transport
 * cannot carry in elements of that dtype, each with the reason; nothing if all can run. What
 * does not carry the dtype at all is left out. Errors stay in file.
 */
void list_misfits(FILE *file, enum dtype dtype);

#endif
