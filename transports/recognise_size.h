/* SPDX-License-Identifier: MIT */
/* Which dtype, or how many arrays, would have the size that a message has. Pure. */
#ifndef TRANSPORTS_RECOGNISE_SIZE_H
#define TRANSPORTS_RECOGNISE_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "transports/err.h"
#include "transports/seen.h"

/*
 * Adds to err what would have that size, if anything would (sized NULL: in bytes as they are).
 * Whether anything would; err may be NULL.
 */
bool size_add_words(const struct array_type *type, message_size *sized, uint64_t bytes,
		    struct err *err);

#endif
