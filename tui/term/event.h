/* SPDX-License-Identifier: MIT */
/* What happens to the interface, as values: keys, clicks, sizes, time. */
#ifndef TUI_TERM_EVENT_H
#define TUI_TERM_EVENT_H

#include <stddef.h>
#include <stdint.h>

/* Keys that are no characters; Ctrl-A is 1. */
enum key_code {
	CODE_NONE,
	CODE_TAB = 9,
	CODE_ENTER = 13,
	CODE_ESC = 27,
	CODE_SPACE = 32,
	CODE_BACKSPACE = 127,
	CODE_UP = 0x110000,
	CODE_DOWN,
	CODE_LEFT,
	CODE_RIGHT,
	CODE_HOME,
	CODE_END,
	CODE_PAGE_UP,
	CODE_PAGE_DOWN,
	CODE_DELETE,
	CODE_SHIFT_TAB,
	CODE_F1, /* to F12 */
	CODE_F12 = CODE_F1 + 11,
};

enum event_kind {
	EVENT_NONE,
	EVENT_KEY,
	EVENT_CLICK,      /* at x, y */
	EVENT_WHEEL_UP,
	EVENT_WHEEL_DOWN,
	EVENT_RESIZE,     /* to x columns, y rows */
	EVENT_INTERRUPT,  /* SIGINT from outside; Ctrl-C is a key */
	EVENT_TICK,       /* time has passed */
	EVENT_PASTE,      /* text */
};

struct event {
	enum event_kind kind;
	uint64_t now_ns; /* CLOCK_MONOTONIC; always set */
	uint32_t key;    /* a code point, or one of enum key_code */
	int x, y;
	const char *text; /* as it came, any bytes; borrowed until the next event */
	size_t kept;      /* bytes of text, at most PASTE_BYTES */
	size_t bytes;     /* pasted in all */
};

#endif
