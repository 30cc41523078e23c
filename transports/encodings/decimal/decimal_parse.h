/* SPDX-License-Identifier: MIT */
/*
 * Reading: the number a text spells, the double nearest to it (scale_usual for most), and
 * the ways to read it, which decimal.h describes.
 */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_PARSE_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "transports/encodings/decimal/decimal.h"
#include "transports/encodings/decimal/decimal_internal.h"

struct number {
	const char *digits; /* from the first to after the last, the point among them */
	const char *digits_end;
	int64_t exponent; /* of the last digit */
	uint64_t head;    /* the first digits that are not leading zeros, up to 19 */
	int64_t head_exponent;
	bool cut; /* there are more */
	bool negative;
};

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') <= 9;
}

/* Whether the eight bytes are all digits: none is below '0' and none above '9'. */
static inline bool eight_digits(uint64_t word)
{
	const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0);
	const uint64_t sixes = UINT64_C(0x0606060606060606);

	return ((word & high) | ((word + sixes) & high) >> 4) == UINT64_C(0x3333333333333333);
}

/* The number that eight digits are, the first in the lowest byte. */
static inline uint64_t join_digits(uint64_t word)
{
	word = (word & UINT64_C(0x0f0f0f0f0f0f0f0f)) * (1 + (10 << 8)) >> 8;
	word = (word & UINT64_C(0x00ff00ff00ff00ff)) * (1 + (100 << 16)) >> 16;
	return (word & UINT64_C(0x0000ffff0000ffff)) * (1 + (UINT64_C(10000) << 32)) >> 32;
}

/*
 * The double nearest to significand * 10^exponent, for most. Returns false if that is zero,
 * not a normal number, or so close to halfway between two that 128 bits do not decide. The
 * first multiplication leaves an error below one in high, so the second is rarely needed.
 */
static inline bool scale_usual(uint64_t significand, int64_t exponent, uint64_t *bits)
{
	if (unlikely(!significand || exponent < DECIMAL_POWER_MIN || exponent > 308))
		return false;

	const int zeros = __builtin_clzll(significand);
	const uint64_t *const power = power_of_ten((int)exponent);
	struct pair product = multiply(significand << zeros, power[0]);
	const int drop = 10 + (int)(product.high >> 63);
	const uint64_t half = UINT64_C(1) << (drop - 1);
	const int biased = binary_exponent((int)exponent) + 1 - zeros + drop + BIAS;

	if (unlikely((product.high & (2 * half - 1)) - (half - 1) <= 1)) {
		product = multiply_high(significand << zeros, power);
		if (product.low + 2 <= 2)
			return false;
	}
	if (unlikely((unsigned)(biased - 1) >= BIASED_MAX - 1))
		return false;
	*bits = ((uint64_t)(biased - 1) << FRACTION_BITS) +
		(((product.high >> (drop - 1)) + 1) >> 1);
	return true;
}

/* As scale_usual for any number, and slower: the bits of the double nearest to it. */
uint64_t decimal_nearest(struct number number);

/* How a number compares with the positive double of bits that is nearest to it. */
int decimal_compare(const struct number *number, uint64_t bits);

/* Reads a number from the start of text; returns its end, or NULL if there is none. */
const char *decimal_scan_number(const char *text, const char *end, struct number *number);

/* Reads what follows 'e': adds it to exponent and returns its end, or NULL. */
const char *decimal_scan_exponent(const char *at, const char *end, int64_t *exponent);

/* As decimal_parse_rows for one number. */
static inline size_t decimal_parse_one(const char *(*parse)(const char *, const char *, double *),
				       struct decimal_text *text, double *value)
{
	const char *const stop = parse(text->at, text->end, value);

	if (!stop || stop == text->end || stop - text->at >= DECIMAL_ROW_LONGEST)
		return 0;
	text->at = stop;
	return 1;
}

/*
 * Goes on after `taken` numbers: takes them off left, and moves text->at past what should
 * stand before the next. Returns false if none is left, or if something else stands there.
 */
bool decimal_go_on(struct decimal_text *text, struct decimal_rows *left, size_t taken);

const char *decimal_parse_portable(const char *text, const char *end, double *value);
size_t decimal_parse_rows_portable(struct decimal_text *text, double *values,
				   const struct decimal_rows *rows);
#if defined(__x86_64__)
const char *decimal_parse_avx512(const char *text, const char *end, double *value);
size_t decimal_parse_rows_avx512(struct decimal_text *text, double *values,
				 const struct decimal_rows *rows);
#endif

#endif
