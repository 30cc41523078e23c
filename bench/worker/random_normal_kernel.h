/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of bench/worker/random_normal.c for one instruction set. Has no guard: it is
 * included once for each, after these are defined, which it undefines again:
 *
 * KERNEL(name)    name, with a suffix of the instruction set's own
 * KERNEL_LANES    pairs of normals to make at once: 1, 2, 4 or 8
 * KERNEL_TARGET   the function attribute that enables the instruction set
 * KERNEL_SQRT(x)  the correctly rounded square root of each lane
 *
 * One lane is a plain scalar; more are a vector as gcc and clang have them. The
 * operators below mean the same for both. All is integer arithmetic and sums,
 * products, quotients and square roots, which IEEE 754 defines to the last bit:
 * hence the same bits from every instruction set, compiler and -O level.
 */
#define BITS   KERNEL(bits)
#define REAL   KERNEL(real)
#define EITHER KERNEL(either)
#define INLINE KERNEL_TARGET static inline __attribute__((always_inline))

#if KERNEL_LANES == 1
typedef uint64_t BITS;
typedef double REAL;
#else
typedef uint64_t BITS __attribute__((vector_size(8 * KERNEL_LANES)));
typedef double REAL __attribute__((vector_size(8 * KERNEL_LANES)));
#endif

union EITHER {
	BITS bits;
	REAL real;
	uint64_t lane[KERNEL_LANES];
};

INLINE REAL KERNEL(as_real)(BITS bits)
{
	return (union EITHER){.bits = bits}.real;
}

INLINE BITS KERNEL(as_bits)(REAL real)
{
	return (union EITHER){.real = real}.bits;
}

/* Every product that meets a sum goes through here, lest the two be fused. */
INLINE REAL KERNEL(mul)(REAL a, REAL b)
{
	REAL product = a * b;

	NORMAL_ROUND(product);
	return product;
}

/*
 * The polynomial in x with seven coefficients, constant term first. Summed in
 * pairs (Estrin's scheme) rather than term by term, for shorter chains.
 */
INLINE REAL KERNEL(poly)(const double c[7], REAL x)
{
	const REAL zero = {0};
	REAL x2 = KERNEL(mul)(x, x);
	REAL x4 = KERNEL(mul)(x2, x2);
	REAL low = KERNEL(mul)(x, zero + c[1]) + c[0];
	REAL middle = KERNEL(mul)(x, zero + c[3]) + c[2];
	REAL high = KERNEL(mul)(x, zero + c[5]) + c[4];

	low += KERNEL(mul)(x2, middle);
	high += KERNEL(mul)(x2, zero + c[6]);
	return low + KERNEL(mul)(x4, high);
}

INLINE void KERNEL(mix)(BITS x[2], int left)
{
	x[0] += x[1];
	x[1] = (x[1] << left | x[1] >> (64 - left)) ^ x[0];
}

INLINE void KERNEL(mix_even)(BITS x[2])
{
	KERNEL(mix)(x, 16);
	KERNEL(mix)(x, 42);
	KERNEL(mix)(x, 12);
	KERNEL(mix)(x, 31);
}

INLINE void KERNEL(mix_odd)(BITS x[2])
{
	KERNEL(mix)(x, 16);
	KERNEL(mix)(x, 32);
	KERNEL(mix)(x, 24);
	KERNEL(mix)(x, 21);
}

INLINE void KERNEL(add_key)(BITS x[2], uint64_t key0, uint64_t key1)
{
	x[0] += key0;
	x[1] += key1;
}

/* Threefry-2x64 with 13 rounds. In x, the counter becomes the random bits. */
INLINE void KERNEL(threefry)(BITS x[2], const uint64_t key[3])
{
	KERNEL(add_key)(x, key[0], key[1]);
	KERNEL(mix_even)(x);
	KERNEL(add_key)(x, key[1], key[2] + 1);
	KERNEL(mix_odd)(x);
	KERNEL(add_key)(x, key[2], key[0] + 2);
	KERNEL(mix_even)(x);
	KERNEL(add_key)(x, key[0], key[1] + 3);
	KERNEL(mix)(x, 16);
}

/* The double nearest to x: its halves become mantissas at 2^84 and 2^52. */
INLINE REAL KERNEL(from_integer)(BITS x)
{
	REAL high = KERNEL(as_real)((x >> 32) | BITS_2_84);
	REAL low = KERNEL(as_real)((x & UINT64_C(0xffffffff)) | BITS_2_52);

	return (high - (0x1p84 + 0x1p52)) + low;
}

/*
 * sqrt(-2 log u) with u = x / 2^64, never 0. Let x = 2^e m with m from sqrt(1/2)
 * to sqrt(2), and s = (1 - m) / (1 + m): the root is of (64 - e) log 4 + 4 atanh s.
 */
INLINE REAL KERNEL(radius)(BITS x)
{
	BITS above = KERNEL(as_bits)(KERNEL(from_integer)(x | 1)) - BITS_SQRT_HALF;
	REAL e = KERNEL(as_real)((above >> 52) | BITS_2_52) - 0x1p52;
	REAL m = KERNEL(as_real)((above & BITS_MANTISSA) + BITS_SQRT_HALF);
	REAL s = (1.0 - m) / (1.0 + m);
	REAL log_m = KERNEL(mul)(s, KERNEL(poly)(normal_atanh, KERNEL(mul)(s, s)));

	return KERNEL_SQRT(KERNEL(mul)(64.0 - e, (REAL){0} + NORMAL_LOG_4) + log_m);
}

/*
 * Cosine and sine of a random angle. The low 52 bits of x choose one within an
 * eighth of a turn from 0, bit 63 mirrors it to the left, bit 62 exchanges the axes.
 */
INLINE void KERNEL(direction)(BITS x, REAL out[2])
{
	REAL quarters = KERNEL(as_real)((x & BITS_MANTISSA) | BITS_1) - 1.5;
	REAL square = KERNEL(mul)(quarters, quarters);
	BITS c = KERNEL(as_bits)(KERNEL(poly)(normal_cos, square));
	BITS s = KERNEL(as_bits)(KERNEL(mul)(quarters, KERNEL(poly)(normal_sin, square)));
	BITS swap;

	c ^= x & BITS_SIGN;
	swap = (c ^ s) & (0 - ((x >> 62) & 1));
	out[0] = KERNEL(as_real)(c ^ swap);
	out[1] = KERNEL(as_real)(s ^ swap);
}

/* The two random words of each pair, one to each half of the block. */
INLINE void KERNEL(draw)(const struct normal_stream *stream, uint64_t block, double *out)
{
	const uint64_t key[3] = {
		stream->seed,
		stream->client,
		stream->seed ^ stream->client ^ NORMAL_KEY_PARITY,
	};
	union EITHER pair;

	for (uint64_t lane = 0; lane < KERNEL_LANES; lane++)
		pair.lane[lane] = block * NORMAL_PAIRS + lane;
	for (size_t i = 0; i < NORMAL_PAIRS; i += KERNEL_LANES) {
		BITS x[2] = {pair.bits, (BITS){0} + stream->exchange};

		KERNEL(threefry)(x, key);
		memcpy(out + i, &x[0], sizeof(x[0]));
		memcpy(out + NORMAL_PAIRS + i, &x[1], sizeof(x[1]));
		pair.bits += KERNEL_LANES;
	}
}

/* The transform of Box and Muller, in place. */
INLINE void KERNEL(transform)(double *out)
{
	for (size_t i = 0; i < NORMAL_PAIRS; i += KERNEL_LANES) {
		BITS x[2];
		REAL radius;
		REAL at[2];

		memcpy(&x[0], out + i, sizeof(x[0]));
		memcpy(&x[1], out + NORMAL_PAIRS + i, sizeof(x[1]));
		radius = KERNEL(radius)(x[0]);
		KERNEL(direction)(x[1], at);
		at[0] *= radius;
		at[1] *= radius;
		memcpy(out + i, &at[0], sizeof(at[0]));
		memcpy(out + NORMAL_PAIRS + i, &at[1], sizeof(at[1]));
	}
}

/* Two short loops, since the CPU overlaps more turns of those than of a long one. */
KERNEL_TARGET static void KERNEL(normal_block)(const struct normal_stream *stream, uint64_t block,
					       double out[NORMAL_BLOCK_COUNT])
{
	KERNEL(draw)(stream, block, out);
	KERNEL(transform)(out);
}

/* The random words alone. */
KERNEL_TARGET static void KERNEL(normal_words)(const struct normal_stream *stream, uint64_t block,
					       double out[NORMAL_BLOCK_COUNT])
{
	KERNEL(draw)(stream, block, out);
}

#undef BITS
#undef REAL
#undef EITHER
#undef INLINE
#undef KERNEL
#undef KERNEL_LANES
#undef KERNEL_TARGET
#undef KERNEL_SQRT
