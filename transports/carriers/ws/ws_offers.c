/* SPDX-License-Identifier: MIT */
/* What a WebSocket client offers in its handshake, and its removal. */
#include "transports/carriers/ws/ws_offers.h"

#include <string.h>
#include <strings.h>

/* The end of the line at `at`, its line break included; bytes if that is not there. */
static size_t line_end(const char *head, size_t bytes, size_t at)
{
	const char *end = memchr(head + at, '\n', bytes - at);

	return end ? (size_t)(end - head) + 1 : bytes;
}

static bool is_empty_line(const char *line, size_t bytes)
{
	return bytes == 1 || (bytes == 2 && line[0] == '\r');
}

bool ws_head_may_get(const char *head, size_t bytes)
{
	static const char get[] = "GET ";
	const size_t length = sizeof(get) - 1;

	return memcmp(head, get, bytes < length ? bytes : length) == 0;
}

size_t ws_head_end(const char *head, size_t bytes)
{
	size_t end;

	for (size_t at = 0; at < bytes; at = end) {
		end = line_end(head, bytes, at);
		if (at && head[end - 1] == '\n' && is_empty_line(head + at, end - at))
			return end;
	}
	return 0;
}

static bool is_offer(const char *line, size_t bytes)
{
	static const char *const names[] = {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]);

		if (bytes > length && strncasecmp(line, names[i], length) == 0 &&
		    (line[length] == ':' || line[length] == ' ' || line[length] == '\t'))
			return true;
	}
	return false;
}

size_t ws_remove_offers(char *head, size_t bytes)
{
	bool offer = false;
	size_t kept = 0;
	size_t end;

	for (size_t at = 0; at < bytes; at = end) {
		end = line_end(head, bytes, at);
		if (at && is_empty_line(head + at, end - at)) {
			offer = false;
			end = bytes; /* what follows is no header */
		} else if (head[at] != ' ' && head[at] != '\t') {
			offer = at && is_offer(head + at, end - at);
		}
		if (offer)
			continue;
		memmove(head + kept, head + at, end - at);
		kept += end - at;
	}
	return kept;
}
