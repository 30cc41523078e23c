/* SPDX-License-Identifier: MIT */
/* Elements of any dtype as cJSON's numbers, which are doubles, and back. Pure. */
#ifndef TRANSPORTS_ENCODINGS_CJSON_NUMBER_H
#define TRANSPORTS_ENCODINGS_CJSON_NUMBER_H

#include "transports/array.h"
#include "transports/encodings/decimal/decimal_types.h"

/* The number nearest to an element: beyond 2^53 not all integers are one. */
double cjson_number_of(enum dtype dtype, const void *element);

/*
 * Makes an element of a finite number, the nearest float or the same integer. What is as near
 * to the limits of int64 and uint64 as the number of an element is taken for that. Returns why
 * it does not fit, the element untouched.
 */
enum decimal_misfit cjson_number_put(enum dtype dtype, double number, void *element);

#endif
