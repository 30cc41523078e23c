/* SPDX-License-Identifier: MIT */
/* What an action does: it changes the interface's state, and may ask for something to be done. */
#ifndef TUI_UI_UI_COMMAND_H
#define TUI_UI_UI_COMMAND_H

#include <stddef.h>

#include "bench/model/model.h"
#include "tui/ui/keys.h"
#include "tui/ui/ui.h"

enum command_kind {
	COMMAND_NONE,
	COMMAND_START, /* run what the picker has */
	COMMAND_DUEL,  /* command.cell against command.opponent; ends the run */
	COMMAND_STOP,
	COMMAND_PAUSE, /* or go on */
	COMMAND_SKIP,
	COMMAND_RETRY,
	COMMAND_MORE, /* of what is undecided at the shape of command.cell */
	COMMAND_DROP,
	COMMAND_EXPORT, /* to command.text; its ending says what */
	COMMAND_COPY,
	COMMAND_SAVE,
	COMMAND_MOUSE, /* ui->mouse has changed */
	COMMAND_SUSPEND,
	COMMAND_REDRAW,
	COMMAND_QUIT,
};

struct command {
	enum command_kind kind;
	size_t cell;
	size_t opponent;
	char text[UI_TEXT_BYTES];
};

#define NO_COMMAND ((struct command){.kind = COMMAND_NONE})

/* Does an action of keys.def that can be done now (ui_why_not). */
typedef struct command act_function(struct ui *ui, const struct model *model, enum action action);

#endif
