/* SPDX-License-Identifier: MIT */
/* Numbers without locale, strings without surprises. */
#include "bench/text/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS_MAX 9

static const uint64_t powers_of_ten[DECIMALS_MAX + 1] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000,
};

char *text_fixed(double value, unsigned decimals, char text[TEXT_NUMBER_BYTES])
{
	unsigned places = decimals < DECIMALS_MAX ? decimals : DECIMALS_MAX;
	uint64_t power = powers_of_ten[places];
	double scaled = fmin(round(fabs(value) * (double)power), 9e18);
	const char *sign = value < 0 && scaled > 0 ? "-" : "";
	uint64_t digits;

	text[0] = '\0';
	if (!isfinite(value))
		return text;
	digits = (uint64_t)scaled;
	if (places == 0)
		(void)snprintf(text, TEXT_NUMBER_BYTES, "%s%" PRIu64, sign, digits);
	else
		(void)snprintf(text, TEXT_NUMBER_BYTES, "%s%" PRIu64 ".%0*" PRIu64, sign,
			       digits / power, (int)places, digits % power);
	return text;
}

char *text_significant(double value, unsigned digits, char text[TEXT_NUMBER_BYTES])
{
	unsigned decimals = 0;
	double limit = (double)powers_of_ten[digits - 1];

	/* A number that would round up to the limit has one decimal less: 9.996 is 10.0. */
	while (decimals < DECIMALS_MAX && value != 0 &&
	       fabs(value) * (double)powers_of_ten[decimals] < limit - 0.05)
		decimals++;
	return text_fixed(value, value == 0 ? digits - 1 : decimals, text);
}

static bool utf8_follows(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* For each length: the first byte's bits and value, and the least code point that needs it. */
static const struct utf8_row {
	unsigned char mask, first;
	uint32_t least;
} utf8_table[] = {
	{0x80, 0x00, 0},
	{0xe0, 0xc0, 0x80},
	{0xf0, 0xe0, 0x800},
	{0xf8, 0xf0, 0x10000},
};

static bool utf8_is_scalar(uint32_t point)
{
	return point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
}

/* Reads the code point at text into *point. Returns its bytes, or 0 if it is malformed. */
static size_t utf8_read(const char *text, uint32_t *point)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t row = 0;
	uint32_t value;

	while (row < 4 && (p[0] & utf8_table[row].mask) != utf8_table[row].first)
		row++;
	if (row == 4)
		return 0;
	value = p[0] & (unsigned char)~utf8_table[row].mask;
	for (size_t i = 1; i <= row; i++) {
		if (!utf8_follows(p[i]))
			return 0;
		value = value << 6 | (p[i] & 0x3f);
	}
	*point = value;
	return value >= utf8_table[row].least && utf8_is_scalar(value) ? row + 1 : 0;
}

/* The C0 and C1 controls and DEL: what can move a terminal's cursor. */
static bool point_is_control(uint32_t point)
{
	return point < 0x20 || (point >= 0x7f && point < 0xa0);
}

char *text_clean(char *to, size_t capacity, const char *from)
{
	size_t used = 0;

	while (*from) {
		uint32_t point = '?';
		size_t bytes = utf8_read(from, &point);
		bool kept = bytes && !point_is_control(point);
		size_t more = kept ? bytes : 1;

		if (used + more >= capacity)
			break;
		if (kept)
			memcpy(to + used, from, bytes);
		else
			to[used] = bytes ? ' ' : '?';
		used += more;
		from += bytes ? bytes : 1;
	}
	to[used] = '\0';
	return to;
}

size_t text_width_of(const char *text, size_t bytes)
{
	size_t width = 0;

	for (size_t i = 0; i < bytes; i++)
		width += !utf8_follows((unsigned char)text[i]);
	return width;
}

size_t text_width(const char *text)
{
	return text_width_of(text, strlen(text));
}

size_t text_prefix_bytes(const char *text, size_t columns)
{
	size_t bytes = 0;

	for (; text[bytes]; bytes++) {
		if (!utf8_follows((unsigned char)text[bytes]) && columns-- == 0)
			break;
	}
	return bytes;
}
