/* SPDX-License-Identifier: MIT */
/*
 * Eight numbers at once: reading a row with AVX-512. A scan finds where numbers end and
 * where their points are, and checks that all else in them is digits. Then digits, whole
 * numbers and products with powers of ten are made for eight together. A number that is
 * not digits, a point and digits, or is too close to call, goes to decimal_parse_avx512.
 */
#if defined(__x86_64__)
#include <stddef.h>

#include "transports/encodings/decimal/decimal.h"
#include "transports/encodings/decimal/decimal_parse.h"
#include "transports/encodings/decimal/decimal_scan_avx512.h"

#define HALF_BYTES 32		    /* of a number, up to its end: half a block */
#define DIGITS_MAX (HALF_BYTES - 1) /* and a point; decimal_tenths has as many, and 1 */
#define SCAN_LEAST 8		    /* numbers that are worth a scan */
#define SINGLY 16 /* numbers that are read one by one once a scan found none */
#define CLOSE ((UINT64_C(1) << 41) + 16) /* to halfway; see scale_avx512 */

/* Eight numbers, as far as marks tell. */
struct eight {
	_Alignas(32) uint32_t ends[8];
	__m256i fraction; /* digits after the point; 0 if not clear */
	__m256i digits;   /* in all; 0 if not clear */
	unsigned negative;
	unsigned clear; /* a bit for each that is [-]digits.digits */
};

AVX512 static inline __m256i load_marks_avx512(const uint32_t *marks)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)marks);
}

/* The lanes whose whole part has a zero before other digits, which no number has. */
AVX512 static inline unsigned zero_led_avx512(const char *text, __m256i starts, __m256i whole,
					      unsigned lanes)
{
	const unsigned several = lanes & _mm256_cmpgt_epi32_mask(whole, _mm256_set1_epi32(1));

	if (!several)
		return 0;

	/* These have two digits, a point and a digit at least, so four bytes may be read. */
	const __m256i words = _mm256_mmask_i32gather_epi32(_mm256_setzero_si256(),
							   (__mmask8)several, starts, text, 1);

	return several & _mm256_cmpeq_epi32_mask(_mm256_and_si256(words, _mm256_set1_epi32(0xff)),
						 _mm256_set1_epi32('0'));
}

/* Eight numbers from first on; those in lanes are wanted. Raises ends below near to near. */
AVX512 static inline struct eight shape_avx512(const char *text, const struct marks *marks,
					       size_t first, unsigned lanes, int near)
{
	const __m256i one = _mm256_set1_epi32(1);
	const __m256i nearest = _mm256_set1_epi32(near);
	const __mmask8 negative = (__mmask8)(marks->negative >> first);
	const __mmask8 turned = (__mmask8)(marks->turned >> first);
	const __m256i after = _mm256_add_epi32(load_marks_avx512(marks->ends + first), one);
	const __m256i start = _mm256_mask_add_epi32(after, turned, after, _mm256_set1_epi32(2));
	const __m256i digit = _mm256_mask_add_epi32(start, negative, start, one);
	const __m256i end = load_marks_avx512(marks->ends + first + 1);
	const __m256i previous = load_marks_avx512(marks->points + first);
	const __m256i point = load_marks_avx512(marks->points + first + 1);
	const __m256i next = load_marks_avx512(marks->points + first + 2);
	const __m256i whole = _mm256_sub_epi32(point, digit);
	const __m256i fraction = _mm256_sub_epi32(_mm256_sub_epi32(end, point), one);
	const __m256i digits = _mm256_add_epi32(whole, fraction);
	struct eight eight = {
		.negative = negative,
		.clear = lanes & _mm256_cmpge_epi32_mask(whole, one) &
			 _mm256_cmpge_epi32_mask(fraction, one) &
			 _mm256_cmplt_epi32_mask(previous, start) &
			 _mm256_cmpgt_epi32_mask(next, end) &
			 _mm256_cmpge_epi32_mask(end, nearest) &
			 _mm256_cmple_epi32_mask(digits, _mm256_set1_epi32(DIGITS_MAX)),
	};

	eight.clear &= ~zero_led_avx512(text, digit, whole, eight.clear);
	_mm256_store_si256((__m256i *)(void *)eight.ends, _mm256_max_epi32(end, nearest));
	eight.fraction = _mm256_maskz_mov_epi32((__mmask8)eight.clear, fraction);
	eight.digits = _mm256_maskz_mov_epi32((__mmask8)eight.clear, digits);
	return eight;
}

AVX512 static inline __m256i half_avx512(const char *text, uint32_t end)
{
	return _mm256_loadu_si256((const __m256i *)(const void *)(text + end - HALF_BYTES));
}

/* The low bytes of lanes i and i + 1, each in every byte of one half of a block. */
AVX512 static inline __m512i spread_two_avx512(__m256i lanes, unsigned i)
{
	const __m512i pair = _mm512_srli_epi16(
		_mm512_and_si512(places_avx512(), _mm512_set1_epi8(HALF_BYTES)), 5);

	return _mm512_permutexvar_epi8(_mm512_add_epi8(pair, _mm512_set1_epi8((char)i)),
				       _mm512_castsi128_si512(_mm256_cvtepi32_epi8(lanes)));
}

/*
 * The digits of numbers i and i + 1 in groups of four, eight groups each. The bytes before
 * the point move up by one, over the point, and what is before the number becomes zeros.
 */
AVX512 static inline __m512i fours_avx512(const char *text, const struct eight *eight, unsigned i)
{
	const __m512i places = places_avx512();
	const __m512i distance = /* from the end of a half */
		_mm512_andnot_si512(places, _mm512_set1_epi8(HALF_BYTES - 1));
	const __m512i block =
		_mm512_inserti64x4(_mm512_castsi256_si512(half_avx512(text, eight->ends[i])),
				   half_avx512(text, eight->ends[i + 1]), 1);
	const __mmask64 whole =
		_mm512_cmpge_epu8_mask(distance, spread_two_avx512(eight->fraction, i));
	const __mmask64 all = _mm512_cmplt_epu8_mask(distance, spread_two_avx512(eight->digits, i));
	const __m512i from = _mm512_mask_sub_epi8(places, whole, places, _mm512_set1_epi8(1));
	const __m512i ones = _mm512_and_si512(_mm512_maskz_permutexvar_epi8(all, from, block),
					      _mm512_set1_epi8(0x0f));

	return _mm512_madd_epi16(_mm512_maddubs_epi16(ones, _mm512_set1_epi16(10 | 1 << 8)),
				 _mm512_set1_epi32(100 | 1 << 16));
}

AVX512 static inline __m512i eights_avx512(__m512i fours, __m512i more)
{
	return _mm512_madd_epi16(_mm512_packus_epi32(fours, more),
				 _mm512_set1_epi32(10000 | 1 << 16));
}

/* The digits as whole numbers; clears the bits of those with more than 19. */
AVX512 static inline __m512i significands_avx512(const char *text, struct eight *eight)
{
	const __m512i a = eights_avx512(fours_avx512(text, eight, 0), fours_avx512(text, eight, 2));
	const __m512i b = eights_avx512(fours_avx512(text, eight, 4), fours_avx512(text, eight, 6));
	const __m512i high =
		_mm512_permutex2var_epi64(a, _mm512_setr_epi64(0, 4, 1, 5, 8, 12, 9, 13), b);
	const __m512i low =
		_mm512_permutex2var_epi64(a, _mm512_setr_epi64(2, 6, 3, 7, 10, 14, 11, 15), b);
	const __m512i top = _mm512_srli_epi64(high, 32);
	const __m512i sixteen = _mm512_add_epi64(_mm512_mul_epu32(low, all_avx512(TEN_8)),
						 _mm512_srli_epi64(low, 32));

	eight->clear &= _mm512_testn_epi64_mask(high, all_avx512(UINT32_MAX)) &
			_mm512_cmplt_epu64_mask(top, all_avx512(1000));
	return _mm512_add_epi64(sixteen, _mm512_mullo_epi64(top, all_avx512(TEN_16)));
}

AVX512 static inline __m512i tenths_avx512(__m512i exponents)
{
	const __m512i *const table = (const __m512i *)(const void *)decimal_tenths;
	const __m512i first = _mm512_permutex2var_epi64(table[0], exponents, table[1]);
	const __m512i second = _mm512_permutex2var_epi64(table[2], exponents, table[3]);

	return _mm512_mask_mov_epi64(first, _mm512_test_epi64_mask(exponents, all_avx512(16)),
				     second);
}

/*
 * The doubles nearest to significands / 10^fractions, without signs, by products of 64
 * bits each, of which 104 are kept, in pieces of 52. As powers are cut off, a product is
 * too small by less than 2^40 + 4 of its last place, and by twice that if its highest bit
 * is 0. Clears the bits of those that are so close below halfway.
 */
AVX512 static inline __m512i scale_avx512(__m512i significands, __m512i fractions, unsigned *clear)
{
	const __m512i mask = all_avx512(FRACTION_MASK);
	const __m512i one = all_avx512(1);
	const __m512i power = tenths_avx512(fractions);
	const __m512i zeros = _mm512_lzcnt_epi64(significands);
	const __m512i factor = _mm512_sllv_epi64(significands, zeros);
	const __m512i a = _mm512_srli_epi64(factor, 12);
	const __m512i b = _mm512_srli_epi64(power, 12);
	const __m512i a_rest = _mm512_and_si512(_mm512_slli_epi64(factor, 40), mask);
	const __m512i b_rest = _mm512_and_si512(_mm512_slli_epi64(power, 40), mask);
	const __m512i sum = _mm512_add_epi64(
		_mm512_madd52hi_epu64(_mm512_madd52lo_epu64(_mm512_setzero_si512(), a, b), a,
				      b_rest),
		_mm512_madd52hi_epu64(_mm512_setzero_si512(), a_rest, b));
	const __m512i high = _mm512_madd52hi_epu64(_mm512_srli_epi64(sum, 52), a, b);
	const __m512i small = /* 1 where the highest bit is 0 */
		_mm512_sub_epi64(one, _mm512_srli_epi64(high, 51));
	const __m512i low = _mm512_sllv_epi64(_mm512_and_si512(sum, mask), small);
	const __m512i top =
		_mm512_add_epi64(_mm512_sllv_epi64(high, small), _mm512_srli_epi64(low, 52));
	/* 54 bits of the product, the last of which rounds the others. */
	const __m512i both =
		_mm512_or_si512(_mm512_slli_epi64(top, 2),
				_mm512_and_si512(_mm512_srli_epi64(low, 50), all_avx512(3)));
	const __m512i rounded = _mm512_srli_epi64(_mm512_add_epi64(both, one), 1);
	const __m512i rest = _mm512_and_si512(low, all_avx512(FRACTION_MASK >> 1));
	const __m512i twos = _mm512_srai_epi64(
		_mm512_mul_epi32(fractions, all_avx512((uint64_t)-LOG2_10)), LOG2_10_SHIFT);
	const __m512i biased = _mm512_sub_epi64(_mm512_add_epi64(twos, all_avx512(BIAS + 11)),
						_mm512_add_epi64(zeros, small));

	*clear &= _mm512_cmpgt_epu64_mask(
		_mm512_sub_epi64(rest, all_avx512((HIDDEN_BIT >> 2) - CLOSE)), all_avx512(CLOSE));
	return _mm512_maskz_add_epi64(_mm512_test_epi64_mask(significands, significands),
				      _mm512_slli_epi64(biased, FRACTION_BITS), rounded);
}

AVX512 static inline unsigned low_bits(size_t count)
{
	return _bzhi_u32(UINT8_MAX, (unsigned)least(count, 8));
}

/* Reads eight numbers from first on; returns the bits of those that it could not read. */
AVX512 static inline unsigned parse_eight_avx512(const char *text, const struct marks *marks,
						 size_t first, int near, double *values)
{
	const unsigned lanes = low_bits(marks->numbers - first);
	const unsigned marked = marks->point_count > first ? low_bits(marks->point_count - first) :
							     0;
	struct eight eight = shape_avx512(text, marks, first, lanes & marked, near);
	const __m512i significands = significands_avx512(text, &eight);
	const __m512i bits =
		scale_avx512(significands, _mm512_cvtepu32_epi64(eight.fraction), &eight.clear);
	const __m512i signs =
		_mm512_maskz_set1_epi64((__mmask8)eight.negative, (long long)SIGN_BIT);

	if (likely(lanes == UINT8_MAX)) /* a store under a mask takes longer */
		_mm512_storeu_si512(values, _mm512_or_si512(bits, signs));
	else
		_mm512_mask_storeu_epi64(values, (__mmask8)lanes, _mm512_or_si512(bits, signs));
	return lanes & ~eight.clear;
}

/* Reads number i on its own. False if it is none, or does not end where the scan says. */
AVX512 static bool parse_marked_avx512(struct decimal_text *text, const char *start,
				       const struct marks *marks, size_t i, double *value)
{
	const uint32_t gap = marks->turned >> i & 1 ? 3 : 1;

	text->at = start + (uint32_t)(marks->ends[i] + gap);
	return decimal_parse_one(decimal_parse_avx512, text, value) &&
	       text->at == start + marks->ends[i + 1];
}

/*
 * Reads the numbers of one scan, up to the first that is none; returns how many. Reads none
 * if the first eight are not for this: whole numbers, or so near the beginning of the text
 * that there is no half block before their ends.
 */
AVX512 static size_t parse_scanned_avx512(struct decimal_text *text, double *values,
					  const struct decimal_rows *rows)
{
	const char *const start = text->at;
	const int near = HALF_BYTES - (int)least((size_t)(start - text->begin), HALF_BYTES);
	struct marks marks;

	if (text->end - text->begin < HALF_BYTES)
		return 0;
	scan_avx512(start, least((size_t)(text->end - start), SCAN_BYTES), rows, &marks);
	for (size_t first = 0; first < marks.numbers; first += 8) {
		unsigned left = parse_eight_avx512(start, &marks, first, near, values + first);

		if (unlikely(left == UINT8_MAX && !first))
			return 0;
		for (; unlikely(left); left &= left - 1) {
			const size_t i = first + _tzcnt_u32(left);

			if (!parse_marked_avx512(text, start, &marks, i, &values[i])) {
				text->at = start + (i ? marks.ends[i] : 0);
				return i;
			}
		}
	}
	if (marks.numbers)
		text->at = start + marks.ends[marks.numbers];
	return marks.numbers;
}

AVX512 size_t decimal_parse_rows_avx512(struct decimal_text *text, double *values,
					const struct decimal_rows *rows)
{
	struct decimal_text rest = *text;
	struct decimal_rows left = *rows;
	size_t singly = 0; /* numbers before a scan is tried again */
	size_t taken;

	do {
		double *const next = values + (rows->count - left.count);

		taken = 0;
		if (!singly && left.count >= SCAN_LEAST)
			taken = parse_scanned_avx512(&rest, next, &left);
		if (!taken) {
			taken = decimal_parse_one(decimal_parse_avx512, &rest, next);
			singly = singly ? singly - 1 : SINGLY;
		}
		if (taken)
			text->at = rest.at;
	} while (taken && decimal_go_on(&rest, &left, taken));
	return rows->count - left.count;
}

#endif
