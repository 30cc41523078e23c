/* SPDX-License-Identifier: MIT */
/*
 * What writing and reading decimal text share: the parts of a float64, and products with
 * powers of ten to 128 bits.
 */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_INTERNAL_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "transports/encodings/decimal/decimal_tables.h"

#define FRACTION_BITS 52
#define FRACTION_MASK ((UINT64_C(1) << FRACTION_BITS) - 1)
#define HIDDEN_BIT (UINT64_C(1) << FRACTION_BITS)
#define BIASED_MAX 0x7ff
#define BIAS 1075 /* of a whole significand: value = significand * 2^(biased - BIAS) */
#define INFINITE ((uint64_t)BIASED_MAX << FRACTION_BITS)
#define SIGN_BIT (UINT64_C(1) << 63)
#define TEN_8 UINT64_C(100000000)
#define TEN_15 UINT64_C(1000000000000000)
#define TEN_16 UINT64_C(10000000000000000)

/* Logarithms times a power of two. */
#define LOG2_10 217706
#define LOG2_10_SHIFT 16
#define LOG10_2 1262611
#define LOG10_2_SHIFT 22

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

/* The n for which 10^exponent is in [2^n, 2^(n+1)); right for -400 to 400. */
static inline int binary_exponent(int exponent)
{
	return (exponent * LOG2_10) >> LOG2_10_SHIFT;
}

/* floor(log10(2^exponent)); right for every exponent of a double. */
static inline int decimal_exponent(int exponent)
{
	return (exponent * LOG10_2) >> LOG10_2_SHIFT;
}

static inline const uint64_t *power_of_ten(int exponent)
{
	return decimal_powers[exponent - DECIMAL_POWER_MIN];
}

struct pair {
	uint64_t high;
	uint64_t low;
};

static inline struct pair multiply(uint64_t a, uint64_t b)
{
	const unsigned __int128 product = (unsigned __int128)a * b;

	return (struct pair){(uint64_t)(product >> 64), (uint64_t)product};
}

/* The high 128 of the 192 bits of factor * power. */
static inline struct pair multiply_high(uint64_t factor, const uint64_t *power)
{
	struct pair product = multiply(factor, power[0]);

	product.high += __builtin_add_overflow(product.low, multiply(factor, power[1]).high,
					       &product.low);
	return product;
}

/* word or 0, without ?:, of which compilers make a branch that is hard to predict. */
static inline uint64_t only_if(bool condition, uint64_t word)
{
	return word & (0 - (uint64_t)condition);
}

static inline uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint64_t little_endian(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
}

#endif
