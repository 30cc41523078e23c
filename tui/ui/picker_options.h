/* SPDX-License-Identifier: MIT */
/* What the picker's options list and its command line share. */
#ifndef TUI_UI_PICKER_OPTIONS_H
#define TUI_UI_PICKER_OPTIONS_H

#include "tui/ui/picker.h"

/*
 * The command line's flag for an option that differs from the preset (or the default), with
 * its value as the command line takes it; NULL if it does not differ.
 */
const char *picker_option_flag(const struct picker *picker, enum picker_option option, char *value,
			       size_t size);

/* The option of that name, OPTION_COUNT if there is none. */
enum picker_option picker_option_find(const char *name);

#endif
