/* SPDX-License-Identifier: MIT */
/*
 * Writing: digits that most doubles have (digits_usual), how a text is laid out, and the
 * ways to write it, which decimal.h describes.
 */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_FORMAT_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/encodings/decimal/decimal_internal.h"

/* d.ddddddddddddddd of head, then last, times 10^exponent; zeros at the end are not shown. */
struct digits {
	uint64_t head; /* 16 digits, the first not 0 */
	uint64_t last; /* the 17th */
	int exponent;
};

/* A number and a digit more, times 10^scale; last counts tenths of that. */
struct shortest {
	uint64_t whole;
	uint64_t last;
	uint64_t tenths; /* those nearest to the value beyond a whole number, if last or not */
	int scale;
};

/*
 * The shortest for most significands * 2^exponent whose neighbours are equally far, at a
 * significand more and less. Returns false if it cannot tell: near a limit, and ties.
 *
 * The value is scaled so that the distance to its neighbours is in [0.1, 1): then the
 * interval that reads back as the value, half of that to each side, holds at most one
 * whole number. If it holds one, that is the shortest; else one more digit is enough, and
 * the nearest is wanted. What is below the unit is counted in 2^-64. As the powers are cut
 * off, fraction and half may be too small, by less than 2.
 */
static inline bool shortest_usual(uint64_t significand, int exponent, struct shortest *shortest)
{
	const int scale = decimal_exponent(exponent) + 1;
	const uint64_t *const power = power_of_ten(-scale);
	const int shift = exponent + binary_exponent(-scale) + 1 + 3; /* 0 to 3 */
	const struct pair scaled = multiply_high(significand << shift, power);
	const uint64_t whole = scaled.high >> 3;
	const uint64_t fraction = scaled.high << 61 | scaled.low >> 3;
	const uint64_t half = power[0] >> (4 - shift);
	const struct pair tenfold = multiply(fraction, 10);
	const uint64_t rest = tenfold.low + (UINT64_C(1) << 63);

	/* down: fraction < half; up: fraction + half > 1; each undecided close to equality */
	const bool unclear = (fraction - half + 2 < 4) | (fraction + half + 4 < 5) |
			     (rest - 1 >= UINT64_MAX - 20);
	if (unlikely(unclear))
		return false;

	const bool up = fraction > ~half;
	const bool between = !up & (fraction > half);

	shortest->tenths = tenfold.high + (tenfold.low >> 63);
	shortest->last = only_if(between, shortest->tenths);
	shortest->whole = whole + up;
	shortest->scale = scale;
	return true;
}

/*
 * The digits of most doubles. Returns false if it cannot tell, or not cheaply: subnormals,
 * what is not finite, powers of two (whose neighbours are not equally far), and ties.
 */
static inline bool digits_usual(uint64_t bits, struct digits *digits)
{
	const int biased = (int)(bits >> FRACTION_BITS) & BIASED_MAX;
	struct shortest shortest;

	if (unlikely((unsigned)(biased - 1) >= BIASED_MAX - 1 || !(bits & FRACTION_MASK)))
		return false;
	if (unlikely(!shortest_usual((bits & FRACTION_MASK) | HIDDEN_BIT, biased - BIAS,
				     &shortest)))
		return false;

	const bool short_head = shortest.whole < TEN_15;

	digits->head = shortest.whole + only_if(short_head, 9 * shortest.whole + shortest.last);
	digits->last = only_if(!short_head, shortest.last);
	digits->exponent = shortest.scale + 15 - short_head;
	return true;
}

/*
 * The digits of any significand * 2^exponent but 0, of at most 53 bits. uneven: the neighbour
 * below is half as far.
 */
struct digits decimal_digits_within(uint64_t significand, int exponent, bool uneven);

/* As digits_usual for any finite double but zero, and slower. */
struct digits decimal_digits_any(uint64_t bits);

/* False where there are none: zero, and what is not finite. */
static inline bool digits_of(uint64_t bits, struct digits *digits)
{
	if (unlikely(!digits_usual(bits, digits))) {
		if (!(bits << 1) || (bits & INFINITE) == INFINITE)
			return false;
		*digits = decimal_digits_any(bits);
	}
	return true;
}

/* Writes the text of what has no digits, with its sign; returns its length. */
size_t decimal_format_special(uint64_t bits, char *out);

/* Writes "e-05" as Python does: a sign and two digits at least; returns its length. */
size_t decimal_format_exponent(int exponent, char *out);

/* Whether Python shows the exponent of a number whose first digit has this exponent. */
static inline bool exponent_shown(int exponent)
{
	return (unsigned)(exponent - DECIMAL_LAYOUT_MIN) >
	       (unsigned)(DECIMAL_LAYOUT_MAX - DECIMAL_LAYOUT_MIN);
}

/* Bytes of a text that shows no exponent, without its sign. */
static inline size_t text_length(const struct decimal_layout *layout, size_t count)
{
	return (count > layout->least ? count : layout->least) + layout->extra;
}

/* A float whose values are doubles whose last bits, so many, are 0. */
struct decimal_narrow {
	unsigned lost;
	unsigned least; /* biased exponent of the least normal one, as a double */
	/* Zeros behind its digits that make them 7 to 9, and that power of ten. */
	int zeros;
	uint32_t zeros_factor;
	size_t (*format)(double value, char *out); /* of one, any that there is */
};

/* Writes values of a narrower float, with a comma behind each; returns their length. */
typedef size_t decimal_put_row(const double *values, size_t count, char *out);

/* The ways to do that, one for each of decimal_kernels. */
struct decimal_narrow_kernel {
	decimal_put_row *float32, *float16, *bfloat16;
};

extern const struct decimal_narrow_kernel decimal_narrow_kernels[];

/* As decimal_format_row, for elements of those types. */
size_t decimal_format_row_float32(const void *elements, size_t count, char *out);
size_t decimal_format_row_float16(const void *elements, size_t count, char *out);
size_t decimal_format_row_bfloat16(const void *elements, size_t count, char *out);

typedef size_t decimal_put_digits(const struct digits *digits, bool negative, char *out);

decimal_put_digits decimal_put_digits_portable;
size_t decimal_format_portable(double value, char *out);
size_t decimal_format_row_portable(const double *values, size_t count, char *out);
#if defined(__x86_64__)
decimal_put_digits decimal_put_digits_avx512;
size_t decimal_format_avx512(double value, char *out);
size_t decimal_format_row_avx512(const double *values, size_t count, char *out);
/* A row of them, with a comma behind each. */
size_t decimal_format_narrow_avx512(const double *values, size_t count,
				    const struct decimal_narrow *narrow, char *out);
#endif

#endif
