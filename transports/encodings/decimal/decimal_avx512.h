/* SPDX-License-Identifier: MIT */
/* What the ways with AVX-512, VBMI2 and IFMA (Ice Lake, Zen 4 and later) share. */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_AVX512_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_AVX512_H

#include <immintrin.h>
#include <stdint.h>

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512cd,avx512vbmi," \
				     "avx512vbmi2,avx512ifma,bmi,bmi2,lzcnt")))

AVX512 static inline __m512i all_avx512(uint64_t word)
{
	return _mm512_set1_epi64((long long)word);
}

/* The bytes of a lane: a digit is added to the first; the last digit goes above these. */
#define TEXT_BASE UINT64_C(0x302d2e30) /* 0.-0 */

/*
 * Adds to base the eight digits of number, which is below 10^8, one in the lowest byte of
 * each lane. Lane i multiplies by 2^52 / 10^(8 - i), cut off, so that the low 52 bits are
 * the fraction after digit i - 1, and ten times that is digit i and a fraction. Cutting off
 * makes it too small by up to 2.2e-8, in lane 0 by 6.1e-9. The fraction after a digit is a
 * multiple of 1e-7, in lane 0 of 1e-8, so adding something in between makes every digit
 * right.
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

#endif
