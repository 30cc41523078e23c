/* SPDX-License-Identifier: MIT */
/* Digits to text, eight digits in a 64-bit word at a time: writing on any processor. */
#include "transports/encodings/decimal/decimal_format.h"

size_t decimal_format_special(uint64_t bits, char *out)
{
	const bool negative = bits >> 63;
	const char *const name = !(bits << 1)	      ? "0.0" :
				 bits & FRACTION_MASK ? "NaN" :
							"Infinity";
	const size_t sign = negative && name[0] != 'N';

	out[0] = '-';
	memcpy(out + sign, name, strlen(name));
	return sign + strlen(name);
}

size_t decimal_format_exponent(int exponent, char *out)
{
	const unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
	const bool three = size >= 100;

	out[0] = 'e';
	out[1] = exponent < 0 ? '-' : '+';
	out[2] = (char)('0' + size / 100);
	out[2 + three] = (char)('0' + size / 10 % 10);
	out[3 + three] = (char)('0' + size % 10);
	return 4 + three;
}

/* A number below 10^8 as eight bytes, a digit each, the first in the lowest byte. */
static inline uint64_t spread_digits(uint64_t number)
{
	const uint64_t fours = number / 10000 | number % 10000 << 32;
	const uint64_t hundreds = (fours * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
	const uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
	const uint64_t tens = (twos * 103 >> 10) & UINT64_C(0x000f000f000f000f);

	return tens | (twos - 10 * tens) << 8;
}

/* Writes all 17 digits to text and returns how many there are without zeros at the end. */
static inline size_t put_digits(const struct digits *digits, char *text)
{
	const uint64_t high = spread_digits(digits->head / TEN_8);
	const uint64_t low = spread_digits(digits->head % TEN_8);
	const uint64_t ascii = UINT64_C(0x3030303030303030);
	const uint64_t words[2] = {little_endian(high | ascii), little_endian(low | ascii)};
	const uint64_t tail = low ? low : high;
	const size_t used = (low ? 16U : 8U) - (size_t)__builtin_clzll(tail) / 8;

	memcpy(text, words, sizeof(words));
	text[16] = (char)('0' + digits->last);
	return digits->last ? 17 : used;
}

/*
 * The text is digits, a point and more digits, and the zeros before a fraction's digits
 * count as digits. Copies have fixed sizes and end within DECIMAL_MAX_BYTES.
 */
static inline size_t format_portable_digits(const struct digits *digits, char *out)
{
	char text[48];
	const size_t count = put_digits(digits, text + 8);
	const bool shown = exponent_shown(digits->exponent);
	const int exponent = shown ? 0 : digits->exponent;
	const int leading = exponent < 0 ? exponent : 0;
	const char *const from = text + 8 + leading;
	const size_t whole = (size_t)(exponent - leading) + 1;

	memset(text, '0', 8);
	memset(text + 8 + 17, '0', 15);
	memcpy(out, from, 16);
	out[whole] = '.';
	if (whole > 8) {
		memcpy(out + whole + 1, from + whole, 8);
	} else {
		memcpy(out + whole + 1, from + whole, 16);
		memcpy(out + whole + 17, from + whole + 16, 4);
	}
	if (unlikely(shown)) {
		const size_t length = count + (count > 1);

		return length + decimal_format_exponent(digits->exponent, out + length);
	}
	return text_length(&decimal_layouts[exponent - DECIMAL_LAYOUT_MIN], count);
}

static inline size_t format_portable_inline(double value, char *out)
{
	const uint64_t bits = bits_of(value);
	const size_t sign = bits >> 63;
	struct digits digits;

	if (unlikely(!digits_of(bits, &digits)))
		return decimal_format_special(bits, out);
	out[0] = '-';
	return sign + format_portable_digits(&digits, out + sign);
}

size_t decimal_put_digits_portable(const struct digits *digits, bool negative, char *out)
{
	out[0] = '-';
	return negative + format_portable_digits(digits, out + negative);
}

size_t decimal_format_portable(double value, char *out)
{
	return format_portable_inline(value, out);
}

size_t decimal_format_row_portable(const double *values, size_t count, char *out)
{
	char *at = out;

	for (size_t i = 0; i < count; i++) {
		at += format_portable_inline(values[i], at);
		*at++ = ',';
	}
	return count ? (size_t)(at - out) - 1 : 0;
}
