/* SPDX-License-Identifier: MIT */
/*
 * The digits of eight values at once, in units of 2^-52: writing a row with AVX-512. Narrower
 * floats come as doubles whose last bits, `lost` of them, are 0.
 */
#if defined(__x86_64__)
#include "transports/encodings/decimal/decimal_avx512.h"
#include "transports/encodings/decimal/decimal_format.h"

/* Eight values' digits and the places of their texts, by value. */
struct eight {
	_Alignas(64) uint64_t high[8];	 /* the first eight digits */
	_Alignas(64) uint64_t low[8];	 /* the next */
	_Alignas(64) uint64_t base[8];	 /* TEXT_BASE and the last digit */
	_Alignas(64) uint64_t last[8];	 /* bit 16 if the last digit is not 0 */
	_Alignas(64) uint64_t source[8]; /* where in decimal_layouts to start, in bytes */
	_Alignas(64) uint64_t least[8];
	_Alignas(64) uint64_t extra[8]; /* with the sign and a comma */
};

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
 * significands * 10^scales as in shortest_usual, of 53 and 104 bits in pieces of 52; the top
 * piece of a significand is 1. The fractions are too small by less than 3 units, the
 * halves by less than 1. exponents: of the last bit of the double.
 */
AVX512 static inline struct scaled multiply_avx512(__m512i fractions, __m512i exponents,
						   __m512i scales, unsigned lost)
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
	const __m512i twos = scale_avx512(scales, LOG2_10, LOG2_10_SHIFT);
	const __m512i shift = /* -1 - (exponents + twos): lost to lost + 3 */
		_mm512_sub_epi64(all_avx512(UINT64_MAX), _mm512_add_epi64(exponents, twos));
	const __m512i low = _mm512_madd52hi_epu64(_mm512_madd52lo_epu64(bottom, fractions, top),
						  fractions, bottom);
	const __m512i high = _mm512_add_epi64(_mm512_madd52hi_epu64(top, fractions, top),
					      _mm512_srli_epi64(low, 52));
	/* What of high is below the unit and what is left of low meet, or overlap by up to 12. */
	const __m512i above = lost ? _mm512_sllv_epi64(
					     high, _mm512_sub_epi64(all_avx512(52), shift)) :
				     _mm512_srlv_epi64(_mm512_slli_epi64(high, 52), shift);
	const __m512i below = _mm512_srlv_epi64(_mm512_and_si512(low, mask), shift);

	return (struct scaled){
		.whole = _mm512_srlv_epi64(high, shift),
		.fraction = _mm512_and_si512(_mm512_or_si512(above, below), mask),
		.half = _mm512_srlv_epi64(_mm512_srli_epi64(top, 1),
					  _mm512_sub_epi64(shift, all_avx512(lost))),
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

/* Eight times struct digits. */
struct rounded {
	__m512i head;
	__m512i last;
	__m512i exponent;
	unsigned unclear; /* a bit for each value too close to call */
};

/* What is below a unit: whether the whole is one more, and the tenths if it is between two. */
struct tenths {
	__m512i whole;
	__m512i last;
	unsigned unclear;
};

/*
 * The rounding of shortest_usual, in units of 2^-52. The products are a little too small,
 * which shows in the last places of fraction, sum and difference, so values near a limit
 * are unclear.
 */
AVX512 static inline struct tenths tenths_avx512(struct scaled scaled)
{
	const __m512i mask = all_avx512(FRACTION_MASK);
	const __m512i ten = all_avx512(10);
	const __m512i one = all_avx512(1);
	const __m512i sum = _mm512_add_epi64(scaled.fraction, scaled.half);
	const __m512i difference = _mm512_sub_epi64(scaled.fraction, scaled.half);
	const __m512i low = _mm512_madd52lo_epu64(all_avx512(HIDDEN_BIT / 2), scaled.fraction, ten);
	const __m512i tenth =
		_mm512_madd52hi_epu64(_mm512_srli_epi64(low, 52), scaled.fraction, ten);
	const __m512i rest = _mm512_sub_epi64(_mm512_and_si512(low, mask), one);
	const unsigned up = _mm512_cmpge_epu64_mask(sum, all_avx512(HIDDEN_BIT));
	const unsigned between = _mm512_cmpgt_epu64_mask(scaled.fraction, scaled.half) & ~up;

	return (struct tenths){
		.whole = _mm512_mask_add_epi64(scaled.whole, (__mmask8)up, scaled.whole, one),
		.last = _mm512_maskz_mov_epi64((__mmask8)between, tenth),
		.unclear =
			_mm512_cmplt_epu64_mask(_mm512_add_epi64(difference, all_avx512(3)),
						all_avx512(6)) |
			_mm512_cmplt_epu64_mask(_mm512_sub_epi64(sum, all_avx512(HIDDEN_BIT - 6)),
						all_avx512(8)) |
			_mm512_cmpge_epu64_mask(rest, all_avx512(FRACTION_MASK - 40)),
	};
}

AVX512 static inline __m512i tenfold_avx512(struct tenths tenths)
{
	return _mm512_add_epi64(tenths.last,
				_mm512_add_epi64(_mm512_slli_epi64(tenths.whole, 3),
						 _mm512_slli_epi64(tenths.whole, 1)));
}

/* Of doubles: 16 digits, or 17. */
AVX512 static inline struct rounded round_avx512(struct tenths tenths, __m512i scales)
{
	const unsigned small = _mm512_cmplt_epu64_mask(tenths.whole, all_avx512(TEN_15));
	const __m512i first = _mm512_sub_epi64(all_avx512(15), scales);

	return (struct rounded){
		.head = _mm512_mask_mov_epi64(tenths.whole, (__mmask8)small,
					      tenfold_avx512(tenths)),
		.last = _mm512_maskz_mov_epi64((__mmask8)~small, tenths.last),
		.exponent = _mm512_mask_sub_epi64(first, (__mmask8)small, first, all_avx512(1)),
		.unclear = tenths.unclear,
	};
}

/*
 * Of narrower floats: zeros are appended up to nine digits, of which seven or more are there.
 * Sets the exponents of the first, and the bits of those that are too close to call.
 */
AVX512 static inline struct rounded nine_avx512(struct tenths tenths, __m512i scales,
						const struct decimal_narrow *narrow)
{
	const __m512i one = all_avx512(1);
	const __m512i number = _mm512_mul_epu32(tenfold_avx512(tenths),
						all_avx512(narrow->zeros_factor));
	const __mmask8 eight = _mm512_cmplt_epu64_mask(number, all_avx512(TEN_8));
	const __mmask8 seven = _mm512_cmplt_epu64_mask(number, all_avx512(TEN_8 / 10));
	const __m512i tens = _mm512_mask_mov_epi64(one, eight, all_avx512(10));
	const __m512i factor = _mm512_mask_mov_epi64(tens, seven, all_avx512(100));
	const __m512i nine = _mm512_sub_epi64(all_avx512((uint64_t)(7 - narrow->zeros)), scales);
	const __m512i exponent = _mm512_mask_sub_epi64(nine, eight, nine, one);
	const __m512i digits = _mm512_mul_epu32(number, factor);
	/* A tenth of what has 32 bits. */
	const __m512i head =
		_mm512_srli_epi64(_mm512_mul_epu32(digits, all_avx512(3435973837)), 35);

	return (struct rounded){
		.head = head,
		.last = _mm512_sub_epi64(digits, _mm512_mul_epu32(head, all_avx512(10))),
		.exponent = _mm512_mask_sub_epi64(exponent, seven, exponent, one),
		.unclear = tenths.unclear,
	};
}

/* Returns the bits of powers of two, of what is below least (biased), of what is not finite. */
AVX512 static inline unsigned unusual_avx512(__m512i fractions, __m512i biased, unsigned least)
{
	return (unsigned)_mm512_testn_epi64_mask(fractions, fractions) |
	       _mm512_cmpge_epu64_mask(_mm512_sub_epi64(biased, all_avx512(least)),
				       all_avx512(BIASED_MAX - least));
}

/* Returns the bits of those whose text has an exponent. */
AVX512 static inline unsigned exponents_shown_avx512(__m512i exponents)
{
	const __m512i least = all_avx512((uint64_t)DECIMAL_LAYOUT_MIN);

	return _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(exponents, least),
				       all_avx512(DECIMAL_LAYOUT_MAX - DECIMAL_LAYOUT_MIN));
}

/* Eight values, taken apart. */
struct apart {
	__m512i negative, biased, fractions, scales;
	struct tenths tenths;
};

AVX512 static inline struct apart apart_avx512(const double *values, unsigned lost)
{
	const __m512i bits = _mm512_loadu_si512(values);
	const __m512i biased = _mm512_srli_epi64(_mm512_slli_epi64(bits, 1), 53);
	const __m512i fractions = _mm512_and_si512(bits, all_avx512(FRACTION_MASK));
	const __m512i exponents = _mm512_sub_epi64(biased, all_avx512(BIAS));
	const __m512i tens = scale_avx512(_mm512_add_epi64(exponents, all_avx512(lost)), LOG10_2,
					  LOG10_2_SHIFT);
	const __m512i scales = /* of the power to multiply by: -1 - tens, not of the digits */
		_mm512_sub_epi64(all_avx512(UINT64_MAX), tens);

	return (struct apart){
		.negative = _mm512_srli_epi64(bits, 63),
		.biased = biased,
		.fractions = fractions,
		.scales = scales,
		.tenths = tenths_avx512(multiply_avx512(fractions, exponents, scales, lost)),
	};
}

/* Digits and places of eight values; returns the bits of those not for format_one_avx512. */
AVX512 static inline unsigned digits_avx512(const double *values, struct eight *eight)
{
	const struct apart apart = apart_avx512(values, 0);
	const struct rounded rounded = round_avx512(apart.tenths, apart.scales);

	split_avx512(rounded.head, rounded.last, eight);
	place_avx512(rounded.exponent, apart.negative, eight);
	return unusual_avx512(apart.fractions, apart.biased, 1) | rounded.unclear |
	       exponents_shown_avx512(rounded.exponent);
}

/* As digits_avx512 for format_nine_avx512. */
AVX512 static inline unsigned digits_narrow_avx512(const double *values,
						   const struct decimal_narrow *narrow,
						   struct eight *eight)
{
	const struct apart apart = apart_avx512(values, narrow->lost);
	const struct rounded rounded = nine_avx512(apart.tenths, apart.scales, narrow);

	_mm512_store_si512(eight->high, rounded.head);
	_mm512_store_si512(eight->low, rounded.last);
	place_avx512(rounded.exponent, apart.negative, eight);
	return unusual_avx512(apart.fractions, apart.biased, narrow->least) | rounded.unclear |
	       exponents_shown_avx512(rounded.exponent);
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
	const uint8_t *const source = (const uint8_t *)decimal_layouts + eight->source[i];
	const __m256i order = _mm256_loadu_si256((const __m256i *)(const void *)source);
	const __m512i text =
		_mm512_permutex2var_epi8(first8, _mm512_castsi256_si512(order), next8);
	const size_t count = 32U - (size_t)__builtin_clz(not_zero | (unsigned)eight->last[i]);

	_mm256_storeu_si256((__m256i *)(void *)out, _mm512_castsi512_si256(text));
	return (count > eight->least[i] ? count : eight->least[i]) + eight->extra[i];
}

/* As format_one_avx512: eight digits, of the low ones only the first, and zeros. */
AVX512 static inline size_t format_nine_avx512(const struct eight *eight, size_t i, char *out)
{
	const __m512i base = all_avx512(TEXT_BASE | (uint64_t)'0' << 32);
	const __m512i first8 = spread_avx512(eight->high[i], base);
	const __m512i next8 = _mm512_mask_add_epi64(base, 1, base, all_avx512(eight->low[i]));
	const unsigned not_zero = (unsigned)_mm512_test_epi64_mask(first8, all_avx512(0xf)) |
				  (unsigned)(eight->low[i] != 0) << 8;
	const uint8_t *const source = (const uint8_t *)decimal_layouts + eight->source[i];
	const __m256i order = _mm256_loadu_si256((const __m256i *)(const void *)source);
	const __m512i text =
		_mm512_permutex2var_epi8(first8, _mm512_castsi256_si512(order), next8);
	const size_t count = 32U - (size_t)__builtin_clz(not_zero);

	_mm256_storeu_si256((__m256i *)(void *)out, _mm512_castsi512_si256(text));
	return (count > eight->least[i] ? count : eight->least[i]) + eight->extra[i];
}

AVX512 size_t decimal_format_narrow_avx512(const double *values, size_t count,
					   const struct decimal_narrow *narrow, char *out)
{
	const size_t eights = count - count % 8;
	char *at = out;

	for (size_t i = 0; i < eights; i += 8) {
		struct eight eight;
		const unsigned unusual = digits_narrow_avx512(values + i, narrow, &eight);

		for (size_t j = 0; j < 8; j++) {
			if (unlikely(unusual >> j & 1))
				at += narrow->format(values[i + j], at) + 1;
			else
				at += format_nine_avx512(&eight, j, at);
			at[-1] = ',';
		}
	}
	for (size_t i = eights; i < count; i++) {
		at += narrow->format(values[i], at);
		*at++ = ',';
	}
	return (size_t)(at - out);
}

AVX512 size_t decimal_format_row_avx512(const double *values, size_t count, char *out)
{
	const size_t eights = count - count % 8;
	char *at = out;

	for (size_t i = 0; i < eights; i += 8) {
		struct eight eight;
		const unsigned unusual = digits_avx512(values + i, &eight);

		for (size_t j = 0; j < 8; j++) {
			if (unlikely(unusual >> j & 1))
				at += decimal_format_avx512(values[i + j], at) + 1;
			else
				at += format_one_avx512(&eight, j, at);
			at[-1] = ',';
		}
	}
	for (size_t i = eights; i < count; i++) {
		at += decimal_format_avx512(values[i], at);
		*at++ = ',';
	}
	return count ? (size_t)(at - out) - 1 : 0;
}

#endif
