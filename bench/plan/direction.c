/* SPDX-License-Identifier: MIT */
/* Which way arrays go in an exchange. */
#include "bench/plan/direction.h"

#include <stdio.h>
#include <string.h>

#include "bench/plan/type_read.h"

const char *const direction_names[] = {"pull", "push", "both", NULL};

uint64_t ways_bytes(const struct ways *ways)
{
	uint64_t request = ways->request ? array_type_bytes(ways->request) : 0;
	uint64_t reply = ways->reply ? array_type_bytes(ways->reply) : 0;

	return request + reply; /* of two sizes below 2^63 */
}

uint64_t ways_count(const struct ways *ways)
{
	uint64_t request = ways->request ? array_type_count(ways->request) : 0;
	uint64_t reply = ways->reply ? array_type_count(ways->reply) : 0;

	return request + reply;
}

char *ways_format(const struct ways *ways, char text[WAYS_TEXT_BYTES])
{
	char in[ARRAY_TYPE_TEXT_BYTES];
	char out[ARRAY_TYPE_TEXT_BYTES];
	const struct array_type *one = ways->reply ? ways->reply : ways->request;

	if (ways->request && ways->reply && !array_type_equal(ways->request, ways->reply))
		(void)snprintf(text, WAYS_TEXT_BYTES, "%s/%s",
			       array_type_format(ways->request, in),
			       array_type_format(ways->reply, out));
	else
		(void)snprintf(text, WAYS_TEXT_BYTES, "%s", array_type_format(one, out));
	return text;
}

/* The longest that a type may be when it is written out, and room for spaces and mistakes. */
#define SIDE_BYTES (ARRAY_TYPE_TEXT_BYTES + 40)

static int sides_read(const char *text, const char *slash, enum dtype usual,
		      struct type_pair *pair, struct err *err)
{
	char side[SIDE_BYTES];
	struct type_pair read;

	(void)snprintf(side, sizeof(side), "%.*s", (int)(slash - text), text);
	if ((size_t)(slash - text) >= sizeof(side))
		return err_set(err, ERR_USAGE, "\"%.80s...\" is too long for a shape", text);
	if (type_read(side, usual, &read.request, err) != 0 ||
	    type_read(slash + 1, usual, &read.reply, err) != 0)
		return -1;
	*pair = read;
	return 0;
}

int type_pair_read(const char *text, enum dtype usual, enum direction direction,
		   struct type_pair *pair, struct err *err)
{
	const char *slash = strchr(text, '/');

	if (slash && direction != DIRECTION_BOTH)
		return err_set(err, ERR_USAGE,
			       "\"%.80s\" is two arrays, one there and one back: that is "
			       "--direction both, and this is %s",
			       text, direction_names[direction]);
	if (slash)
		return sides_read(text, slash, usual, pair, err);
	if (type_read(text, usual, &pair->reply, err) != 0)
		return -1;
	pair->request = pair->reply;
	return 0;
}
