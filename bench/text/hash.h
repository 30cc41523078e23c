/* SPDX-License-Identifier: MIT */
/* The one hash: XXH3, 64 bits. Of arrays, to verify them; of files, to know them again. */
#ifndef BENCH_TEXT_HASH_H
#define BENCH_TEXT_HASH_H

#include <stddef.h>
#include <stdint.h>

uint64_t hash_bytes(const void *data, size_t bytes);

#endif
