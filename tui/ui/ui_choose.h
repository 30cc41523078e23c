/* SPDX-License-Identifier: MIT */
/* What the keys of the setup screen and of a run under way do. */
#ifndef TUI_UI_UI_CHOOSE_H
#define TUI_UI_UI_CHOOSE_H

#include "tui/ui/ui_command.h"

act_function act_add_shape;
act_function act_edit;
act_function act_matrix;
act_function act_preset;
act_function act_run;
act_function act_toggle;

act_function act_drop;
act_function act_duel;
act_function act_more;
act_function act_pause;
act_function act_retry;
act_function act_skip;

#endif
