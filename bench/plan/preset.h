/* SPDX-License-Identifier: MIT */
/* The presets, and what the blog post published. */
#ifndef BENCH_PLAN_PRESET_H
#define BENCH_PLAN_PRESET_H

#include <stdint.h>

#include "bench/plan/plan.h"

/* blog, quick, full, frames, tensors; ends with a row whose name is NULL. */
extern const struct preset preset_table[];

/* NULL if there is none of that name. */
const struct preset *preset_find(const char *name);

/* The shapes of the four-shape blog table, and its medians. */
#define BLOG_SHAPE_COUNT 4
extern const char *const blog_shapes[BLOG_SHAPE_COUNT];

/* The published median of a cell in ns, or 0 if there is none. */
uint64_t blog_median_ns(const struct transport *transport, const struct array_type *type);

#endif
