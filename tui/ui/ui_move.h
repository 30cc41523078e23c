/* SPDX-License-Identifier: MIT */
/* Moving the cursor by rows, columns and shapes; the plot's cursor and window. */
#ifndef TUI_UI_UI_MOVE_H
#define TUI_UI_UI_MOVE_H

#include "bench/model/model.h"
#include "tui/ui/ui.h"
#include "tui/ui/ui_command.h"

act_function act_move;
act_function act_shape;
act_function act_sideways;
act_function act_zoom;

/* The lines that an action moves by; for the ends, as many as there can be. */
int move_lines(const struct ui *ui, enum action action);

/* Selects a row of the screen's table, the nearest that there is. */
void move_to_row(struct ui *ui, const struct model *model, int row);

#endif
