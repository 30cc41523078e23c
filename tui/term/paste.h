/* SPDX-License-Identifier: MIT */
/*
 * A bracketed paste that is coming in: all that lies between ESC[200~, which is not of it, and
 * ESC[201~, however the bytes are split. Pure.
 */
#ifndef TUI_TERM_PASTE_H
#define TUI_TERM_PASTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASTE_BEGIN "\033[200~"
#define PASTE_END   "\033[201~"

/* What is kept: more than fits into any field. Of the rest only the length is known. */
#define PASTE_BYTES 1024

/* One whose end does not come is over after this long without a byte. */
#define PASTE_SILENCE_NS UINT64_C(1000000000)

struct paste {
	bool open;
	char text[PASTE_BYTES];
	size_t kept;       /* bytes of text */
	size_t bytes;      /* in all */
	size_t matched;    /* bytes of PASTE_END that may be its end */
	uint64_t heard_ns; /* when its last bytes came */
};

void paste_begin(struct paste *paste, uint64_t now_ns);

/* At most so many bytes may be fed: none of them lies behind its end. */
size_t paste_room(const struct paste *paste);

/* Takes bytes, while it is open; closes it with its end. */
void paste_feed(struct paste *paste, const char *bytes, size_t count, uint64_t now_ns);

/* In how many ns it is over if nothing comes; UINT64_MAX if it is not open. */
uint64_t paste_left_ns(const struct paste *paste, uint64_t now_ns);

#endif
