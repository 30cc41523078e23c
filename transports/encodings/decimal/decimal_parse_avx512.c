/* SPDX-License-Identifier: MIT */
/* Text of 32 bytes to number at a stroke: reading with AVX-512. */
#if defined(__x86_64__)
#include <stddef.h>

#include "transports/encodings/decimal/decimal_avx512.h"
#include "transports/encodings/decimal/decimal_parse.h"

/*
 * Makes a number of the digits in a text of 32 bytes: there are count of them, and a point
 * after the first `whole`. Each digit goes to its place counted from the end. Returns false
 * if there are more than 19 after any leading zeros, or if count is over 24.
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

/* Whether a text of `length` bytes, of which `whole` come before any point, is a number. */
static inline bool number_shaped(const char *text, unsigned whole, unsigned length)
{
	return whole && length != whole + 1 && (whole == 1 || *text != '0');
}

/* The text's first 32 bytes, with zeros for those that it does not have. */
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
 * The start of the next number depends on the end of this one, so the end is found in the
 * shortest way: the sign is a bit of a mask rather than a byte to look at first, and zeros
 * before other digits are looked for afterwards.
 */
AVX512 const char *decimal_parse_avx512(const char *text, const char *end, double *value)
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
		return decimal_parse_portable(text, end, value);
	if (unlikely(after < end && (*after | 0x20) == 'e')) {
		after = decimal_scan_exponent(after + 1, end, &exponent);
		if (!after)
			return NULL;
	}
	if (unlikely(!scale_usual(head, exponent, &bits)))
		return decimal_parse_portable(text, end, value);
	*value = double_of(bits | (uint64_t)sign << 63);
	return after;
}

#endif
