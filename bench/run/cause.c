/* SPDX-License-Identifier: MIT */
/* Who is named when a block fails. */
#include "bench/run/cause.h"

#include <string.h>

#define MS_NS UINT64_C(1000000)

/*
 * What programs say of a connection that the other end has ended: errno's texts and names, and the
 * exceptions of Python's and Node.js's libraries. In small letters, without spaces.
 */
static const char *const cause_echoes[] = {
	"brokenpipe",      "connectionreset",  "connectionrefused",     "connectionclosed",
	"connectionabort", "connectionlost",   "closedtheconnection",   "hungup",
	"sockethangup",    "remotedisconnect", "unexpectedendoffile",   "incompleteread",
	"eoferror",        "epipe",            "econnreset",            "econnrefused",
	"controlstreamended",
};

/* Copies it in small letters and without spaces, as far as it fits. */
static void cause_squeeze(char *to, size_t capacity, const char *from)
{
	size_t used = 0;

	for (; *from && used + 1 < capacity; from++)
		if (*from >= 'A' && *from <= 'Z')
			to[used++] = (char)(*from - 'A' + 'a');
		else if (*from != ' ')
			to[used++] = *from;
	to[used] = '\0';
}

/* Whether it speaks of a connection that the other end has ended. */
static bool cause_is_echo(const char *message)
{
	char squeezed[ERR_MESSAGE_BYTES];

	cause_squeeze(squeezed, sizeof(squeezed), message);
	for (size_t i = 0; i < sizeof(cause_echoes) / sizeof(cause_echoes[0]); i++)
		if (strstr(squeezed, cause_echoes[i]))
			return true;
	return false;
}

enum cause_rank cause_rank(const struct err *err)
{
	static const enum cause_rank ranks[ERR_KINDS] = {
		[ERR_NONE] = CAUSE_NOTHING,      [ERR_SYSTEM] = CAUSE_WORDS,
		[ERR_TIMEOUT] = CAUSE_LEFT,      [ERR_CLOSED] = CAUSE_HUNG_UP,
		[ERR_PROTOCOL] = CAUSE_WORDS,    [ERR_RANGE] = CAUSE_WORDS,
		[ERR_UNSUPPORTED] = CAUSE_WORDS, [ERR_MEMORY] = CAUSE_WORDS,
		[ERR_USAGE] = CAUSE_WORDS,       [ERR_WRONG] = CAUSE_WRONG,
		[ERR_KILLED] = CAUSE_KILLED,     [ERR_EXITED] = CAUSE_EXITED,
		[ERR_LEFT] = CAUSE_LEFT,
	};
	enum cause_rank rank = ranks[err->kind];

	if ((rank == CAUSE_WORDS || rank == CAUSE_EXITED) && cause_is_echo(err->message))
		return CAUSE_HUNG_UP;
	return rank;
}

bool cause_explains(const struct cause *a, const struct cause *b)
{
	return a->rank != b->rank ? a->rank < b->rank : a->at_ns < b->at_ns;
}

uint64_t cause_patience_ns(enum cause_rank rank)
{
	/* Nothing explains these; an interpreter may take half a second to unwind and to exit. */
	if (rank <= CAUSE_KILLED)
		return 0;
	return rank <= CAUSE_EXITED ? 200 * MS_NS : 1000 * MS_NS;
}

void cause_write(const struct err *cause, const struct err *next, struct err *reason)
{
	(void)err_set(reason, cause->kind, "%s", cause->message);
	if (next && cause_rank(cause) >= CAUSE_LEFT && next->kind >= ERR_KILLED)
		(void)err_add(reason, "; %s", next->message);
}
