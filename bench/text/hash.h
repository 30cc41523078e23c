/* SPDX-License-Identifier: MIT */
/* The one hash: XXH3, 64 bits. It verifies arrays, and tells whether a file is still the same. */
#ifndef BENCH_TEXT_HASH_H
#define BENCH_TEXT_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *data, size_t bytes);

#endif
