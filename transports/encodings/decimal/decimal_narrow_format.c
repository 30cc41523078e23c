/* SPDX-License-Identifier: MIT */
/*
 * float32, float16 and bfloat16 to text: digits as those of float64, with neighbours that are
 * further apart. A row becomes doubles first, which have all their values.
 */
#include <stdint.h>

#include "transports/encodings/decimal/decimal.h"
#include "transports/encodings/decimal/decimal_format.h"
#include "transports/narrow.h"

/* A positive float, but zero, as whole significand and exponent. */
struct parts {
	uint64_t significand;
	int exponent;
	bool uneven; /* the neighbour below is nearer */
};

/* bits: without the sign. bias: of the exponent. */
static inline struct parts parts_of(uint32_t bits, int mantissa, int bias)
{
	const uint32_t hidden = UINT32_C(1) << mantissa;
	const uint32_t fraction = bits & (hidden - 1);
	const int biased = (int)(bits >> mantissa);

	return (struct parts){
		.significand = biased ? fraction | hidden : fraction,
		.exponent = (biased ? biased : 1) - bias - mantissa,
		.uneven = !fraction && biased > 1,
	};
}

/* A number of 1 to 16 digits, times 10^scale. */
static inline struct digits digits_from(uint64_t number, int scale)
{
	int exponent = scale + 15;

	/* Nine digits at most, of which most floats need seven or more. */
	if (number < 100000000) {
		number *= TEN_8;
		exponent -= 8;
	}
	while (number < TEN_15) {
		number *= 10;
		exponent--;
	}
	return (struct digits){.head = number, .exponent = exponent};
}

static inline struct digits digits_narrow(struct parts parts)
{
	struct shortest shortest;

	if (unlikely(parts.uneven ||
		     !shortest_usual(parts.significand, parts.exponent, &shortest)))
		return decimal_digits_within(parts.significand, parts.exponent, parts.uneven);
	/* The smallest is below 1 here: tenths are a digit, too, and nearer than a whole number. */
	if (unlikely(parts.significand == 1))
		return digits_from(shortest.tenths, shortest.scale - 1);
	return digits_from(10 * shortest.whole + shortest.last, shortest.scale - 1);
}

static inline bool is_special(double value)
{
	const uint64_t bits = bits_of(value);

	return !(bits << 1) || (bits & INFINITE) == INFINITE;
}

/* Of nine digits no text is longer than "-1.23456789e-45". */
static inline size_t format_parts(double value, struct parts parts, decimal_put_digits *put,
				  char *out)
{
	struct digits digits;

	if (unlikely(is_special(value)))
		return decimal_format_special(bits_of(value), out);
	digits = digits_narrow(parts);
	return put(&digits, bits_of(value) >> 63, out);
}

#define CHUNK 64 /* values: their doubles stay in the first cache */

static inline uint32_t float32_size(double value)
{
	return narrow_float_bits((float)value) & INT32_MAX;
}

static inline uint32_t float16_size(double value)
{
	return float16_round(value) & INT16_MAX;
}

static inline uint32_t bfloat16_size(double value)
{
	return bfloat16_round(value) & INT16_MAX;
}

/* Rows by each way. NAME_size gives a value's bits without the sign; mantissa and bias are its. */
#define PUT_ROW(dtype, mantissa, bias) \
	static size_t dtype##_row_portable(const double *values, size_t count, char *out) \
	{ \
		char *at = out; \
\
		for (size_t i = 0; i < count; i++) { \
			at += format_parts(values[i], \
					   parts_of(dtype##_size(values[i]), mantissa, bias), \
					   decimal_put_digits_portable, at); \
			*at++ = ','; \
		} \
		return (size_t)(at - out); \
	}

PUT_ROW(float32, 23, 127)
PUT_ROW(float16, 10, 15)
PUT_ROW(bfloat16, 7, 127)

#if defined(__x86_64__)

/* zeros, and that power of ten: see struct decimal_narrow. */
#define PUT_ROW_AVX512(dtype, mantissa, bias, zeros, factor) \
	static size_t dtype##_put_one(double value, char *out) \
	{ \
		return format_parts(value, parts_of(dtype##_size(value), mantissa, bias), \
				    decimal_put_digits_avx512, out); \
	} \
\
	static size_t dtype##_row_avx512(const double *values, size_t count, char *out) \
	{ \
		static const struct decimal_narrow narrow = { \
			FRACTION_BITS - mantissa, 1023 - bias + 1, zeros, factor, \
			dtype##_put_one}; \
\
		return decimal_format_narrow_avx512(values, count, &narrow, out); \
	}

PUT_ROW_AVX512(float32, 23, 127, 0, 1)
PUT_ROW_AVX512(float16, 10, 15, 4, 10000)
PUT_ROW_AVX512(bfloat16, 7, 127, 5, 100000)

#endif

const struct decimal_narrow_kernel decimal_narrow_kernels[] = {
#if defined(__x86_64__)
	{float32_row_avx512, float16_row_avx512, bfloat16_row_avx512},
#endif
	{float32_row_portable, float16_row_portable, bfloat16_row_portable},
};

static const struct decimal_narrow_kernel *fastest(void)
{
	size_t i = 0;

	while (!decimal_kernels[i].usable())
		i++;
	return &decimal_narrow_kernels[i];
}

#define FORMAT_ROW(dtype, type, widen) \
	size_t decimal_format_row_##dtype(const void *elements, size_t count, char *out) \
	{ \
		decimal_put_row *const put = fastest()->dtype; \
		const type *const from = elements; \
		double values[CHUNK]; \
		char *at = out; \
\
		for (size_t done = 0; done < count; done += CHUNK) { \
			const size_t part = count - done < CHUNK ? count - done : CHUNK; \
\
			for (size_t i = 0; i < part; i++) \
				values[i] = (double)widen(from[done + i]); \
			at += put(values, part, at); \
		} \
		return count ? (size_t)(at - out) - 1 : 0; \
	}

FORMAT_ROW(float32, float, (double))
FORMAT_ROW(float16, uint16_t, float16_widen)
FORMAT_ROW(bfloat16, uint16_t, bfloat16_widen)
