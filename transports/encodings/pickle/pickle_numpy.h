/* SPDX-License-Identifier: MIT */
/*
 * The few things of numpy that a pickle may ask for: callables, and the states of
 * an array and of its dtype, which must be those of the array that is expected.
 */
#ifndef TRANSPORTS_ENCODINGS_PICKLE_PICKLE_NUMPY_H
#define TRANSPORTS_ENCODINGS_PICKLE_PICKLE_NUMPY_H

#include <stdbool.h>

#include "transports/encodings/pickle/pickle_reader.h"

struct pickle_name {
	const char *module;
	const char *name;
	/* Turns its arguments, a tuple, into its result in place. NULL: cannot be called. */
	int (*call)(struct pickle_reader *reader, struct pickle_value *value, struct err *err);
};

/* Fail, naming the place in the pickle. */
int pickle_malformed(const struct pickle_reader *reader, const char *what, struct err *err);

/* Fails: this is no numpy array, or an array with something in it that we do not read. */
int pickle_refuse(const struct pickle_reader *reader, const char *what, struct err *err);

/* Whether values are of the kinds that the pattern's letters stand for. */
bool pickle_matches(const struct pickle_value *values, size_t count, const char *pattern);

/* Finds a name that a pickle may import, or NULL. */
const struct pickle_name *pickle_find_name(const char *module, const char *name);

/* Give a dtype or an array its state, the value on top of the stack. */
int pickle_build_dtype(struct pickle_reader *reader, const struct pickle_value *state,
		       struct err *err);
int pickle_build_array(struct pickle_reader *reader, const struct pickle_value *state,
		       struct err *err);

/* Whether a pickled function is encode, around elements written as text. */
bool pickle_is_encode(const struct pickle_value *value);

/* Checks that elements may begin here, and what came before them as far as it is known. */
int pickle_check_place(const struct pickle_reader *reader, bool text, struct err *err);

#endif
