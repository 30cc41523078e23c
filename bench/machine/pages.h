/* SPDX-License-Identifier: MIT */
/*
 * Huge pages: whether this machine gives them to a process that asks, and
 * whether a pair that asked got them.
 */
#ifndef BENCH_MACHINE_PAGES_H
#define BENCH_MACHINE_PAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/registry.h"

/* What one end got for its array; all 0 where nothing was asked. */
struct pages_got {
	uint64_t asked_bytes;
	uint64_t huge_bytes; /* of them, in huge pages */
};

/*
 * Writes what is to be said of a pair's pages, or "". An array that is no
 * multiple of 2 MiB begins and ends in small pages, which needs no remark.
 * Returns text.
 */
char *pages_remark(const struct pages_got *server, const struct pages_got *client, char *text,
		   size_t size);

#define PAGES_WORD_BYTES 16

/* The kernel's settings; a folder of the same files for tests. */
#define PAGES_FOLDER "/sys/kernel/mm/transparent_hugepage"

/*
 * Whether memory that asks for huge pages gets them, private memory or shared
 * segments. word: the setting that decides ("madvise", "never"), "" if there is none.
 */
bool pages_huge_given(const char *folder, bool shared, char word[PAGES_WORD_BYTES]);

/* The kinds of pages that arrays can lie in on this machine: a bit per enum pages. */
unsigned pages_had_by(const struct transport *transport);

#endif
