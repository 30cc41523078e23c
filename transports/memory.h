/* SPDX-License-Identifier: MIT */
/*
 * Large private buffers, mapped rather than allocated, so that no allocator
 * recycles pages behind a measurement's back.
 */
#ifndef TRANSPORTS_MEMORY_H
#define TRANSPORTS_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/err.h"

/* When segments and the client's destination are set up. */
enum memory {
	MEMORY_REUSED, /* once, touched before the clock */
	MEMORY_FRESH,  /* for every exchange: mapped before use, unmapped after */
};

enum pages {
	PAGES_SMALL, /* 4 KiB */
	PAGES_HUGE,  /* 2 MiB where the kernel gives them */
};

/* Maps bytes (0 maps nothing: *data NULL) of zeroed private memory; touches it if asked. */
int memory_map(size_t bytes, enum pages pages, bool touch, void **data, struct err *err);

/*
 * The same, but that *data lies shift bytes, less than a page, behind the beginning of a page.
 */
int memory_map_shifted(size_t bytes, size_t shift, enum pages pages, bool touch, void **data,
		       struct err *err);

/*
 * Makes the pages of a part of a mapping in one call, which takes less time than as many
 * faults. Does nothing if the kernel cannot or will not: then they fault one by one.
 */
void memory_populate(void *data, size_t bytes);

/*
 * How many of a mapping's bytes lie in huge pages now, as /proc/self/smaps says, which
 * takes a while to read. For private memory and segments.
 */
size_t memory_huge_bytes(const void *data, size_t bytes);

/* What either of the two has mapped. Accepts NULL. */
void memory_unmap(void *data, size_t bytes);

#endif
