/* SPDX-License-Identifier: MIT */
/* XXH3, through xxhash. */
#include "bench/text/hash.h"

#include <xxhash.h>

uint64_t hash_bytes(const void *data, size_t bytes)
{
	return XXH3_64bits(data, bytes);
}
