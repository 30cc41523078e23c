/* SPDX-License-Identifier: MIT */
/*
 * Base64 kernels (AVX-512 VBMI, AVX2, portable), and the padding around them.
 * A kernel sees whole groups only; the one group that may be padded is done apart.
 */
#include "transports/encodings/base64_codec.h"

#include <endian.h>
#include <stdatomic.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define PAD '='

/* Every character and its digit, as D() has it; bad stands for all others of the first 128. */
#define DIGITS(D, bad) \
	[0 ... '+' - 1] = (bad), ['+'] = D(62), ['+' + 1 ... '/' - 1] = (bad), ['/'] = D(63), \
	['0'] = D(52), D(53), D(54), D(55), D(56), \
	['5'] = D(57), D(58), D(59), D(60), D(61), ['9' + 1 ... 'A' - 1] = (bad), \
	['A'] = D(0), D(1), D(2), D(3), D(4), D(5), D(6), \
	['H'] = D(7), D(8), D(9), D(10), D(11), D(12), D(13), \
	['O'] = D(14), D(15), D(16), D(17), D(18), D(19), D(20), \
	['V'] = D(21), D(22), D(23), D(24), D(25), ['Z' + 1 ... 'a' - 1] = (bad), \
	['a'] = D(26), D(27), D(28), D(29), D(30), D(31), D(32), \
	['h'] = D(33), D(34), D(35), D(36), D(37), D(38), D(39), \
	['o'] = D(40), D(41), D(42), D(43), D(44), D(45), D(46), \
	['v'] = D(47), D(48), D(49), D(50), D(51), ['z' + 1 ... 127] = (bad)

/* Above the 24 bits of a group, so that it survives when the group is put together. */
#define BAD_DIGIT (UINT32_C(1) << 24)

#define DIGIT(d) (d)
#define DIGIT_0(d) ((d) << 18)
#define DIGIT_1(d) ((d) << 12)
#define DIGIT_2(d) ((d) << 6)
#define DIGIT_TABLE(D) {DIGITS(D, BAD_DIGIT), [128 ... 255] = BAD_DIGIT}

/* What a character means, by its place in the group. */
static const uint32_t digit_at[4][256] = {
	DIGIT_TABLE(DIGIT_0), DIGIT_TABLE(DIGIT_1), DIGIT_TABLE(DIGIT_2), DIGIT_TABLE(DIGIT),
};

#define CHARACTER(digit) \
	(char)((digit) < 26 ? 'A' + (digit) : (digit) < 52 ? 'a' - 26 + (digit) : \
	       (digit) < 62 ? '0' - 52 + (digit) : (digit) == 62 ? '+' : '/')
#define PAIR(n) {CHARACTER((n) >> 6), CHARACTER((n) & 63)}
#define PAIRS_4(n) PAIR(n), PAIR((n) + 1), PAIR((n) + 2), PAIR((n) + 3)
#define PAIRS_16(n) PAIRS_4(n), PAIRS_4((n) + 4), PAIRS_4((n) + 8), PAIRS_4((n) + 12)
#define PAIRS_64(n) PAIRS_16(n), PAIRS_16((n) + 16), PAIRS_16((n) + 32), PAIRS_16((n) + 48)
#define PAIRS_256(n) PAIRS_64(n), PAIRS_64((n) + 64), PAIRS_64((n) + 128), PAIRS_64((n) + 192)
#define PAIRS_1024(n) PAIRS_256(n), PAIRS_256((n) + 256), PAIRS_256((n) + 512), PAIRS_256((n) + 768)

/* The two characters of every 12 bits. */
static const char pair_of[4096][2] = {
	PAIRS_1024(0), PAIRS_1024(1024), PAIRS_1024(2048), PAIRS_1024(3072),
};

/* The portable kernel. */

static bool portable_usable(void)
{
	return true;
}

static void encode_group(const uint8_t *in, char *out)
{
	unsigned bits = (unsigned)in[0] << 16 | (unsigned)in[1] << 8 | in[2];

	memcpy(out, pair_of[bits >> 12], 2);
	memcpy(out + 2, pair_of[bits & 4095], 2);
}

static void portable_encode(const uint8_t *in, size_t groups, char *out)
{
	uint64_t bits;

	/* Two groups at a time. Each step reads 8 bytes, so three groups must be left. */
	for (; groups >= 3; groups -= 2, in += 6, out += 8) {
		memcpy(&bits, in, sizeof(bits));
		bits = be64toh(bits);
		memcpy(out, pair_of[bits >> 52], 2);
		memcpy(out + 2, pair_of[bits >> 40 & 4095], 2);
		memcpy(out + 4, pair_of[bits >> 28 & 4095], 2);
		memcpy(out + 6, pair_of[bits >> 16 & 4095], 2);
	}
	for (; groups > 0; groups--, in += 3, out += 4)
		encode_group(in, out);
}

/* The 24 bits of a group, with a bit above them set when a character is bad. */
static inline uint64_t group_bits(const char *in)
{
	const uint8_t *byte = (const uint8_t *)in;

	return digit_at[0][byte[0]] | digit_at[1][byte[1]] | digit_at[2][byte[2]] |
	       digit_at[3][byte[3]];
}

static bool portable_decode(const char *in, size_t groups, uint8_t *out)
{
	uint64_t seen = 0;

	/* Two groups at a time. Each step writes 8 bytes, so three groups must be left. */
	for (; groups >= 3; groups -= 2, in += 8, out += 6) {
		uint64_t first = group_bits(in);
		uint64_t second = group_bits(in + 4);
		uint64_t bytes = htobe64(first << 40 | second << 16);

		seen |= first | second;
		memcpy(out, &bytes, sizeof(bytes));
	}
	for (; groups > 0; groups--, in += 4, out += 3) {
		uint64_t bits = group_bits(in);

		seen |= bits;
		out[0] = (uint8_t)(bits >> 16);
		out[1] = (uint8_t)(bits >> 8);
		out[2] = (uint8_t)bits;
	}
	return seen < BAD_DIGIT;
}

#if defined(__x86_64__)

/*
 * How both SIMD kernels see a group. To encode, its bytes 0, 1, 2 are laid out
 * as 1, 0, 2, 1, a little-endian 32-bit word in which the four digits start at
 * bits 10, 4, 22 and 16. To decode, two multiply-adds join four digits to 24
 * bits at the bottom of such a word, whose bytes 2, 1, 0 are the raw bytes.
 */
#define SPREAD(n) (n) + 1, (n), (n) + 2, (n) + 1
#define GATHER(n) (n) + 2, (n) + 1, (n)
#define JOIN_PAIRS 0x01400140 /* bytes: first * 64 + second */
#define JOIN_FOURS 0x00011000 /* halves: first * 4096 + second */

/* The AVX2 kernel. */

#define AVX2 __attribute__((target("avx2")))

/* The same 16 bytes in both lanes. */
#define BOTH_LANES(...) _mm256_broadcastsi128_si256(_mm_setr_epi8(__VA_ARGS__))

static bool avx2_usable(void)
{
	return __builtin_cpu_supports("avx2");
}

AVX2 static inline __m256i avx2_digits_from_bytes(__m256i bytes)
{
	const __m256i spread = BOTH_LANES(SPREAD(0), SPREAD(3), SPREAD(6), SPREAD(9));
	__m256i words = _mm256_shuffle_epi8(bytes, spread);
	/* Multiplying is the way to shift each 16 bits by a distance of its own. */
	__m256i even = _mm256_mulhi_epu16(_mm256_and_si256(words, _mm256_set1_epi32(0x0fc0fc00)),
					  _mm256_set1_epi32(0x04000040));
	__m256i odd = _mm256_mullo_epi16(_mm256_and_si256(words, _mm256_set1_epi32(0x003f03f0)),
					 _mm256_set1_epi32(0x01000010));

	return _mm256_or_si256(even, odd);
}

/* Adds what its range asks for to each digit: 13 for A-Z, 0 a-z, 1 to 10 0-9, 11 +, 12 /. */
AVX2 static inline __m256i avx2_characters(__m256i digits)
{
	const __m256i offset = BOTH_LANES('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
					  '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
					  '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
	__m256i upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), digits);
	__m256i range = _mm256_subs_epu8(digits, _mm256_set1_epi8(51));

	range = _mm256_or_si256(range, _mm256_and_si256(upper, _mm256_set1_epi8(13)));
	return _mm256_add_epi8(digits, _mm256_shuffle_epi8(offset, range));
}

AVX2 static void avx2_encode(const uint8_t *in, size_t groups, char *out)
{
	/* 8 groups at a time; the second load reads 4 bytes more. */
	for (; groups >= 10; groups -= 8, in += 24, out += 32) {
		__m128i low = _mm_loadu_si128((const void *)in);
		__m128i high = _mm_loadu_si128((const void *)(in + 12));
		__m256i digits = avx2_digits_from_bytes(_mm256_set_m128i(high, low));

		_mm256_storeu_si256((void *)out, avx2_characters(digits));
	}
	portable_encode(in, groups, out);
}

/*
 * Non-zero bytes where a character is bad: the high half selects a class (bit 0
 * for + and /, 1 for 0-9, 2 and 3 for the two rows of letters, 4 never good),
 * and the low half the classes in which it is bad.
 */
AVX2 static inline __m256i avx2_bad(__m256i low, __m256i high)
{
	const __m256i class = BOTH_LANES(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10,
					 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
	const __m256i classes = BOTH_LANES(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11,
					   0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);

	return _mm256_and_si256(_mm256_shuffle_epi8(class, high),
				_mm256_shuffle_epi8(classes, low));
}

/* The high half tells the distance from character to digit, save that / is put on row 1. */
AVX2 static inline __m256i avx2_digits_from_text(__m256i text, __m256i high)
{
	const __m256i offset = BOTH_LANES(0, 63 - '/', 62 - '+', 52 - '0', -'A', -'A', 26 - 'a',
					  26 - 'a', 0, 0, 0, 0, 0, 0, 0, 0);
	__m256i slash = _mm256_cmpeq_epi8(text, _mm256_set1_epi8('/'));

	return _mm256_add_epi8(text, _mm256_shuffle_epi8(offset, _mm256_add_epi8(high, slash)));
}

/* 24 bytes, at the bottom of the result. */
AVX2 static inline __m256i avx2_join(__m256i digits)
{
	const __m256i gather = BOTH_LANES(GATHER(0), GATHER(4), GATHER(8), GATHER(12), -1, -1, -1,
					  -1);
	__m256i pairs = _mm256_maddubs_epi16(digits, _mm256_set1_epi32(JOIN_PAIRS));
	__m256i fours = _mm256_madd_epi16(pairs, _mm256_set1_epi32(JOIN_FOURS));

	return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(fours, gather),
					   _mm256_setr_epi32(0, 1, 2, 4, 5, 6, 3, 7));
}

AVX2 static bool avx2_decode(const char *in, size_t groups, uint8_t *out)
{
	const __m256i half = _mm256_set1_epi8(0x0f);
	__m256i bad = _mm256_setzero_si256();

	/* 8 groups at a time; the store writes 8 bytes more, of the next 3 groups. */
	for (; groups >= 11; groups -= 8, in += 32, out += 24) {
		__m256i text = _mm256_loadu_si256((const void *)in);
		__m256i high = _mm256_and_si256(_mm256_srli_epi32(text, 4), half);
		__m256i digits = avx2_digits_from_text(text, high);

		bad = _mm256_or_si256(bad, avx2_bad(_mm256_and_si256(text, half), high));
		_mm256_storeu_si256((void *)out, avx2_join(digits));
	}
	return _mm256_testz_si256(bad, bad) && portable_decode(in, groups, out);
}

/* The AVX-512 VBMI kernel. */

#define VBMI __attribute__((target("avx512f,avx512bw,avx512vbmi")))

static const uint8_t alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static const uint8_t spread_16[64] = {
	SPREAD(0), SPREAD(3), SPREAD(6), SPREAD(9), SPREAD(12), SPREAD(15),
	SPREAD(18), SPREAD(21), SPREAD(24), SPREAD(27), SPREAD(30), SPREAD(33),
	SPREAD(36), SPREAD(39), SPREAD(42), SPREAD(45),
};

static const uint8_t gather_16[64] = {
	GATHER(0), GATHER(4), GATHER(8), GATHER(12), GATHER(16), GATHER(20),
	GATHER(24), GATHER(28), GATHER(32), GATHER(36), GATHER(40), GATHER(44),
	GATHER(48), GATHER(52), GATHER(56), GATHER(60),
};

static const uint8_t vbmi_digit_of[128] = {DIGITS(DIGIT, 0x80)};

static bool vbmi_usable(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vbmi");
}

/* The first bytes of 64; masked-out bytes are neither read nor written, nor can they fault. */
static inline uint64_t first_bytes(size_t bytes)
{
	return bytes < 64 ? (UINT64_C(1) << bytes) - 1 : UINT64_MAX;
}

static inline size_t at_most_16(size_t groups)
{
	return groups < 16 ? groups : 16;
}

VBMI static inline __m512i vbmi_characters(__m512i bytes)
{
	const __m512i starts = _mm512_set1_epi64(0x3036242a1016040a);
	__m512i words = _mm512_permutexvar_epi8(_mm512_loadu_si512(spread_16), bytes);

	/* Two bits too many come along, which the look-up ignores. */
	return _mm512_permutexvar_epi8(_mm512_multishift_epi64_epi8(starts, words),
				       _mm512_loadu_si512(alphabet));
}

VBMI static void vbmi_encode(const uint8_t *in, size_t groups, char *out)
{
	/* 16 groups at a time; the load reads 16 bytes more. */
	for (; groups >= 22; groups -= 16, in += 48, out += 64)
		_mm512_storeu_si512(out, vbmi_characters(_mm512_loadu_si512(in)));
	while (groups > 0) {
		size_t now = at_most_16(groups);
		__m512i bytes = _mm512_maskz_loadu_epi8(first_bytes(now * 3), in);

		_mm512_mask_storeu_epi8(out, first_bytes(now * 4), vbmi_characters(bytes));
		groups -= now;
		in += now * 3;
		out += now * 4;
	}
}

/* 48 bytes, at the bottom of the result; bad gets its top bits where a character is bad. */
VBMI static inline __m512i vbmi_bytes(__m512i text, __m512i *bad)
{
	__m512i digits = _mm512_permutex2var_epi8(_mm512_loadu_si512(vbmi_digit_of), text,
						  _mm512_loadu_si512(vbmi_digit_of + 64));
	__m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi32(JOIN_PAIRS));
	__m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(JOIN_FOURS));

	/* The look-up ignores the top bit of a character, which is bad by itself. */
	*bad = _mm512_ternarylogic_epi64(*bad, digits, text, 0xfe);
	return _mm512_permutexvar_epi8(_mm512_loadu_si512(gather_16), fours);
}

VBMI static bool vbmi_decode(const char *in, size_t groups, uint8_t *out)
{
	__m512i bad = _mm512_setzero_si512();

	/* 16 groups at a time; the store writes 16 bytes more, of the next 6 groups. */
	for (; groups >= 22; groups -= 16, in += 64, out += 48)
		_mm512_storeu_si512(out, vbmi_bytes(_mm512_loadu_si512(in), &bad));
	while (groups > 0) {
		size_t now = at_most_16(groups);
		__m512i text = _mm512_mask_loadu_epi8(_mm512_set1_epi8('A'), first_bytes(now * 4),
						      in);

		_mm512_mask_storeu_epi8(out, first_bytes(now * 3), vbmi_bytes(text, &bad));
		groups -= now;
		in += now * 4;
		out += now * 3;
	}
	return _mm512_movepi8_mask(bad) == 0;
}

#endif

/* The one group that may be padded, and the choice of a kernel. */

/* One or two bytes left over. */
static void encode_rest(const uint8_t *in, size_t in_bytes, char *out)
{
	const uint8_t group[3] = {in[0], in_bytes > 1 ? in[1] : 0, 0};

	encode_group(group, out);
	out[3] = PAD;
	if (in_bytes == 1)
		out[2] = PAD;
}

/* Returns the bytes written, 1 to 3, or 0 when the group is bad. */
static size_t decode_last(const char *in, uint8_t *out)
{
	size_t pads = in[3] != PAD ? 0 : in[2] != PAD ? 1 : 2;
	const char group[4] = {in[0], in[1], pads > 1 ? 'A' : in[2], pads > 0 ? 'A' : in[3]};
	uint64_t bits = group_bits(group);
	uint64_t unused = (UINT64_C(1) << pads * 8) - 1;

	if (bits >= BAD_DIGIT || (bits & unused))
		return 0;
	for (size_t i = 0; i < 3 - pads; i++)
		out[i] = (uint8_t)(bits >> (16 - i * 8));
	return 3 - pads;
}

size_t base64_encode_with(const struct base64_kernel *kernel, const void *in, size_t in_bytes,
			  char *out)
{
	size_t groups = in_bytes / 3;
	size_t rest = in_bytes % 3;

	kernel->encode(in, groups, out);
	if (rest > 0)
		encode_rest((const uint8_t *)in + groups * 3, rest, out + groups * 4);
	return base64_encoded_bytes(in_bytes);
}

int base64_decode_with(const struct base64_kernel *kernel, const char *in, size_t in_bytes,
		       void *out, size_t *out_bytes)
{
	size_t groups = in_bytes / 4;
	size_t last = 0;

	if (in_bytes % 4 != 0)
		return -1;
	if (groups > 0) {
		groups--;
		if (!kernel->decode(in, groups, out))
			return -1;
		last = decode_last(in + groups * 4, (uint8_t *)out + groups * 3);
		if (last == 0)
			return -1;
	}
	*out_bytes = groups * 3 + last;
	return 0;
}

/* Threads that come here at once find the same kernel, which is constant data. */
static const struct base64_kernel *kernel_chosen(void)
{
	static const struct base64_kernel *_Atomic chosen;
	const struct base64_kernel *kernel = atomic_load_explicit(&chosen, memory_order_relaxed);

	if (kernel)
		return kernel;
	kernel = base64_kernels;
	while (!kernel->usable())
		kernel++;
	atomic_store_explicit(&chosen, kernel, memory_order_relaxed);
	return kernel;
}

size_t base64_encode(const void *in, size_t in_bytes, char *out)
{
	return base64_encode_with(kernel_chosen(), in, in_bytes, out);
}

int base64_decode(const char *in, size_t in_bytes, void *out, size_t *out_bytes)
{
	return base64_decode_with(kernel_chosen(), in, in_bytes, out, out_bytes);
}

const struct base64_kernel base64_kernels[] = {
#if defined(__x86_64__)
	{"avx512vbmi", vbmi_usable, vbmi_encode, vbmi_decode},
	{"avx2", avx2_usable, avx2_encode, avx2_decode},
#endif
	{"portable", portable_usable, portable_encode, portable_decode},
};

const size_t base64_kernel_count = sizeof(base64_kernels) / sizeof(base64_kernels[0]);
