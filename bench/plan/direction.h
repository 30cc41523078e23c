/* SPDX-License-Identifier: MIT */
/* Which way arrays go in an exchange, and the types of those that do. Pure. */
#ifndef BENCH_PLAN_DIRECTION_H
#define BENCH_PLAN_DIRECTION_H

#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"

enum direction {
	DIRECTION_PULL, /* the reply carries an array, the request none */
	DIRECTION_PUSH, /* the request carries it, and the reply is an acknowledgement */
	DIRECTION_BOTH, /* each carries one */
};

/* The words for them, as the command line and the CSV say them; NULL-terminated. */
extern const char *const direction_names[];

/* What each way carries; NULL: no array. Borrowed. */
struct ways {
	const struct array_type *request, *reply;
};

/*
 * type: that of the array that is measured, which is the reply's unless the direction is push;
 * request: the other one's, of both.
 */
static inline struct ways ways_of(enum direction direction, const struct array_type *type,
				  const struct array_type *request)
{
	return (struct ways){
		.request = direction == DIRECTION_PULL ? NULL :
			   direction == DIRECTION_PUSH ? type :
							 request,
		.reply = direction == DIRECTION_PUSH ? NULL : type,
	};
}

/* The bytes, and the elements, of all arrays of an exchange, each counted once. */
uint64_t ways_bytes(const struct ways *ways);
uint64_t ways_count(const struct ways *ways);

#define WAYS_TEXT_BYTES (2 * ARRAY_TYPE_TEXT_BYTES)

/* Writes "2x3", or "2x3/5" where the two ways' arrays are of two types. Returns text. */
char *ways_format(const struct ways *ways, char text[WAYS_TEXT_BYTES]);

/* The two types of an exchange of both; one for pull and push, twice. */
struct type_pair {
	struct array_type request, reply;
};

/*
 * Reads one type, or "IN/OUT", as type_read does (bench/plan/type_read.h). Fails with ERR_USAGE
 * on two of them unless the direction is both.
 */
int type_pair_read(const char *text, enum dtype usual, enum direction direction,
		   struct type_pair *pair, struct err *err);

#endif
