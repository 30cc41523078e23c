/* SPDX-License-Identifier: MIT */
/* The help overlay: the keys of this screen, filtered; Enter does the selected line. */
#ifndef TUI_VIEWS_HELP_H
#define TUI_VIEWS_HELP_H

#include "bench/model.h"
#include "tui/grid.h"
#include "tui/ui.h"

struct help_lines {
	int count;
	union {
		enum action actions[ACTION_COUNT]; /* group by group */
		const char *notes[UI_NOTES];       /* the latest first; ui's own */
	};
};

/* What matches the filter: the actions of the screen under the help, or the notes. */
void help_find(const struct ui *ui, struct help_lines *lines);

void help_draw(struct grid *grid, struct rect rect, const struct model *model,
	       const struct ui *ui);

#endif
