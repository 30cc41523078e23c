/* SPDX-License-Identifier: MIT */
/* Schubfach: the shortest digits of any double, for those few that digits_usual leaves. */
#include "transports/encodings/decimal/decimal_format.h"

/* log10(4/3), as LOG10_2. */
#define LOG10_4_3 524031

/* The high 64 of the 192 bits of factor * power, with the lowest bit set if any was lost. */
static uint64_t multiply_odd(uint64_t factor, const uint64_t *power)
{
	const struct pair product = multiply_high(factor, power);

	return product.high | (product.low > 1);
}

/*
 * The shortest number in the interval from below to above, or the nearest to value. All
 * three are given as four times the scaled number. Adds one to scale if what it returns
 * counts tens.
 */
static uint64_t shortest_within(uint64_t value, uint64_t below, uint64_t above, int *scale)
{
	const uint64_t whole = value / 4;
	const uint64_t tens = whole / 10;
	const bool tens_fit = below <= 40 * tens;
	const bool next_tens_fit = 40 * tens + 40 <= above;
	const bool fits = below <= 4 * whole;
	const bool next_fits = 4 * whole + 4 <= above;
	const uint64_t middle = 4 * whole + 2;

	if (tens_fit != next_tens_fit) {
		*scale += 1;
		return tens + next_tens_fit;
	}
	if (fits != next_fits)
		return whole + next_fits;
	return whole + (value > middle || (value == middle && (whole & 1)));
}

/* Schubfach wants its powers rounded up. */
struct digits decimal_digits_within(uint64_t significand, int exponent, bool uneven)
{
	const uint64_t odd = significand & 1;
	int scale = (exponent * LOG10_2 - (uneven ? LOG10_4_3 : 0)) >> LOG10_2_SHIFT;
	const uint64_t *const cut = power_of_ten(-scale);
	const unsigned inexact = scale > 0 || scale < -55;
	const uint64_t power[2] = {cut[0] + (inexact && cut[1] == UINT64_MAX), cut[1] + inexact};
	const int shift = exponent + binary_exponent(-scale) + 1;
	const uint64_t value = multiply_odd(4 * significand << shift, power);
	const uint64_t below = multiply_odd((4 * significand - 2 + uneven) << shift, power);
	const uint64_t above = multiply_odd((4 * significand + 2) << shift, power);
	uint64_t shortest = shortest_within(value, below + odd, above - odd, &scale);

	for (; shortest < TEN_16; scale--)
		shortest *= 10;
	return (struct digits){shortest / 10, shortest % 10, scale + 16};
}

struct digits decimal_digits_any(uint64_t bits)
{
	const uint64_t fraction = bits & FRACTION_MASK;
	const int biased = (int)(bits >> FRACTION_BITS) & BIASED_MAX;

	return decimal_digits_within(biased ? fraction | HIDDEN_BIT : fraction,
				     (biased ? biased : 1) - BIAS, !fraction && biased > 1);
}
