/* SPDX-License-Identifier: MIT */
/* Integers and bools as decimal text, and back. */
#include <stdint.h>

#include "transports/encodings/decimal/decimal_parse.h"
#include "transports/encodings/decimal/decimal_types.h"

/* Two digits each, from 00 to 99. */
static const char pairs[] =
	"00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	"40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

static inline unsigned digit_count(uint64_t number)
{
	unsigned count = 1;

	for (; number >= 10000; number /= 10000)
		count += 4;
	return count + (number >= 10) + (number >= 100) + (number >= 1000);
}

static inline size_t put_number(uint64_t number, char *out)
{
	const unsigned count = digit_count(number);
	char *at = out + count;

	for (; number >= 100; number /= 100) {
		at -= 2;
		memcpy(at, pairs + 2 * (number % 100), 2);
	}
	if (number >= 10)
		memcpy(out, pairs + 2 * number, 2);
	else
		*out = (char)('0' + number);
	return count;
}

/* A whole number of any size, cut off at 2^64 and more: no dtype has those. */
struct whole {
	uint64_t size;
	bool negative;
	bool beyond;
};

/* Whether a number that has digits so far goes on. */
static inline bool goes_on(char letter)
{
	return is_digit(letter) || letter == '.' || (letter | 0x20) == 'e';
}

/*
 * Reads what nearly all writers write: a sign and up to 20 digits. NULL if it is not that.
 * wide: eight digits in a row are likely.
 */
static inline const char *scan_plain(const char *text, const char *end, bool wide,
				     struct whole *whole)
{
	const char *first;
	uint64_t size = 0;
	uint64_t word;

	whole->negative = text < end && *text == '-';
	text += whole->negative;
	first = text;
	whole->beyond = false;
	for (; wide && end - text >= 8 && text - first < 16; text += 8) {
		memcpy(&word, text, sizeof(word));
		word = little_endian(word);
		if (!eight_digits(word))
			break;
		size = size * TEN_8 + join_digits(word);
	}
	for (; text < end && is_digit(*text) && text - first < 19; text++)
		size = 10 * size + (uint64_t)(*text - '0');
	if (text < end && is_digit(*text)) /* of these some are beyond 64 bits */
		whole->beyond = __builtin_mul_overflow(size, 10, &size) |
				__builtin_add_overflow(size, (uint64_t)(*text++ - '0'), &size);
	if (text == first || (*first == '0' && text - first > 1) ||
	    (text < end && goes_on(*text)))
		return NULL;
	whole->size = size;
	return text;
}

/* Appends count zeros. */
static void add_zeros(struct whole *whole, int64_t count)
{
	for (; count > 0 && whole->size && !whole->beyond; count--)
		whole->beyond = __builtin_mul_overflow(whole->size, 10, &whole->size);
}

/*
 * The number that digits and an exponent spell, if it is whole. A digit counts once one that
 * is not 0 has come behind it or it stands before the point.
 */
static bool whole_from(const struct number *number, struct whole *whole)
{
	int64_t zeros = number->exponent; /* to be appended to the digits so far */
	int64_t places = 0;               /* digits from the present one to the last */

	*whole = (struct whole){.negative = number->negative};
	for (const char *at = number->digits; at < number->digits_end; at++)
		places += *at != '.';
	for (const char *at = number->digits; at < number->digits_end; at++) {
		if (*at == '.')
			continue;
		places--;
		/* This digit is worth 10^(exponent + places). */
		if (*at != '0' && number->exponent + places < 0)
			return false;
		if (number->exponent + places < 0)
			continue;
		add_zeros(whole, 1);
		whole->beyond |= __builtin_add_overflow(whole->size, (uint64_t)(*at - '0'),
							&whole->size);
		zeros = number->exponent + places;
	}
	add_zeros(whole, zeros);
	return true;
}

/* Reads any number of JSON's that is whole. */
static const char *scan_any(const char *text, const char *end, struct whole *whole,
			    enum decimal_misfit *misfit)
{
	struct number number;
	const char *const after = decimal_scan_number(text, end, &number);

	*misfit = DECIMAL_FITS;
	if (!after)
		return NULL;
	if (whole_from(&number, whole))
		return after;
	*misfit = DECIMAL_FRACTION;
	return NULL;
}

/* Reads a whole number of at most `most`, or -least. */
static inline const char *parse_whole(const char *text, const char *end, uint64_t least,
				      uint64_t most, uint64_t *value, enum decimal_misfit *misfit)
{
	struct whole whole;
	const char *after = scan_plain(text, end, most > UINT16_MAX, &whole);

	if (unlikely(!after))
		after = scan_any(text, end, &whole, misfit);
	if (!after)
		return NULL;
	if (unlikely(whole.beyond || whole.size > (whole.negative ? least : most))) {
		*misfit = DECIMAL_BEYOND;
		return NULL;
	}
	*value = whole.negative ? 0 - whole.size : whole.size;
	return after;
}

/* As decimal_parse_rows, number by number. */
#define PARSE_ROWS(dtype, type) \
	static size_t dtype##_parse_rows(struct decimal_text *text, void *elements, \
					 const struct decimal_rows *rows) \
	{ \
		struct decimal_text rest = *text; \
		struct decimal_rows left = *rows; \
		type *to = elements; \
\
		for (;; to++) { \
			enum decimal_misfit misfit; \
			const char *const after = dtype##_parse(rest.at, rest.end, to, &misfit); \
\
			if (!after || after == rest.end || \
			    after - rest.at >= DECIMAL_ROW_LONGEST) \
				break; \
			rest.at = text->at = after; \
			if (!decimal_go_on(&rest, &left, 1)) \
				break; \
		} \
		return rows->count - left.count; \
	} \
\
	const struct decimal_type decimal_##dtype = { \
		dtype##_format_row, \
		dtype##_parse, \
		dtype##_parse_rows, \
	}

/* A type whose values go from -least to most. */
#define INTEGER(dtype, type, least, most) \
	static size_t dtype##_format_row(const void *elements, size_t count, char *out) \
	{ \
		const type *const from = elements; \
		char *at = out; \
\
		for (size_t i = 0; i < count; i++) { \
			const bool negative = (least) && (int64_t)from[i] < 0; \
			const uint64_t bits = (uint64_t)from[i]; \
\
			*at = '-'; \
			at += negative; \
			at += put_number(negative ? 0 - bits : bits, at); \
			*at++ = ','; \
		} \
		return count ? (size_t)(at - out) - 1 : 0; \
	} \
\
	static const char *dtype##_parse(const char *text, const char *end, void *element, \
					 enum decimal_misfit *misfit) \
	{ \
		uint64_t value; \
		const char *const after = parse_whole(text, end, least, most, &value, misfit); \
\
		if (after) \
			*(type *)element = (type)value; \
		return after; \
	} \
\
	PARSE_ROWS(dtype, type)

INTEGER(int8, int8_t, 0x80, INT8_MAX);
INTEGER(int16, int16_t, 0x8000, INT16_MAX);
INTEGER(int32, int32_t, UINT64_C(0x80000000), INT32_MAX);
INTEGER(int64, int64_t, UINT64_C(0x8000000000000000), INT64_MAX);
INTEGER(uint8, uint8_t, 0, UINT8_MAX);
INTEGER(uint16, uint16_t, 0, UINT16_MAX);
INTEGER(uint32, uint32_t, 0, UINT32_MAX);
INTEGER(uint64, uint64_t, 0, UINT64_MAX);

static size_t bool_format_row(const void *elements, size_t count, char *out)
{
	const uint8_t *const from = elements;
	char *at = out;

	for (size_t i = 0; i < count; i++) {
		memcpy(at, from[i] ? "true,,,," : "false,,,", 8);
		at += from[i] ? 5 : 6;
	}
	return count ? (size_t)(at - out) - 1 : 0;
}

static const char *bool_parse(const char *text, const char *end, void *element,
			      enum decimal_misfit *misfit)
{
	const size_t bytes = (size_t)(end - text);
	const char *after = NULL;
	uint64_t value = 0;

	if (bytes >= 4 && memcmp(text, "true", 4) == 0) {
		value = 1;
		after = text + 4;
	} else if (bytes >= 5 && memcmp(text, "false", 5) == 0) {
		after = text + 5;
	} else {
		after = parse_whole(text, end, 0, 1, &value, misfit);
	}
	if (after)
		*(uint8_t *)element = (uint8_t)value;
	return after;
}

PARSE_ROWS(bool, uint8_t);
