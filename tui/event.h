/* SPDX-License-Identifier: MIT */
/* What happens to the interface, as values: keys, clicks, sizes, time. */
#ifndef TUI_EVENT_H
#define TUI_EVENT_H

#include <stdint.h>

enum event_kind {
	EVENT_NONE,
	EVENT_KEY,
	EVENT_CLICK,      /* at x, y */
	EVENT_WHEEL_UP,
	EVENT_WHEEL_DOWN,
	EVENT_RESIZE,     /* to x columns, y rows */
	EVENT_INTERRUPT,  /* SIGINT from outside; Ctrl-C is a key */
	EVENT_TICK,       /* time has passed */
};

struct event {
	enum event_kind kind;
	uint64_t now_ns; /* CLOCK_MONOTONIC; always set */
	uint32_t key;    /* a code point, or one of enum key_code */
	int x, y;
};

#endif
