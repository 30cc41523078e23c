/* SPDX-License-Identifier: MIT */
/*
 * float32, float16 and bfloat16 from text: they are read as the nearest float64, which rounds to
 * the right value unless it lies halfway between two of them. Only then is the text itself
 * compared with that.
 */
#include <stdint.h>

#include "transports/encodings/decimal/decimal_format.h"
#include "transports/encodings/decimal/decimal_parse.h"
#include "transports/encodings/decimal/decimal_types.h"
#include "transports/narrow.h"

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

/* All the functions of a type. word: as wide as its bits. */
#define NARROW(dtype, type, word, round) \
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
		decimal_format_row_##dtype, \
		dtype##_parse, \
		dtype##_parse_rows, \
	}

NARROW(float32, float, uint32_t, float32_round);
NARROW(float16, uint16_t, uint16_t, float16_round_bits);
NARROW(bfloat16, uint16_t, uint16_t, bfloat16_round_bits);
