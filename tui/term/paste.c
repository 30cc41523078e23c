/* SPDX-License-Identifier: MIT */
/* A bracketed paste that is coming in. */
#include "tui/term/paste.h"

#include <assert.h>

static const char paste_end[] = PASTE_END;

void paste_begin(struct paste *paste, uint64_t now_ns)
{
	*paste = (struct paste){.open = true, .heard_ns = now_ns};
}

size_t paste_room(const struct paste *paste)
{
	return sizeof(paste_end) - 1 - paste->matched;
}

static void paste_keep(struct paste *paste, char byte)
{
	if (paste->kept < sizeof(paste->text))
		paste->text[paste->kept++] = byte;
	paste->bytes++;
}

/* What looked like the end was text. */
static void paste_relent(struct paste *paste)
{
	for (size_t i = 0; i < paste->matched; i++)
		paste_keep(paste, paste_end[i]);
	paste->matched = 0;
}

void paste_feed(struct paste *paste, const char *bytes, size_t count, uint64_t now_ns)
{
	assert(paste->open && count <= paste_room(paste));
	paste->heard_ns = now_ns;
	for (size_t i = 0; i < count; i++) {
		/* Its first byte is none of its others. */
		if (bytes[i] != paste_end[paste->matched])
			paste_relent(paste);
		if (bytes[i] == paste_end[paste->matched])
			paste->matched++;
		else
			paste_keep(paste, bytes[i]);
	}
	paste->open = paste_room(paste) > 0;
}

uint64_t paste_left_ns(const struct paste *paste, uint64_t now_ns)
{
	uint64_t over_ns = paste->heard_ns + PASTE_SILENCE_NS;

	if (!paste->open)
		return UINT64_MAX;
	return now_ns < over_ns ? over_ns - now_ns : 0;
}
