/* SPDX-License-Identifier: MIT */
/* What the help overlay lists: the screen's actions, or the notes, filtered. Pure. */
#ifndef TUI_UI_HELP_LIST_H
#define TUI_UI_HELP_LIST_H

#include "tui/ui/ui.h"

struct help_lines {
	int count;
	union {
		enum action actions[ACTION_COUNT]; /* group by group */
		const char *notes[UI_NOTES];       /* the latest first; ui's own */
	};
};

/* What matches the filter: the actions of the screen under the help, or the notes. */
void help_find(const struct ui *ui, struct help_lines *lines);

#endif
