/* SPDX-License-Identifier: MIT */
/* Fuzzes the removal of a client's offers: what is left is in the same order, without an offer. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tests/fuzz/fuzz.h"
#include "transports/carriers/ws/ws_offers.h"

/* Whether left can be got from whole by leaving bytes out. */
static bool is_part(const char *left, size_t left_bytes, const char *whole, size_t bytes)
{
	size_t found = 0;

	for (size_t i = 0; i < bytes && found < left_bytes; i++)
		found += whole[i] == left[found];
	return found == left_bytes;
}

static bool has_offer(const char *head, size_t bytes)
{
	static const char name[] = "\nSec-WebSocket-Protocol:";

	for (size_t i = 0; i + sizeof(name) - 1 <= bytes; i++) {
		if (strncasecmp(head + i, name, sizeof(name) - 1) == 0)
			return true;
		if (memcmp(head + i, "\n\n", 2) == 0 || memcmp(head + i, "\n\r\n", 3) == 0)
			return false; /* behind the headers */
	}
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = exact_copy(data, size);
	size_t end = ws_head_end(copy, size);
	size_t left = ws_remove_offers(copy, size);

	must(left <= size && is_part(copy, left, (const char *)data, size));
	must(end <= size && (ws_head_end(copy, left) > 0) == (end > 0));
	must(!has_offer(copy, left));
	must(ws_remove_offers(copy, left) == left);
	free(copy);
	return 0;
}
