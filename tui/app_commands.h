/* SPDX-License-Identifier: MIT */
/* What the interface asks for, done to the world. */
#ifndef TUI_APP_COMMANDS_H
#define TUI_APP_COMMANDS_H

#include "tui/app_state.h"
#include "tui/ui/ui_command.h"

/* Carries out what ui_update asks for. */
void app_execute(struct app *app, const struct command *command);

/* Steps the run and saves its results. Starts the duel that waits, once the run has ended. */
void app_step_run(struct app *app);

/* Ends the run, at most a few seconds later, and saves what it has. */
void app_end_run(struct app *app);

#endif
