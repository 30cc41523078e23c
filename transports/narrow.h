/* SPDX-License-Identifier: MIT */
/*
 * The floats that C does not have: float16 (IEEE 754 binary16) and bfloat16 (the upper half of a
 * float32), as their bits. Wider is exact; narrower rounds to the nearest, the even one of two
 * that are as near, in one step from a double. All is integer arithmetic, and sums and products
 * that are exact or round once: the same bits everywhere. Without branches, so that a compiler
 * can do several at once.
 */
#ifndef TRANSPORTS_NARROW_H
#define TRANSPORTS_NARROW_H

#include <stdint.h>
#include <string.h>

static inline double narrow_double(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint64_t narrow_double_bits(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline float narrow_float(uint32_t bits)
{
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static inline uint32_t narrow_float_bits(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/*
 * Rounds to a float of 16 bits, of which so many are mantissa. bias: of its exponent; largest:
 * its infinity. A NaN stays one, quiet, with the upper bits of what it says.
 */
static inline uint16_t narrow_round(double value, unsigned mantissa, uint64_t bias,
				    uint64_t largest)
{
	const uint64_t bits = narrow_double_bits(value);
	const uint64_t size = bits & UINT64_C(0x7fffffffffffffff);
	const unsigned cut = 52 - mantissa;
	const uint64_t tie = (UINT64_C(1) << (cut - 1)) - 1 + (size >> cut & 1);
	/* The last place of a number with that exponent is the smallest of the narrow type's. */
	const uint64_t coarse = (1023 + 52 - (bias - 1) - mantissa) << 52;
	const double counted = narrow_double(size) + narrow_double(coarse);
	const uint64_t tiny = narrow_double_bits(counted) - coarse;
	uint64_t rounded = ((size + tie) >> cut) - ((1023 - bias) << mantissa);

	rounded = rounded < largest ? rounded : largest;
	rounded = size < (1023 - bias + 1) << 52 ? tiny : rounded;
	rounded = size > UINT64_C(0x7ff0000000000000) ?
			  largest | UINT64_C(1) << (mantissa - 1) |
				  (size >> cut & ((UINT64_C(1) << mantissa) - 1)) :
			  rounded;
	return (uint16_t)(rounded | (bits >> 48 & 0x8000));
}

static inline uint16_t float16_round(double value)
{
	return narrow_round(value, 10, 15, 0x7c00);
}

static inline uint16_t bfloat16_round(double value)
{
	return narrow_round(value, 7, 127, 0x7f80);
}

static inline float float16_widen(uint16_t bits)
{
	const uint32_t size = (uint32_t)(bits & 0x7fff) << 13;
	/* The exponents' biases are 112 apart. */
	uint32_t wide = narrow_float_bits(narrow_float(size) * 0x1p112f);

	wide |= size >= UINT32_C(0x0f800000) ? UINT32_C(0x7f800000) : 0;
	return narrow_float(wide | (uint32_t)(bits & 0x8000) << 16);
}

static inline float bfloat16_widen(uint16_t bits)
{
	return narrow_float((uint32_t)bits << 16);
}

#endif
