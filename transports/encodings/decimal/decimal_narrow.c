/* SPDX-License-Identifier: MIT */
/*
 * float32, float16 and bfloat16: digits as those of float64, with neighbours that are further
 * apart. They are read as the nearest float64, which rounds to the right value unless it lies
 * halfway between two of them: only then is the text compared with it.
 */
#include <stdint.h>

#include "transports/encodings/decimal/decimal_format.h"
#include "transports/encodings/decimal/decimal_parse.h"
#include "transports/encodings/decimal/decimal_types.h"
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

static decimal_put_digits *put_digits_fastest(void)
{
#if defined(__x86_64__)
	if (decimal_kernels[0].usable())
		return decimal_put_digits_avx512;
#endif
	return decimal_put_digits_portable;
}

static bool is_special(double value)
{
	const uint64_t bits = bits_of(value);

	return !(bits << 1) || (bits & INFINITE) == INFINITE;
}

/* Of nine digits no text is longer than "-1.23456789e-45". */
static inline size_t format_narrow(double value, struct parts parts, decimal_put_digits *put,
				   char *out)
{
	struct digits digits;

	if (unlikely(is_special(value)))
		return decimal_format_special(bits_of(value), out);
	digits = digits_narrow(parts);
	return put(&digits, bits_of(value) >> 63, out);
}

/* What a type makes of the positive double of these bits: its own bits. */
typedef uint32_t round_bits(uint64_t bits);

/*
 * The bits of a positive double that is nearest to a number, rounded; *halfway if the number
 * itself has to be asked. A double beside halfway is on the same side of it as the number.
 */
static inline uint32_t round_nearest(round_bits *round, uint64_t bits, bool *halfway)
{
	const uint32_t below = round(bits - (bits != 0));
	const uint32_t above = round(bits + 1);

	*halfway = below != above && bits != 0;
	return above;
}

/* A word by which Python's json module writes what is not finite. */
static bool is_name(const char *text)
{
	return text[*text == '-'] == 'N' || text[*text == '-'] == 'I';
}

/* Rounds a number that is spelled at text; false if it is finite and the type has it not. */
static bool round_text(const char *text, const char *end, double nearest, round_bits *round,
		       uint32_t *rounded)
{
	const uint64_t bits = bits_of(nearest) & ~SIGN_BIT;
	bool halfway = false;
	struct number number;

	*rounded = round(bits);
	if (bits >= INFINITE)
		return is_name(text);
	(void)round_nearest(round, bits, &halfway);
	if (halfway && decimal_scan_number(text, end, &number)) {
		const int order = decimal_compare(&number, bits);

		*rounded = round(order < 0 ? bits - 1 : order > 0 ? bits + 1 : bits);
	}
	return *rounded != round(INFINITE);
}

/* What differs from type to type. */
struct narrow {
	size_t bytes;
	round_bits *round;
	/* Rounds them all into elements; false if one of them has to be read again. */
	bool (*round_all)(const double *values, size_t count, void *elements);
};

static void store(const struct narrow *narrow, uint32_t bits, bool negative, void *element)
{
	const uint16_t half = (uint16_t)(bits | (negative ? 0x8000u : 0));
	const uint32_t whole = bits | (negative ? UINT32_C(0x80000000) : 0);

	if (narrow->bytes == sizeof(half))
		memcpy(element, &half, sizeof(half));
	else
		memcpy(element, &whole, sizeof(whole));
}

static const char *parse_narrow(const struct narrow *narrow, const char *text, const char *end,
				void *element, enum decimal_misfit *misfit)
{
	double value;
	const char *const after = decimal_parse(text, end, &value);
	uint32_t bits;

	*misfit = DECIMAL_FITS;
	if (!after)
		return NULL;
	if (!round_text(text, end, value, narrow->round, &bits)) {
		*misfit = DECIMAL_BEYOND;
		return NULL;
	}
	store(narrow, bits, bits_of(value) >> 63, element);
	return after;
}

#define CHUNK 256 /* numbers: their doubles stay in the first cache */

/* Reads numbers one by one. As decimal_parse_rows. */
static size_t parse_singly(const struct narrow *narrow, struct decimal_text *text, char *elements,
			   const struct decimal_rows *rows)
{
	struct decimal_text rest = *text;
	struct decimal_rows left = *rows;

	for (;;) {
		char *const to = elements + (rows->count - left.count) * narrow->bytes;
		enum decimal_misfit misfit;
		const char *const after = parse_narrow(narrow, rest.at, rest.end, to, &misfit);

		if (!after || after == rest.end || after - rest.at >= DECIMAL_ROW_LONGEST)
			break;
		rest.at = text->at = after;
		if (!decimal_go_on(&rest, &left, 1))
			break;
	}
	return rows->count - left.count;
}

static size_t parse_rows_narrow(const struct narrow *narrow, struct decimal_text *text,
				char *elements, const struct decimal_rows *rows)
{
	struct decimal_text rest = *text;
	struct decimal_rows left = *rows;
	double values[CHUNK];
	size_t taken;

	do {
		char *const to = elements + (rows->count - left.count) * narrow->bytes;
		struct decimal_text again = rest;
		struct decimal_rows part = left;

		if (part.count > CHUNK)
			part.count = CHUNK;
		taken = decimal_parse_rows(&rest, values, &part);
		if (taken && !narrow->round_all(values, taken, to)) {
			part.count = taken;
			taken = parse_singly(narrow, &again, to, &part);
			rest = again;
		}
		if (taken)
			text->at = rest.at;
	} while (taken && decimal_go_on(&rest, &left, taken));
	return rows->count - left.count;
}

static inline uint32_t float32_round(uint64_t bits)
{
	return narrow_float_bits((float)double_of(bits));
}

static inline uint32_t float16_round_bits(uint64_t bits)
{
	return float16_round(double_of(bits));
}

static inline uint32_t bfloat16_round_bits(uint64_t bits)
{
	return bfloat16_round(double_of(bits));
}

/*
 * All the functions of a type: `widen` gives an element's value, `bits` its bits, of which
 * `mantissa` are that; bias is that of its exponent.
 */
#define NARROW(dtype, type, word, mantissa, bias, widen, round) \
	static size_t dtype##_format_row(const void *elements, size_t count, char *out) \
	{ \
		decimal_put_digits *const put = put_digits_fastest(); \
		const type *const from = elements; \
		char *at = out; \
\
		for (size_t i = 0; i < count; i++) { \
			const word sign = (word)1 << (8 * sizeof(word) - 1); \
			word bits; \
\
			memcpy(&bits, &from[i], sizeof(bits)); \
			at += format_narrow((double)widen(from[i]), \
					    parts_of(bits & (word)~sign, mantissa, bias), put, \
					    at); \
			*at++ = ','; \
		} \
		return count ? (size_t)(at - out) - 1 : 0; \
	} \
\
	static bool dtype##_round_all(const double *values, size_t count, void *elements) \
	{ \
		type *const to = elements; \
		unsigned again = 0; \
\
		for (size_t i = 0; i < count; i++) { \
			const uint64_t bits = bits_of(values[i]); \
			const uint64_t size = bits & ~SIGN_BIT; \
			bool halfway; \
			const uint32_t rounded = round_nearest(round, size, &halfway); \
			const word signed_bits = (word)(rounded | (uint32_t)(bits >> 63) \
							<< (8 * sizeof(word) - 1)); \
\
			again |= halfway | (rounded >= round(INFINITE)); \
			memcpy(&to[i], &signed_bits, sizeof(to[i])); \
		} \
		return !again; \
	} \
\
	static const struct narrow dtype##_narrow = {sizeof(type), round, dtype##_round_all}; \
\
	static const char *dtype##_parse(const char *text, const char *end, void *element, \
					 enum decimal_misfit *misfit) \
	{ \
		return parse_narrow(&dtype##_narrow, text, end, element, misfit); \
	} \
\
	static size_t dtype##_parse_rows(struct decimal_text *text, void *elements, \
					 const struct decimal_rows *rows) \
	{ \
		return parse_rows_narrow(&dtype##_narrow, text, elements, rows); \
	} \
\
	const struct decimal_type decimal_##dtype = { \
		dtype##_format_row, \
		dtype##_parse, \
		dtype##_parse_rows, \
	}

NARROW(float32, float, uint32_t, 23, 127, (double), float32_round);
NARROW(float16, uint16_t, uint16_t, 10, 15, float16_widen, float16_round_bits);
NARROW(bfloat16, uint16_t, uint16_t, 7, 127, bfloat16_widen, bfloat16_round_bits);
