/* SPDX-License-Identifier: MIT */
/*
 * The double nearest to any number: by 128 bits if they decide, else by comparing with the
 * point halfway between two doubles.
 */
#include "transports/encodings/decimal/decimal_bignum.h"
#include "transports/encodings/decimal/decimal_parse.h"

/* As scale_usual for any number; false if bits is only a good guess. */
static bool scale_any(uint64_t significand, int64_t exponent, uint64_t *bits)
{
	*bits = exponent > 308 && significand ? INFINITE : 0;
	if (!significand || exponent < DECIMAL_POWER_MIN || exponent > 308)
		return true;

	const int zeros = __builtin_clzll(significand);
	const uint64_t *const power = power_of_ten((int)exponent);
	const struct pair product = multiply_high(significand << zeros, power);
	const uint64_t high = product.high;
	const uint64_t low = product.low;
	int drop = 10 + (int)(high >> 63);
	int biased = binary_exponent((int)exponent) + 1 - zeros + drop + BIAS;

	if (biased < 1) {
		drop += 1 - biased;
		biased = 1;
	}
	if (drop > 64)
		return drop > 65;
	*bits = ((uint64_t)(biased - 1) << FRACTION_BITS) + (((high >> (drop - 1)) + 1) >> 1);
	if (*bits > INFINITE)
		*bits = INFINITE;

	const uint64_t half = UINT64_C(1) << (drop - 1);
	const uint64_t rest = high & (half | (half - 1));

	return !((rest == half - 1 && low >= UINT64_MAX - 1) || (rest == half && !low));
}

/* A halfway point has 768 digits at most: of further digits only "is there any" counts. */
#define EXACT_DIGITS 800

/* The digits as one whole number; returns the power of ten that its last digit is worth. */
static int64_t bignum_from_digits(struct bignum *big, const struct number *number)
{
	size_t kept = 0;
	int64_t dropped = 0;
	uint64_t sticky = 0;

	big->used = 0;
	for (const char *at = number->digits; at < number->digits_end; at++) {
		if (*at == '.')
			continue;
		if (kept == EXACT_DIGITS) {
			sticky |= *at != '0';
			dropped++;
			continue;
		}
		bignum_multiply_add(big, 10, (uint64_t)(*at - '0'));
		kept += big->used != 0;
	}
	if (!dropped)
		return number->exponent;
	bignum_multiply_add(big, 10, sticky);
	return number->exponent + dropped - 1;
}

/*
 * How the number compares with the double of bits, to which halves of the distance to the next
 * are added. The two are about equal.
 */
static int compare_exactly(const struct number *number, uint64_t bits, unsigned halves)
{
	const uint64_t biased = bits >> FRACTION_BITS;
	const uint64_t significand = (bits & FRACTION_MASK) | (biased ? HIDDEN_BIT : 0);
	const int64_t other_exponent = (int64_t)(biased ? biased : 1) - BIAS - 1;
	struct bignum other = {.used = 1, .limbs = {2 * significand + halves}};
	struct bignum value;
	const int64_t exponent = bignum_from_digits(&value, number);

	bignum_multiply_power_of_5(exponent < 0 ? &other : &value,
				   exponent < 0 ? -exponent : exponent);
	if (exponent >= other_exponent)
		bignum_shift_left(&value, exponent - other_exponent);
	else
		bignum_shift_left(&other, other_exponent - exponent);
	return bignum_compare(&value, &other);
}

/* How the number compares with halfway between the doubles of bits and bits + 1. */
static int compare_halfway(const struct number *number, uint64_t bits)
{
	return compare_exactly(number, bits, 1);
}

int decimal_compare(const struct number *number, uint64_t bits)
{
	return compare_exactly(number, bits, 0);
}

/* The bits nearest to number, from a guess that is not far from them. */
static uint64_t nearest_exactly(const struct number *number, uint64_t bits)
{
	while (bits < INFINITE) {
		const int order = compare_halfway(number, bits);

		if (order < 0 || (order == 0 && !(bits & 1)))
			break;
		bits++;
	}
	while (bits > 0) {
		const int order = compare_halfway(number, bits - 1);

		if (order > 0 || (order == 0 && !(bits & 1)))
			break;
		bits--;
	}
	return bits;
}

uint64_t decimal_nearest(struct number number)
{
	uint64_t bits;
	uint64_t above;
	bool sure = scale_any(number.head, number.head_exponent, &bits);

	if (number.cut)
		sure = sure && scale_any(number.head + 1, number.head_exponent, &above) &&
		       bits == above;
	return sure ? bits : nearest_exactly(&number, bits);
}
