/* SPDX-License-Identifier: MIT */
/*
 * Standard normals from counters: the constants, one inclusion of the arithmetic
 * for each instruction set, and the choice between them at run time.
 */
#include "bench/worker/random_normal.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "bench/worker/random_normal_paths.h"

#ifdef __FAST_MATH__
#error "-ffast-math makes the values depend on the compiler"
#endif
_Static_assert(FLT_EVAL_METHOD == 0, "each operation must round to its own type");

/* Keeps a product from becoming half of a fused multiply-add, whatever -ffp-contract says. */
#if defined(__x86_64__)
#define NORMAL_ROUND(product) __asm__("" : "+v"(product))
#elif defined(__aarch64__)
#define NORMAL_ROUND(product) __asm__("" : "+w"(product))
#else
#define NORMAL_ROUND(product) __asm__("" : "+m"(product))
#endif

#define NORMAL_PAIRS (NORMAL_BLOCK_COUNT / 2)

/* Bit patterns of doubles. */
#define BITS_SIGN      UINT64_C(0x8000000000000000)
#define BITS_MANTISSA  UINT64_C(0x000fffffffffffff)
#define BITS_SQRT_HALF UINT64_C(0x3fe6a09e667f3bcd)
#define BITS_1	       UINT64_C(0x3ff0000000000000)
#define BITS_2_52      UINT64_C(0x4330000000000000)
#define BITS_2_84      UINT64_C(0x4530000000000000)

#define NORMAL_LOG_4	  1.3862943611198906
#define NORMAL_KEY_PARITY UINT64_C(0x1bd11bdaa9fc1a22) /* Threefry's, from the paper */

/*
 * Polynomials of the least largest relative error, found with the exchange
 * algorithm of Remez at 50 digits. In the variable squared: 4 atanh(s) / s for s up
 * to 0.1716 (error 2e-16), sin(pi q / 2) / q (3e-18) and cos(pi q / 2) (6e-17)
 * for q up to 1/2.
 */
static const double normal_atanh[7] = {
	4.0000000000000009,  1.3333333333310431,  0.80000000124095605, 0.5714283195221147,
	0.4444687507175078,  0.36243686001424136, 0.33677417343458482,
};
static const double normal_sin[7] = {
	1.5707963267948966,	 -0.64596409750624428,	 0.079692626246039566,
	-0.004681754132282505,	 0.000160441150292055,	 -3.5986417551978577e-06,
	5.6337210382331016e-08,
};
static const double normal_cos[7] = {
	0.99999999999999989,	 -1.2337005501361489,	 0.25366950789975312,
	-0.020863480733058534,	 0.00091925993557921172, -2.5200084132572273e-05,
	4.6546175888168968e-07,
};

#define KERNEL(name)   name##_plain
#define KERNEL_LANES   1
#define KERNEL_TARGET
#define KERNEL_SQRT(x) sqrt(x)
#include "bench/worker/random_normal_kernel.h"

#if defined(__x86_64__)

#define KERNEL(name)   name##_sse2
#define KERNEL_LANES   2
#define KERNEL_TARGET
#define KERNEL_SQRT(x) _mm_sqrt_pd(x)
#include "bench/worker/random_normal_kernel.h"

#define KERNEL(name)   name##_avx2
#define KERNEL_LANES   4
#define KERNEL_TARGET  __attribute__((target("avx2")))
#define KERNEL_SQRT(x) _mm256_sqrt_pd(x)
#include "bench/worker/random_normal_kernel.h"

#define KERNEL(name)   name##_avx512
#define KERNEL_LANES   8
#define KERNEL_TARGET  __attribute__((target("avx512f")))
#define KERNEL_SQRT(x) _mm512_sqrt_pd(x)
#include "bench/worker/random_normal_kernel.h"

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f");
}

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

#endif

static bool has_anything(void)
{
	return true;
}

const struct normal_path normal_paths[] = {
#if defined(__x86_64__)
	{"avx512", has_avx512, normal_block_avx512, normal_words_avx512},
	{"avx2", has_avx2, normal_block_avx2, normal_words_avx2},
	{"sse2", has_anything, normal_block_sse2, normal_words_sse2},
#endif
	{"plain", has_anything, normal_block_plain, normal_words_plain},
};
const size_t normal_path_count = sizeof(normal_paths) / sizeof(normal_paths[0]);

static const struct normal_path *fastest_path(void)
{
	const struct normal_path *path = normal_paths;

	while (!path->usable())
		path++;
	return path;
}

void normal_block(const struct normal_stream *stream, uint64_t block,
		  double out[NORMAL_BLOCK_COUNT])
{
	fastest_path()->block(stream, block, out);
}

typedef void make_block(const struct normal_stream *stream, uint64_t block,
			double out[NORMAL_BLOCK_COUNT]);

static void fill(make_block *make, const struct normal_stream *stream, uint64_t first_block,
		 void *out, size_t bytes)
{
	size_t blocks = bytes / sizeof(double[NORMAL_BLOCK_COUNT]);
	size_t rest = bytes % sizeof(double[NORMAL_BLOCK_COUNT]);
	double *to = out;
	double last[NORMAL_BLOCK_COUNT];

	for (size_t i = 0; i < blocks; i++)
		make(stream, first_block + i, to + i * NORMAL_BLOCK_COUNT);
	if (!rest)
		return;
	make(stream, first_block + blocks, last);
	memcpy(to + blocks * NORMAL_BLOCK_COUNT, last, rest);
}

void normal_fill(const struct normal_stream *stream, uint64_t first_block, double *out,
		 size_t count)
{
	fill(fastest_path()->block, stream, first_block, out, count * sizeof(*out));
}

void normal_fill_words(const struct normal_stream *stream, uint64_t first_block, void *out,
		       size_t bytes)
{
	fill(fastest_path()->words, stream, first_block, out, bytes);
}
