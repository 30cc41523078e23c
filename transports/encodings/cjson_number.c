/* SPDX-License-Identifier: MIT */
/* Numbers of cJSON to elements, and back. */
#include "transports/encodings/cjson_number.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "transports/narrow.h"

/* The number of INT64_MAX is 2^63, and what is printed for it may be an epsilon more. */
#define SLACK (1 + 0x1p-52)

static double integer_of(enum dtype dtype, const void *element)
{
	const size_t bytes = dtype_table[dtype].bytes;
	const unsigned unused = 64 - 8 * (unsigned)bytes;
	uint64_t bits = 0;

	memcpy(&bits, element, bytes);
	return dtype_table[dtype].kind == DTYPE_SIGNED ?
		       (double)((int64_t)(bits << unused) >> unused) :
		       (double)bits;
}

double cjson_number_of(enum dtype dtype, const void *element)
{
	float single;
	uint16_t half;
	double value;

	if (dtype_table[dtype].kind != DTYPE_FLOAT)
		return integer_of(dtype, element);
	if (dtype == DTYPE_FLOAT64) {
		memcpy(&value, element, sizeof(value));
		return value;
	}
	if (dtype == DTYPE_FLOAT32) {
		memcpy(&single, element, sizeof(single));
		return (double)single;
	}
	memcpy(&half, element, sizeof(half));
	return (double)(dtype == DTYPE_FLOAT16 ? float16_widen(half) : bfloat16_widen(half));
}

static enum decimal_misfit float_put(enum dtype dtype, double number, void *element)
{
	const float single = (float)number;
	const uint16_t half = dtype == DTYPE_FLOAT16 ? float16_round(number) :
						       bfloat16_round(number);
	const float wide = dtype == DTYPE_FLOAT16 ? float16_widen(half) : bfloat16_widen(half);

	if (dtype == DTYPE_FLOAT64) {
		memcpy(element, &number, sizeof(number));
		return DECIMAL_FITS;
	}
	if (isinf(dtype == DTYPE_FLOAT32 ? single : wide))
		return DECIMAL_BEYOND;
	if (dtype == DTYPE_FLOAT32)
		memcpy(element, &single, sizeof(single));
	else
		memcpy(element, &half, sizeof(half));
	return DECIMAL_FITS;
}

/* The first integer beyond a dtype's. */
static double integer_end(enum dtype dtype)
{
	const int bits = 8 * (int)dtype_table[dtype].bytes;

	if (dtype == DTYPE_BOOL)
		return 2;
	return ldexp(1, bits - (dtype_table[dtype].kind == DTYPE_SIGNED));
}

static enum decimal_misfit integer_put(enum dtype dtype, double number, void *element)
{
	const size_t bytes = dtype_table[dtype].bytes;
	const bool negative = dtype_table[dtype].kind == DTYPE_SIGNED;
	const double end = integer_end(dtype);
	const double slack = bytes == 8 ? SLACK : 1;
	uint64_t bits;

	if (number != floor(number))
		return DECIMAL_FRACTION;
	if (number < (negative ? -end * slack : 0) ||
	    (bytes == 8 ? number > end * slack : number >= end))
		return DECIMAL_BEYOND;
	if (number >= end)
		bits = negative ? INT64_MAX : UINT64_MAX;
	else if (number < -end)
		bits = (uint64_t)INT64_MIN;
	else
		bits = number < 0 ? (uint64_t)(int64_t)number : (uint64_t)number;
	memcpy(element, &bits, bytes);
	return DECIMAL_FITS;
}

enum decimal_misfit cjson_number_put(enum dtype dtype, double number, void *element)
{
	return dtype_table[dtype].kind == DTYPE_FLOAT ? float_put(dtype, number, element) :
							integer_put(dtype, number, element);
}
