/* SPDX-License-Identifier: MIT */
/* The lists of transports and of shapes that a plan is made of, from words. */
#ifndef BENCH_PLAN_PLAN_LISTS_H
#define BENCH_PLAN_PLAN_LISTS_H

#include <stddef.h>

#include "bench/plan/plan.h"
#include "transports/array.h"
#include "transports/err.h"
#include "transports/registry.h"

/* What was read. Each thing is there once, in the order of its first mention. */
struct plan_lists {
	struct transport *transports; /* owned, as the shapes */
	size_t transport_count;
	struct type_pair *types;
	size_t type_count;
	enum dtype usual;
};

/*
 * Reads both lists: with commas, spaces around the items, and words that stand for several
 * transports (see plan_make). Of the options, dtype is that of a shape that names none, and the
 * direction says whether an item may be two shapes. Fails with ERR_USAGE, also if one is empty
 * or NULL, or with ERR_MEMORY; plan_lists_free is called in any case.
 */
int plan_lists_read(struct plan_lists *lists, const char *transports, const char *shapes,
		    const struct plan_options *options, struct err *err);

void plan_lists_free(struct plan_lists *lists);

#endif
