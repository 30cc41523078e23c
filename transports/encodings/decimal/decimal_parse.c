/* SPDX-License-Identifier: MIT */
/* Text to number, eight digits at a time: reading on any processor. */
#include "transports/encodings/decimal/decimal_parse.h"

#include <stddef.h>

#define HEAD_DIGITS 19 /* as many digits always fit 64 bits */
#define EXPONENT_LIMIT INT64_C(100000000000000000)

/* Appends a run of digits to head, modulo 2^64; returns its end. */
static inline const char *scan_digits(const char *at, const char *end, uint64_t *head)
{
	while (end - at >= 8) {
		uint64_t word;

		memcpy(&word, at, sizeof(word));
		word = little_endian(word);
		if (!eight_digits(word))
			break;
		*head = *head * TEN_8 + join_digits(word);
		at += 8;
	}
	for (; at < end && is_digit(*at); at++)
		*head = *head * 10 + (uint64_t)(*at - '0');
	return at;
}

const char *decimal_scan_exponent(const char *at, const char *end, int64_t *exponent)
{
	const bool negative = at < end && *at == '-';
	int64_t size = 0;

	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (at == end || !is_digit(*at))
		return NULL;
	for (; at < end && is_digit(*at); at++)
		size = size < EXPONENT_LIMIT ? size * 10 + (*at - '0') : size;
	*exponent += negative ? -size : size;
	return at;
}

/* Too many digits for 64 bits: takes the first 19 that count. */
static void cut_head(struct number *number)
{
	const char *at = number->digits;
	int64_t exponent = number->exponent;
	int kept = 0;

	while (at < number->digits_end && (*at == '0' || *at == '.'))
		at++;
	number->head = 0;
	for (; at < number->digits_end && kept < HEAD_DIGITS; at++) {
		if (*at == '.')
			continue;
		number->head = number->head * 10 + (uint64_t)(*at - '0');
		kept++;
	}
	for (; at < number->digits_end; at++)
		exponent += *at != '.';
	number->cut = exponent != number->exponent;
	number->head_exponent = exponent;
}

static inline const char *scan_number(const char *at, const char *end, struct number *number)
{
	const char *point;

	number->negative = at < end && *at == '-';
	at += number->negative;
	number->digits = at;
	number->head = 0;
	number->exponent = 0;
	number->cut = false;
	point = at = scan_digits(at, end, &number->head);
	if (at == number->digits || (*number->digits == '0' && at - number->digits > 1))
		return NULL;
	if (at < end && *at == '.') {
		at = scan_digits(point + 1, end, &number->head);
		if (at == point + 1)
			return NULL;
		number->exponent = point + 1 - at;
	}
	number->digits_end = at;
	if (at < end && (*at | 0x20) == 'e')
		at = decimal_scan_exponent(at + 1, end, &number->exponent);
	number->head_exponent = number->exponent;
	if (at && unlikely(number->digits_end - number->digits > HEAD_DIGITS))
		cut_head(number);
	return at;
}

const char *decimal_scan_number(const char *text, const char *end, struct number *number)
{
	return scan_number(text, end, number);
}

/* NaN, Infinity, -Infinity. */
static const char *parse_name(const char *text, const char *end, double *value)
{
	static const struct {
		const char *name;
		size_t length;
		uint64_t bits;
	} names[] = {
		{"NaN", 3, INFINITE | HIDDEN_BIT >> 1},
		{"Infinity", 8, INFINITE},
		{"-Infinity", 9, INFINITE | SIGN_BIT},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const size_t length = names[i].length;

		if ((size_t)(end - text) >= length && !memcmp(text, names[i].name, length)) {
			*value = double_of(names[i].bits);
			return text + length;
		}
	}
	return NULL;
}

const char *decimal_parse_portable(const char *text, const char *end, double *value)
{
	struct number number;
	const char *const after = scan_number(text, end, &number);
	uint64_t bits;

	if (unlikely(!after))
		return parse_name(text, end, value);
	if (unlikely(number.cut || !scale_usual(number.head, number.head_exponent, &bits)))
		bits = decimal_nearest(number);
	*value = double_of(bits | (number.negative ? SIGN_BIT : 0));
	return after;
}

bool decimal_go_on(struct decimal_text *text, struct decimal_rows *left, size_t taken)
{
	static const char turn[] = {']', ',', '['};
	size_t wanted;

	left->count -= taken;
	left->left = taken <= left->left
			     ? left->left - taken
			     : left->each - 1 - (taken - left->left - 1) % left->each;
	if (!left->count)
		return false;
	wanted = left->left ? 1 : sizeof(turn);
	if ((size_t)(text->end - text->at) < wanted ||
	    memcmp(text->at, left->left ? "," : turn, wanted) != 0)
		return false;
	text->at += wanted;
	if (!left->left)
		left->left = left->each;
	return true;
}

size_t decimal_parse_rows_portable(struct decimal_text *text, double *values,
				   const struct decimal_rows *rows)
{
	struct decimal_text rest = *text;
	struct decimal_rows left = *rows;

	while (decimal_parse_one(decimal_parse_portable, &rest,
				 values + (rows->count - left.count))) {
		text->at = rest.at;
		if (!decimal_go_on(&rest, &left, 1))
			break;
	}
	return rows->count - left.count;
}
