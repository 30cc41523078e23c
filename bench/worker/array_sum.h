/* SPDX-License-Identifier: MIT */
/* The read phase: one pass over an array. Shared with the floor that it is compared with. */
#ifndef BENCH_WORKER_ARRAY_SUM_H
#define BENCH_WORKER_ARRAY_SUM_H

#include "transports/array.h"

/* The sum of all elements (float64): where a by-reference array's pages are first touched. */
double read_array(const struct array *array);

#endif
