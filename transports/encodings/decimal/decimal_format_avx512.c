/* SPDX-License-Identifier: MIT */
/* Digits to text by one permutation of bytes: writing one value with AVX-512. */
#if defined(__x86_64__)
#include "transports/encodings/decimal/decimal_avx512.h"
#include "transports/encodings/decimal/decimal_format.h"

/*
 * Two vectors have a digit in each lane and, above it, what else a text is made of. One
 * permutation of the two by a row of decimal_layouts makes the text. The row begins with
 * the sign, so a text without a sign starts one byte later.
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

		return length + decimal_format_exponent(digits->exponent, out + length);
	}
	return negative + text_length(layout, count);
}

AVX512 size_t decimal_put_digits_avx512(const struct digits *digits, bool negative, char *out)
{
	return format_avx512_digits(digits, negative, out);
}

AVX512 size_t decimal_format_avx512(double value, char *out)
{
	const uint64_t bits = bits_of(value);
	struct digits digits;

	if (unlikely(!digits_of(bits, &digits)))
		return decimal_format_special(bits, out);
	return format_avx512_digits(&digits, bits >> 63, out);
}

#endif
