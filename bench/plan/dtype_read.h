/* SPDX-License-Identifier: MIT */
/* A dtype as people write it. */
#ifndef BENCH_PLAN_DTYPE_READ_H
#define BENCH_PLAN_DTYPE_READ_H

#include "transports/array.h"
#include "transports/err.h"

/*
 * Reads a dtype's name, as dtype_parse does. Where that fails, the error says which one was
 * probably meant by a name from elsewhere or a slip: float16 for "half", uint8 for "u8".
 */
int dtype_read(const char *name, enum dtype *dtype, struct err *err);

#endif
