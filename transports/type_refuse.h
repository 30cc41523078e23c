/* SPDX-License-Identifier: MIT */
/*
 * Words for an array of another type than the one that was wanted, the same for every encoding
 * whose messages tell their array's type.
 */
#ifndef TRANSPORTS_TYPE_REFUSE_H
#define TRANSPORTS_TYPE_REFUSE_H

#include <stdbool.h>

#include "transports/array.h"
#include "transports/err.h"

/* What a message says of its array. */
struct type_seen {
	const char *dtype;         /* its name, fit for a terminal */
	bool big_endian;
	const struct shape *shape; /* NULL: not known yet. One of 0 dimensions is "()" */
};

/*
 * Fails with ERR_WRONG: "the reply is float32 of shape 2x3, the array float64 of shape 2x3".
 * Returns -1; the caller adds what would help.
 */
int type_refuse(const struct array_type *wanted, const struct type_seen *seen, struct err *err);

/*
 * Fails with ERR_WRONG for an array whose columns come first, if that makes a difference to one
 * of that shape. Returns 0 if it makes none.
 */
int type_refuse_columns(const struct shape *shape, struct err *err);

/* "float64" for "f8", numpy's code without byte order; of one that we do not know, the code. */
const char *type_numpy_name(const char *code);

/* Whether numpy converts that code to a number of another dtype, by .astype(). */
bool type_numpy_converts(const char *code);

#endif
