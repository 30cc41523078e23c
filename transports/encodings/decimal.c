/* SPDX-License-Identifier: MIT */
/* Exact, shortest decimal text of float64, and its reading. See decimal.h. */
#include "transports/encodings/decimal.h"

#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "transports/encodings/decimal_tables.h"

#define FRACTION_BITS 52
#define FRACTION_MASK ((UINT64_C(1) << FRACTION_BITS) - 1)
#define HIDDEN_BIT (UINT64_C(1) << FRACTION_BITS)
#define BIASED_MAX 0x7ff
#define BIAS 1075 /* of a whole significand: value = significand * 2^(biased - BIAS) */
#define INFINITE ((uint64_t)BIASED_MAX << FRACTION_BITS)
#define SIGN_BIT (UINT64_C(1) << 63)
#define TEN_8 UINT64_C(100000000)
#define TEN_15 UINT64_C(1000000000000000)
#define TEN_16 UINT64_C(10000000000000000)
#define HEAD_DIGITS 19 /* as many digits always fit 64 bits */
#define EXPONENT_LIMIT INT64_C(100000000000000000)

#define unlikely(x) __builtin_expect(!!(x), 0)

/* 10^exponent is in [2^n, 2^(n+1)); right for -400 to 400. */
static inline int binary_exponent(int exponent)
{
	return (exponent * 217706) >> 16;
}

/* floor(log10(2^exponent)); right for every exponent of a double. */
static inline int decimal_exponent(int exponent)
{
	return (exponent * 1262611) >> 22;
}

static inline const uint64_t *power_of_ten(int exponent)
{
	return decimal_powers[exponent - DECIMAL_POWER_MIN];
}

struct pair {
	uint64_t high;
	uint64_t low;
};

static inline struct pair multiply(uint64_t a, uint64_t b)
{
	const unsigned __int128 product = (unsigned __int128)a * b;

	return (struct pair){(uint64_t)(product >> 64), (uint64_t)product};
}

/* The high 128 of the 192 bits of factor * power. */
static inline struct pair multiply_high(uint64_t factor, const uint64_t *power)
{
	struct pair product = multiply(factor, power[0]);

	product.high += __builtin_add_overflow(product.low, multiply(factor, power[1]).high,
					       &product.low);
	return product;
}

/* word or 0; compilers make a branch of ?:, and what these choose is hard to predict. */
static inline uint64_t only_if(bool condition, uint64_t word)
{
	return word & (0 - (uint64_t)condition);
}

static inline uint64_t bits_of(double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static inline double double_of(uint64_t bits)
{
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Out: digits. */

/* d.ddddddddddddddd of head, then last, times 10^exponent; zeros at the end are not shown. */
struct digits {
	uint64_t head; /* 16 digits, the first not 0 */
	uint64_t last; /* the 17th */
	int exponent;
};

/*
 * The digits of most doubles; false when it cannot tell, or not cheaply: subnormals, what
 * is not finite, powers of two (whose neighbours are not equally far), and ties.
 *
 * The value is scaled so that the distance to its neighbours is in [0.1, 1): then the
 * interval that reads back as the value, half of that to each side, holds at most one
 * whole number. If it holds one, that is the shortest; else one more digit is enough, and
 * the nearest is wanted. Everything below the unit is in 2^-64, and as the powers are cut
 * off, fraction and half may be less than 2 short of the truth.
 */
static inline bool digits_usual(uint64_t bits, struct digits *digits)
{
	const int biased = (int)(bits >> FRACTION_BITS) & BIASED_MAX;
	const int exponent = biased - BIAS;
	const int scale = decimal_exponent(exponent) + 1;

	if (unlikely((unsigned)(biased - 1) >= BIASED_MAX - 1 || !(bits & FRACTION_MASK)))
		return false;

	const uint64_t *const power = power_of_ten(-scale);
	const int shift = exponent + binary_exponent(-scale) + 1 + 3; /* 0 to 3 */
	const uint64_t significand = (bits & FRACTION_MASK) | HIDDEN_BIT;
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
	const uint64_t last = only_if(between, tenfold.high + (tenfold.low >> 63));
	const uint64_t head = whole + up;
	const bool short_head = head < TEN_15;

	digits->head = head + only_if(short_head, 9 * head + last);
	digits->last = only_if(!short_head, last);
	digits->exponent = scale + 15 - short_head;
	return true;
}

/* The high 64 of the 192 bits of factor * power, with the lowest bit set if any was lost. */
static uint64_t multiply_odd(uint64_t factor, const uint64_t *power)
{
	const struct pair product = multiply_high(factor, power);

	return product.high | (product.low > 1);
}

/*
 * Schubfach: the shortest in the interval from below to above, which are four times the
 * scaled bounds, of value in the same measure. Returns it without the scale, to which it
 * adds one if it is worth ten.
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

/* Any finite double but zero. Schubfach wants its powers rounded up. */
static void digits_any(uint64_t bits, struct digits *digits)
{
	const uint64_t fraction = bits & FRACTION_MASK;
	const int biased = (int)(bits >> FRACTION_BITS) & BIASED_MAX;
	const uint64_t significand = biased ? fraction | HIDDEN_BIT : fraction;
	const int exponent = (biased ? biased : 1) - BIAS;
	const bool uneven = !fraction && biased > 1; /* the neighbour below is nearer */
	const uint64_t odd = significand & 1;
	int scale = (exponent * 1262611 - (uneven ? 524031 : 0)) >> 22;
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
	digits->head = shortest / 10;
	digits->last = shortest % 10;
	digits->exponent = scale + 16;
}

/* Out: text. */

static const char digits_zero[] = "0.0";

/* Writes what has no digits: zero, and what is not finite. */
static size_t format_special(uint64_t bits, char *out)
{
	const bool negative = bits >> 63;
	const char *const name = bits & FRACTION_MASK ? "NaN" :
				 bits & INFINITE      ? "Infinity" :
							digits_zero;
	const size_t sign = negative && name[0] != 'N';

	out[0] = '-';
	memcpy(out + sign, name, strlen(name));
	return sign + strlen(name);
}

static inline bool bits_special(uint64_t bits)
{
	return !(bits << 1) || (bits & INFINITE) == INFINITE;
}

/* As Python does: a sign and two digits at least. */
static size_t format_exponent(int exponent, char *out)
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

static inline bool exponent_shown(int exponent)
{
	return (unsigned)(exponent - DECIMAL_LAYOUT_MIN) >
	       (unsigned)(DECIMAL_LAYOUT_MAX - DECIMAL_LAYOUT_MIN);
}

/* Bytes of the text without its sign, where no exponent is shown. */
static inline size_t text_length(const struct decimal_layout *layout, size_t count)
{
	return (count > layout->least ? count : layout->least) + layout->extra;
}

static inline uint64_t little_endian(uint64_t word)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(word);
#else
	return word;
#endif
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
 * The text is digits, a point, and more digits, if zeros count that are put before the
 * digits of a fraction. Copies are of fixed sizes, and end within DECIMAL_MAX_BYTES.
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

		return length + format_exponent(digits->exponent, out + length);
	}
	return text_length(&decimal_layouts[exponent - DECIMAL_LAYOUT_MIN], count);
}

static inline size_t format_portable_inline(double value, char *out)
{
	const uint64_t bits = bits_of(value);
	const size_t sign = bits >> 63;
	struct digits digits;

	if (unlikely(!digits_usual(bits, &digits))) {
		if (bits_special(bits))
			return format_special(bits, out);
		digits_any(bits, &digits);
	}
	out[0] = '-';
	return sign + format_portable_digits(&digits, out + sign);
}

static size_t format_portable(double value, char *out)
{
	return format_portable_inline(value, out);
}

static size_t format_row_portable(const double *values, size_t count, char *out)
{
	char *at = out;

	for (size_t i = 0; i < count; i++) {
		at += format_portable_inline(values[i], at);
		*at++ = ',';
	}
	return count ? (size_t)(at - out) - 1 : 0;
}

/* In: from significand and exponent. */

/*
 * The double nearest to significand * 10^exponent, for most; false if it is zero, not a
 * normal number, or so close to halfway between two that 128 bits do not tell. The first
 * multiplication leaves an error below one in high, so the second is rarely needed.
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

/* As scale_usual for all; false if bits is a good guess only. */
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

/* In: whole numbers of any length. */

/*
 * 801 digits are 2661 bits. The two sides of a comparison are about equal, so no more
 * than 5^(324 + 801) and a significand, which is 2670, and a limb to spare.
 */
#define BIG_LIMBS 64

struct big {
	size_t used; /* limbs, the lowest first; the highest is not 0 */
	uint64_t limbs[BIG_LIMBS];
};

static void big_multiply_add(struct big *big, uint64_t factor, uint64_t carry)
{
	for (size_t i = 0; i < big->used; i++) {
		const unsigned __int128 sum = (unsigned __int128)big->limbs[i] * factor + carry;

		big->limbs[i] = (uint64_t)sum;
		carry = (uint64_t)(sum >> 64);
	}
	if (carry && big->used < BIG_LIMBS)
		big->limbs[big->used++] = carry;
}

static void big_multiply_power_of_5(struct big *big, int64_t exponent)
{
	const uint64_t five_27 = UINT64_C(7450580596923828125);

	for (; exponent >= 27; exponent -= 27)
		big_multiply_add(big, five_27, 0);
	for (; exponent > 0; exponent--)
		big_multiply_add(big, 5, 0);
}

static void big_shift_left(struct big *big, int64_t count)
{
	const size_t limbs = (size_t)count / 64;

	big_multiply_add(big, UINT64_C(1) << (count % 64), 0);
	if (!big->used || big->used + limbs > BIG_LIMBS)
		return;
	memmove(big->limbs + limbs, big->limbs, big->used * sizeof(big->limbs[0]));
	memset(big->limbs, 0, limbs * sizeof(big->limbs[0]));
	big->used += limbs;
}

static int big_compare(const struct big *a, const struct big *b)
{
	if (a->used != b->used)
		return a->used < b->used ? -1 : 1;
	for (size_t i = a->used; i-- > 0;) {
		if (a->limbs[i] != b->limbs[i])
			return a->limbs[i] < b->limbs[i] ? -1 : 1;
	}
	return 0;
}

/* In: text. */

struct number {
	const char *digits; /* from the first to after the last, the point among them */
	const char *digits_end;
	int64_t exponent; /* of the last digit */
	uint64_t head;    /* the first digits that are not leading zeros, up to 19 */
	int64_t head_exponent;
	bool cut; /* there are more */
	bool negative;
};

/* Halfway between two doubles has 768 digits at most: of more, only "is there any" counts. */
#define EXACT_DIGITS 800

/* The digits as one number, whose last is worth 10^(what is returned). */
static int64_t big_from_digits(struct big *big, const struct number *number)
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
		big_multiply_add(big, 10, (uint64_t)(*at - '0'));
		kept += big->used != 0;
	}
	if (!dropped)
		return number->exponent;
	big_multiply_add(big, 10, sticky);
	return number->exponent + dropped - 1;
}

/* How the number compares with halfway between the doubles of bits and bits + 1. */
static int compare_halfway(const struct number *number, uint64_t bits)
{
	const uint64_t biased = bits >> FRACTION_BITS;
	const uint64_t significand = (bits & FRACTION_MASK) | (biased ? HIDDEN_BIT : 0);
	const int64_t halfway_exponent = (int64_t)(biased ? biased : 1) - BIAS - 1;
	struct big halfway = {.used = 1, .limbs = {2 * significand + 1}};
	struct big value;
	const int64_t exponent = big_from_digits(&value, number);

	big_multiply_power_of_5(exponent < 0 ? &halfway : &value,
				exponent < 0 ? -exponent : exponent);
	if (exponent >= halfway_exponent)
		big_shift_left(&value, exponent - halfway_exponent);
	else
		big_shift_left(&halfway, halfway_exponent - exponent);
	return big_compare(&value, &halfway);
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

static uint64_t nearest(const struct number *number)
{
	uint64_t bits;
	uint64_t above;
	bool sure;

	if (!number->cut && scale_usual(number->head, number->head_exponent, &bits))
		return bits;
	sure = scale_any(number->head, number->head_exponent, &bits);
	if (number->cut)
		sure = sure && scale_any(number->head + 1, number->head_exponent, &above) &&
		       bits == above;
	return sure ? bits : nearest_exactly(number, bits);
}

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

/* What follows 'e': adds it to exponent and returns its end, or NULL. */
static const char *scan_exponent(const char *at, const char *end, int64_t *exponent)
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
		at = scan_exponent(at + 1, end, &number->exponent);
	number->head_exponent = number->exponent;
	if (at && unlikely(number->digits_end - number->digits > HEAD_DIGITS))
		cut_head(number);
	return at;
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

static __attribute__((noinline)) const char *parse_portable(const char *text, const char *end,
							    double *value)
{
	struct number number;
	const char *const after = scan_number(text, end, &number);

	if (unlikely(!after))
		return parse_name(text, end, value);
	*value = double_of(nearest(&number) | (number.negative ? SIGN_BIT : 0));
	return after;
}

static bool usable_always(void)
{
	return true;
}

#if defined(__x86_64__)

/* AVX-512 with VBMI and IFMA (Ice Lake, Zen 4 and later). */

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512ifma," \
				     "bmi,bmi2,lzcnt")))

static bool usable_avx512(void)
{
	return __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512ifma") &&
	       __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("bmi2");
}

/*
 * The eight digits of number, below 10^8, one in the lowest byte of each lane, added to
 * base. Lane i multiplies by 2^52 / 10^(8 - i), cut off, so that the low 52 bits are the
 * fraction after digit i - 1, and ten times it is digit i and a fraction. What is cut off
 * makes it short by up to 2.2e-8, in lane 0 by 6.1e-9, and a fraction a digit can have is
 * a multiple of 1e-7, in lane 0 of 1e-8: adding between the two makes every digit right.
 */
AVX512 static inline __m512i spread_avx512(uint64_t number, __m512i base)
{
	const __m512i inverses = _mm512_setr_epi64(45035996, 450359962, 4503599627, 45035996273,
						   450359962737, 4503599627370, 45035996273704,
						   450359962737049);
	const __m512i excess = _mm512_setr_epi64(31525197, 225179981, 225179981, 225179981,
						 225179981, 225179981, 225179981, 225179981);
	const __m512i fraction =
		_mm512_madd52lo_epu64(excess, _mm512_set1_epi64((long long)number), inverses);

	return _mm512_madd52hi_epu64(base, fraction, _mm512_set1_epi64(10));
}

/* The bytes of a lane: a digit is added to the first; the last digit goes above these. */
#define TEXT_BASE UINT64_C(0x302d2e30) /* 0.-0 */

/*
 * Two vectors have a digit in each lane and, above it, what else a text is made of: one
 * permutation of the two by a row of decimal_layouts makes the text. The row begins with
 * the sign, so a text without starts one later.
 */
AVX512 static inline size_t format_avx512_digits(const struct digits *digits, bool negative,
						 char *out)
{
	const uint64_t high = digits->head / TEN_8;
	const __m512i base =
		_mm512_set1_epi64((long long)(TEXT_BASE | (digits->last + '0') << 32));
	const __m512i first8 = spread_avx512(high, base);
	const __m512i next8 = spread_avx512(digits->head - high * TEN_8, base);
	const __m512i nibble = _mm512_set1_epi64(0xf);
	const unsigned not_zero = (unsigned)_mm512_test_epi64_mask(first8, nibble) |
				  (unsigned)_mm512_test_epi64_mask(next8, nibble) << 8 |
				  (unsigned)(digits->last != 0) << 16;
	const size_t count = 32U - (size_t)__builtin_clz(not_zero);
	const bool shown = exponent_shown(digits->exponent);
	const struct decimal_layout *const layout =
		&decimal_layouts[(shown ? 0 : digits->exponent) - DECIMAL_LAYOUT_MIN];
	const __m256i source =
		_mm256_loadu_si256((const __m256i *)(const void *)(layout->source + !negative));
	const __m512i text =
		_mm512_permutex2var_epi8(first8, _mm512_castsi256_si512(source), next8);

	_mm256_storeu_si256((__m256i *)(void *)out, _mm512_castsi512_si256(text));
	if (unlikely(shown)) {
		const size_t length = negative + count + (count > 1);

		return length + format_exponent(digits->exponent, out + length);
	}
	return negative + text_length(layout, count);
}

AVX512 static inline size_t format_avx512_inline(double value, char *out)
{
	const uint64_t bits = bits_of(value);
	struct digits digits;

	if (unlikely(!digits_usual(bits, &digits))) {
		if (bits_special(bits))
			return format_special(bits, out);
		digits_any(bits, &digits);
	}
	return format_avx512_digits(&digits, bits >> 63, out);
}

AVX512 static size_t format_avx512(double value, char *out)
{
	return format_avx512_inline(value, out);
}

/* Eight values' digits and the places of their texts, by value. */
struct eight {
	_Alignas(64) uint64_t high[8];	 /* the first eight digits */
	_Alignas(64) uint64_t low[8];	 /* the next */
	_Alignas(64) uint64_t base[8];	 /* what else the text is made of, the last digit too */
	_Alignas(64) uint64_t last[8];	 /* bit 16 if the last digit is not 0 */
	_Alignas(64) uint64_t source[8]; /* where in decimal_layouts to start */
	_Alignas(64) uint64_t least[8];
	_Alignas(64) uint64_t extra[8]; /* with the sign and a comma */
};

AVX512 static inline __m512i all_avx512(uint64_t word)
{
	return _mm512_set1_epi64((long long)word);
}

/* floor(exponents * factor / 2^shift), as in binary_exponent and decimal_exponent. */
AVX512 static inline __m512i scale_avx512(__m512i exponents, uint64_t factor, unsigned shift)
{
	return _mm512_srai_epi64(_mm512_mul_epi32(exponents, all_avx512(factor)), shift);
}

struct scaled {
	__m512i whole;
	__m512i fraction; /* in 2^-52 */
	__m512i half;
};

/*
 * significands * 10^scales as in digits_usual, of 53 and 104 bits in pieces of 52, the
 * top one of a significand being 1. The fractions are less than 3 units short, the
 * halves less than 1.
 */
AVX512 static inline struct scaled multiply_avx512(__m512i fractions, __m512i exponents,
						   __m512i scales)
{
	const __m512i mask = all_avx512(FRACTION_MASK);
	const __m512i least = all_avx512((uint64_t)DECIMAL_POWER_MIN);
	const __m512i index = _mm512_slli_epi64(_mm512_sub_epi64(scales, least), 1);
	const __m512i first = _mm512_i64gather_epi64(index, &decimal_powers[0][0], 8);
	const __m512i second = _mm512_i64gather_epi64(index, &decimal_powers[0][1], 8);
	const __m512i top = _mm512_srli_epi64(first, 12);
	const __m512i bottom =
		_mm512_and_si512(mask, _mm512_or_si512(_mm512_slli_epi64(first, 40),
						       _mm512_srli_epi64(second, 24)));
	const __m512i sum = _mm512_add_epi64(exponents, scale_avx512(scales, 217706, 16));
	const __m512i shift = _mm512_sub_epi64(all_avx512(UINT64_MAX), sum); /* 0 to 3 */
	const __m512i low = _mm512_madd52hi_epu64(_mm512_madd52lo_epu64(bottom, fractions, top),
						  fractions, bottom);
	const __m512i high = _mm512_add_epi64(_mm512_madd52hi_epu64(top, fractions, top),
					      _mm512_srli_epi64(low, 52));
	const __m512i both =
		_mm512_or_si512(_mm512_slli_epi64(high, 52), _mm512_and_si512(low, mask));

	return (struct scaled){
		.whole = _mm512_srlv_epi64(high, shift),
		.fraction = _mm512_and_si512(_mm512_srlv_epi64(both, shift), mask),
		.half = _mm512_srlv_epi64(_mm512_srli_epi64(top, 1), shift),
	};
}

/* Sets where the text is to be found and how long it will be. */
AVX512 static inline void place_avx512(__m512i exponents, __m512i negative, struct eight *eight)
{
	const __m512i one = all_avx512(1);
	const __m512i row = _mm512_add_epi64(exponents, all_avx512((uint64_t)-DECIMAL_LAYOUT_MIN));
	const __m512i start =
		_mm512_mul_epu32(row, all_avx512(sizeof(struct decimal_layout)));
	const __m512i below = _mm512_min_epi64(exponents, _mm512_setzero_si512());

	_mm512_store_si512(eight->source,
			   _mm512_sub_epi64(_mm512_add_epi64(start, one), negative));
	_mm512_store_si512(eight->least,
			   _mm512_max_epi64(_mm512_add_epi64(exponents, all_avx512(2)), one));
	_mm512_store_si512(eight->extra, _mm512_sub_epi64(_mm512_add_epi64(negative, all_avx512(2)),
							  below));
}

/* Splits heads of 16 digits in two: 10^8 is 2^8 * 390625, and 2^70 / 390625 below 2^52. */
AVX512 static inline void split_avx512(__m512i heads, __m512i last, struct eight *eight)
{
	const __m512i inverse = all_avx512(UINT64_C(3022314549036573));
	const __m512i high = _mm512_srli_epi64(
		_mm512_madd52hi_epu64(_mm512_setzero_si512(), _mm512_srli_epi64(heads, 8), inverse),
		18);
	const __m512i digit = _mm512_slli_epi64(_mm512_add_epi64(last, all_avx512('0')), 32);

	_mm512_store_si512(eight->high, high);
	_mm512_store_si512(eight->low, _mm512_sub_epi64(heads, _mm512_mul_epu32(
								       high, all_avx512(TEN_8))));
	_mm512_store_si512(eight->base, _mm512_or_si512(digit, all_avx512(TEXT_BASE)));
	_mm512_store_si512(eight->last, _mm512_maskz_set1_epi64(
						_mm512_test_epi64_mask(last, last), 1 << 16));
}

/*
 * digits_usual for eight values, in units of 2^-52. The bits returned are set of those it
 * cannot tell, and of those whose text has an exponent.
 */
AVX512 static inline unsigned digits_avx512(const double *values, struct eight *eight)
{
	const __m512i unit = all_avx512(HIDDEN_BIT);
	const __m512i mask = all_avx512(FRACTION_MASK);
	const __m512i bits = _mm512_loadu_si512(values);
	const __m512i negative = _mm512_srli_epi64(bits, 63);
	const __m512i biased = _mm512_srli_epi64(_mm512_slli_epi64(bits, 1), 53);
	const __m512i fractions = _mm512_and_si512(bits, mask);
	const __m512i exponents = _mm512_sub_epi64(biased, all_avx512(BIAS));
	const __m512i scales = /* of the power to multiply by: not of the digits */
		_mm512_sub_epi64(all_avx512(UINT64_MAX), scale_avx512(exponents, 1262611, 22));
	const struct scaled scaled = multiply_avx512(fractions, exponents, scales);
	const __m512i ten = all_avx512(10);
	const __m512i sum = _mm512_add_epi64(scaled.fraction, scaled.half);
	const __m512i low = _mm512_madd52lo_epu64(all_avx512(HIDDEN_BIT / 2), scaled.fraction, ten);
	const __m512i tenth =
		_mm512_madd52hi_epu64(_mm512_srli_epi64(low, 52), scaled.fraction, ten);
	const __m512i difference = _mm512_sub_epi64(scaled.fraction, scaled.half);
	const __m512i rest = _mm512_sub_epi64(_mm512_and_si512(low, mask), all_avx512(1));
	const unsigned up = _mm512_cmpge_epu64_mask(sum, unit);
	const unsigned between = _mm512_cmpgt_epu64_mask(scaled.fraction, scaled.half) & ~up;
	const __m512i head = _mm512_mask_add_epi64(scaled.whole, (__mmask8)up, scaled.whole,
						   all_avx512(1));
	const __m512i last = _mm512_maskz_mov_epi64((__mmask8)between, tenth);
	const unsigned small = _mm512_cmplt_epu64_mask(head, all_avx512(TEN_15));
	const __m512i tenfold = _mm512_add_epi64(
		last, _mm512_add_epi64(_mm512_slli_epi64(head, 3), _mm512_slli_epi64(head, 1)));
	const __m512i first = _mm512_sub_epi64(all_avx512(15), scales);
	const __m512i exponent =
		_mm512_mask_sub_epi64(first, (__mmask8)small, first, all_avx512(1));

	split_avx512(_mm512_mask_mov_epi64(head, (__mmask8)small, tenfold),
		     _mm512_maskz_mov_epi64((__mmask8)~small, last), eight);
	place_avx512(exponent, negative, eight);
	return (unsigned)_mm512_testn_epi64_mask(fractions, fractions) |
	       _mm512_cmpge_epu64_mask(_mm512_sub_epi64(biased, all_avx512(1)),
				       all_avx512(BIASED_MAX - 1)) |
	       _mm512_cmplt_epu64_mask(_mm512_add_epi64(difference, all_avx512(3)), all_avx512(6)) |
	       _mm512_cmplt_epu64_mask(_mm512_sub_epi64(sum, all_avx512(HIDDEN_BIT - 6)),
				       all_avx512(8)) |
	       _mm512_cmpge_epu64_mask(rest, all_avx512(FRACTION_MASK - 40)) |
	       _mm512_cmpgt_epu64_mask(
		       _mm512_sub_epi64(exponent, all_avx512((uint64_t)DECIMAL_LAYOUT_MIN)),
		       all_avx512(DECIMAL_LAYOUT_MAX - DECIMAL_LAYOUT_MIN));
}

/* Writes the text of one of eight values; returns its length with a comma. */
AVX512 static inline size_t format_one_avx512(const struct eight *eight, size_t i, char *out)
{
	const __m512i base = all_avx512(eight->base[i]);
	const __m512i first8 = spread_avx512(eight->high[i], base);
	const __m512i next8 = spread_avx512(eight->low[i], base);
	const __m512i nibble = all_avx512(0xf);
	const unsigned not_zero =
		_cvtmask16_u32(_mm512_kunpackb(_mm512_test_epi64_mask(next8, nibble),
					       _mm512_test_epi64_mask(first8, nibble)));
	const uint8_t *const source = decimal_layouts[0].source + eight->source[i];
	const __m256i order = _mm256_loadu_si256((const __m256i *)(const void *)source);
	const __m512i text =
		_mm512_permutex2var_epi8(first8, _mm512_castsi256_si512(order), next8);
	const size_t count = 32U - (size_t)__builtin_clz(not_zero | (unsigned)eight->last[i]);

	_mm256_storeu_si256((__m256i *)(void *)out, _mm512_castsi512_si256(text));
	return (count > eight->least[i] ? count : eight->least[i]) + eight->extra[i];
}

AVX512 static size_t format_row_avx512(const double *values, size_t count, char *out)
{
	const size_t eights = count - count % 8;
	char *at = out;

	for (size_t i = 0; i < eights; i += 8) {
		struct eight eight;
		const unsigned unusual = digits_avx512(values + i, &eight);

		for (size_t j = 0; j < 8; j++) {
			if (unlikely(unusual >> j & 1))
				at += format_avx512(values[i + j], at) + 1;
			else
				at += format_one_avx512(&eight, j, at);
			at[-1] = ',';
		}
	}
	for (size_t i = eights; i < count; i++) {
		at += format_avx512_inline(values[i], at);
		*at++ = ',';
	}
	return count ? (size_t)(at - out) - 1 : 0;
}

/*
 * The digits of a text of 32 bytes, count of them before and after the point that follows
 * the first whole ones, as a number: each goes to its place counted from the end.
 * False if it has more than 19 digits after any leading zeros, or if count is over 24.
 */
AVX512 static inline bool join_avx512(__m256i text, unsigned whole, unsigned count,
				      uint64_t *number)
{
	const __m256i places = _mm256_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
						15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
						28, 29, 30, 31);
	const __m256i from = _mm256_add_epi8(places, _mm256_set1_epi8((char)(count - 32)));
	const __m256i after = _mm256_cmpgt_epi8(from, _mm256_set1_epi8((char)(whole - 1)));
	const __m256i ones = _mm256_permutex2var_epi8(text, _mm256_sub_epi8(from, after),
						      _mm256_setzero_si256());
	const __m256i twos = _mm256_maddubs_epi16(ones, _mm256_set1_epi16(10 | 1 << 8));
	const __m256i fours = _mm256_madd_epi16(twos, _mm256_set1_epi32(100 | 1 << 16));
	const __m256i eights = _mm256_madd_epi16(_mm256_packus_epi32(fours, fours),
						 _mm256_set1_epi32(10000 | 1 << 16));
	const uint64_t low =
		(uint64_t)_mm_cvtsi128_si64(_mm256_extracti128_si256(eights, 1));
	const uint64_t high =
		(uint64_t)_mm_cvtsi128_si64(_mm256_castsi256_si128(eights)) >> 32;

	*number = high * TEN_16 + (low & UINT32_MAX) * TEN_8 + (low >> 32);
	return high < 1000 && count <= 24;
}

/* Whether a text with this many bytes before any point and as many in all is a number. */
static inline bool number_shaped(const char *text, unsigned whole, unsigned length)
{
	return whole && length != whole + 1 && (whole == 1 || *text != '0');
}

/* The text's first 32 bytes, or as many as it has and zeros. */
AVX512 static inline __m256i load_avx512(const char *text, const char *end)
{
	const size_t room = (size_t)(end - text);

	if (room >= 32)
		return _mm256_loadu_si256((const __m256i *)(const void *)text);
	return _mm256_maskz_loadu_epi8(_bzhi_u32(UINT32_MAX, (unsigned)room), text);
}

AVX512 static inline uint32_t equal_avx512(__m256i bytes, char wanted)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(wanted)));
}

/*
 * Where the next number starts hangs on where this one ends, so that is found by the
 * shortest way: the sign is a bit of a mask, not a byte to look at first, and then a zero
 * before the other digits.
 */
AVX512 static const char *parse_avx512(const char *text, const char *end, double *value)
{
	const __m256i bytes = load_avx512(text, end);
	const __m256i values = _mm256_sub_epi8(bytes, _mm256_set1_epi8('0'));
	const __m256i nine = _mm256_set1_epi8(9);
	const __m256i tens = _mm256_cmpeq_epi8(_mm256_min_epu8(values, nine), values);
	const uint32_t sign = equal_avx512(bytes, '-') & 1;
	const uint32_t is_ten = (uint32_t)_mm256_movemask_epi8(tens);
	const uint32_t is_point = equal_avx512(bytes, '.');
	const uint32_t other = ~(is_ten | sign);
	const uint32_t point = other & -other & is_point; /* where the first run ends */
	const unsigned whole = _tzcnt_u32(other);
	const unsigned length = _tzcnt_u32(other ^ point);
	const unsigned count = length - (point != 0);
	int64_t exponent = point ? (int64_t)whole - count : 0;
	const char *after = text + length;
	uint64_t head;
	uint64_t bits;

	if (unlikely(!join_avx512(_mm256_and_si256(tens, values), whole, count, &head) ||
		     length == 32 ||
		     !number_shaped(text + sign, whole - sign, length - sign)))
		return parse_portable(text, end, value);
	if (unlikely(after < end && (*after | 0x20) == 'e')) {
		after = scan_exponent(after + 1, end, &exponent);
		if (!after)
			return NULL;
	}
	if (unlikely(!scale_usual(head, exponent, &bits)))
		return parse_portable(text, end, value);
	*value = double_of(bits | (uint64_t)sign << 63);
	return after;
}

#endif

size_t decimal_format(double value, char *out)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return format_avx512(value, out);
#endif
	return format_portable(value, out);
}

size_t decimal_format_row(const double *values, size_t count, char *out)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return format_row_avx512(values, count, out);
#endif
	return format_row_portable(values, count, out);
}

const char *decimal_parse(const char *text, const char *end, double *value)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return parse_avx512(text, end, value);
#endif
	return parse_portable(text, end, value);
}

const struct decimal_kernel decimal_kernels[] = {
#if defined(__x86_64__)
	{"avx512", usable_avx512, format_avx512, format_row_avx512, parse_avx512},
#endif
	{"portable", usable_always, format_portable, format_row_portable, parse_portable},
};
const size_t decimal_kernel_count = sizeof(decimal_kernels) / sizeof(decimal_kernels[0]);
