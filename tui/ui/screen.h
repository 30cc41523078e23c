/* SPDX-License-Identifier: MIT */
/* The screens of screens.def. */
#ifndef TUI_UI_SCREEN_H
#define TUI_UI_SCREEN_H

enum screen {
#define SCREEN(name, id) SCREEN_##name,
#include "tui/ui/screens.def"
#undef SCREEN
	SCREEN_COUNT,
};

#endif
