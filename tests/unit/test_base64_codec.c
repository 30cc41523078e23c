/* SPDX-License-Identifier: MIT */
/*
 * Base64: every kernel of this CPU against RFC 4648's vectors and the simplest
 * possible reference, with buffers that end (or begin) where memory does.
 */
#include "transports/encodings/base64_codec.h"

#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/test.h"

enum {
	MAX_RAW = 20000,
	MAX_TEXT = (MAX_RAW + 2) / 3 * 4,
	SMALL_RAW = 512,
	SMALL_OFFSETS = 64,
};

#define FOR_EACH_KERNEL(kernel) \
	for (const struct base64_kernel *kernel = base64_kernels; \
	     kernel < base64_kernels + base64_kernel_count; kernel++) \
		if (kernel->usable())

/* The reference, bit by bit. */

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool bit_at(const uint8_t *raw, size_t bytes, size_t bit)
{
	return bit / 8 < bytes && raw[bit / 8] >> (7 - bit % 8) & 1;
}

static size_t plain_encode(const uint8_t *raw, size_t bytes, char *text)
{
	size_t chars = (bytes * 8 + 5) / 6;

	for (size_t i = 0; i < chars; i++) {
		int digit = 0;

		for (size_t bit = 0; bit < 6; bit++)
			digit = digit * 2 + bit_at(raw, bytes, i * 6 + bit);
		text[i] = letters[digit];
	}
	while (chars % 4 != 0)
		text[chars++] = '=';
	return chars;
}

static int plain_decode(const char *text, size_t chars, uint8_t *raw, size_t *raw_bytes)
{
	size_t digits = chars;

	if (chars % 4 != 0)
		return -1;
	while (digits > 0 && chars - digits < 2 && text[digits - 1] == '=')
		digits--;
	memset(raw, 0, chars / 4 * 3);
	for (size_t i = 0; i < digits; i++) {
		const char *letter = memchr(letters, text[i], 64);

		if (!letter)
			return -1;
		for (size_t bit = 0; bit < 6; bit++) {
			if (!((letter - letters) >> (5 - bit) & 1))
				continue;
			if (i * 6 + bit >= digits * 6 / 8 * 8)
				return -1;
			raw[(i * 6 + bit) / 8] |= (uint8_t)(128 >> (i * 6 + bit) % 8);
		}
	}
	*raw_bytes = digits * 6 / 8;
	return 0;
}

/* The room that text asks for, whether or not it turns out to be valid. */
static size_t room_for(const char *text, size_t chars)
{
	size_t room = chars / 4 * 3;

	for (size_t i = 1; i <= 2 && i <= chars && text[chars - i] == '='; i++)
		room -= room > 0;
	return room;
}

/* A generator of our own, so that a failure repeats. */
static uint64_t random_next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static void random_fill(uint8_t *raw, size_t bytes, uint64_t *state)
{
	for (size_t i = 0; i < bytes; i++)
		raw[i] = (uint8_t)random_next(state);
}

/* Memory between two pages that nobody may touch. */

struct fence {
	char *map;
	size_t page;
	size_t bytes;
};

static int fence_init(struct fence *fence, size_t at_least)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (at_least + page - 1) / page * page;
	char *map = mmap(NULL, bytes + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (map == MAP_FAILED)
		return -1;
	if (mprotect(map + page, bytes, PROT_READ | PROT_WRITE)) {
		(void)munmap(map, bytes + 2 * page); /* it was mapped just now */
		return -1;
	}
	*fence = (struct fence){map, page, bytes};
	return 0;
}

static void fence_fini(const struct fence *fence)
{
	if (fence->map)
		(void)munmap(fence->map, fence->bytes + 2 * fence->page); /* as it was mapped */
}

/* The first or the last bytes between the fences. */
static void *fence_place(const struct fence *fence, size_t bytes, bool last)
{
	char *start = fence->map + fence->page;

	return last ? start + fence->bytes - bytes : start;
}

/* One case, both ways, in buffers given by the caller. */

static void check_encode(const struct base64_kernel *kernel, const uint8_t *raw, size_t bytes,
			 char *text, const char *want, size_t want_bytes)
{
	memset(text, '!', want_bytes);
	size_t got = base64_encode_with(kernel, raw, bytes, text);

	CHECK_MSG(got == want_bytes, "%s, %zu bytes: %zu chars", kernel->name, bytes, got);
	CHECK_MSG(memcmp(text, want, got) == 0, "%s, %zu bytes", kernel->name, bytes);
}

static void check_decode(const struct base64_kernel *kernel, const char *text, size_t chars,
			 uint8_t *raw, const uint8_t *want, size_t want_bytes)
{
	size_t got = 12345;

	memset(raw, 0xa5, want_bytes);
	CHECK_MSG(base64_decode_with(kernel, text, chars, raw, &got) == 0, "%s, %zu chars",
		  kernel->name, chars);
	CHECK_MSG(got == want_bytes, "%s, %zu chars: %zu bytes", kernel->name, chars, got);
	CHECK_MSG(memcmp(raw, want, got) == 0, "%s, %zu chars", kernel->name, chars);
}

static const struct {
	const char *raw;
	const char *text;
} vectors[] = {
	{"", ""},
	{"f", "Zg=="},
	{"fo", "Zm8="},
	{"foo", "Zm9v"},
	{"foob", "Zm9vYg=="},
	{"fooba", "Zm9vYmE="},
	{"foobar", "Zm9vYmFy"},
};

static void test_rfc_vectors(void)
{
	char text[16];
	uint8_t raw[16];

	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const char *want = vectors[i].text;
		size_t bytes = strlen(vectors[i].raw);

		FOR_EACH_KERNEL(kernel) {
			check_encode(kernel, (const uint8_t *)vectors[i].raw, bytes, text, want,
				     strlen(want));
			check_decode(kernel, want, strlen(want), raw,
				     (const uint8_t *)vectors[i].raw, bytes);
		}
	}
}

/* The whole alphabet in order, written out so that reference and code cannot share a slip. */
static void test_alphabet(void)
{
	uint8_t raw[48];
	char text[64];
	size_t bytes = 0;

	FOR_EACH_KERNEL(kernel) {
		CHECK(base64_decode_with(kernel, letters, 64, raw, &bytes) == 0);
		CHECK(bytes == 48);
		CHECK(raw[0] == 0x00 && raw[1] == 0x10 && raw[2] == 0x83);
		CHECK(raw[45] == 0xf3 && raw[46] == 0xdf && raw[47] == 0xbf);
		CHECK(base64_encode_with(kernel, raw, 48, text) == 64);
		CHECK_MSG(memcmp(text, letters, 64) == 0, "%s", kernel->name);
	}
}

static void test_kernel_list(void)
{
	CHECK(base64_kernel_count > 0);
	const struct base64_kernel *last = &base64_kernels[base64_kernel_count - 1];

	CHECK_STR(last->name, "portable");
	CHECK(last->usable());
#if defined(__x86_64__)
	CHECK(base64_kernel_count == 3);
	CHECK(base64_kernels[1].usable() == (__builtin_cpu_supports("avx2") != 0));
#endif
}

/* Buffers of exactly the size needed, so that the address sanitizer sees a step too far. */
static void check_exact(const uint8_t *raw, size_t bytes, size_t offset)
{
	size_t chars = base64_encoded_bytes(bytes);
	char *want = malloc(chars + 1);
	char *text = malloc(offset + chars + 1);
	uint8_t *copy = malloc(offset + bytes + 1);

	/* The spare byte makes empty buffers possible; it is kept in front. */
	if (!want || !text || !copy) {
		TEST_FAIL("out of memory");
	} else {
		(void)plain_encode(raw, bytes, want);
		memcpy(copy + offset + 1, raw, bytes);
		FOR_EACH_KERNEL(kernel) {
			check_encode(kernel, copy + offset + 1, bytes, text + offset + 1, want,
				     chars);
			check_decode(kernel, text + offset + 1, chars, copy + offset + 1, raw,
				     bytes);
		}
	}
	free(copy);
	free(text);
	free(want);
}

static void test_every_length_and_offset(void)
{
	uint8_t raw[SMALL_RAW];
	uint64_t state = 1;

	random_fill(raw, sizeof(raw), &state);
	for (size_t bytes = 0; bytes <= SMALL_RAW && !test_why[0]; bytes++) {
		for (size_t offset = 0; offset < SMALL_OFFSETS && !test_why[0]; offset++)
			check_exact(raw, bytes, offset);
	}
}

static void test_random_lengths(void)
{
	static uint8_t raw[MAX_RAW];
	uint64_t state = 2;

	for (int i = 0; i < 200 && !test_why[0]; i++) {
		size_t bytes = random_next(&state) % MAX_RAW;

		random_fill(raw, bytes, &state);
		check_exact(raw, bytes, random_next(&state) % SMALL_OFFSETS);
	}
}

static void test_default_kernel(void)
{
	static uint8_t raw[MAX_RAW];
	static uint8_t copy[MAX_RAW];
	static char text[MAX_TEXT];
	static char want[MAX_TEXT];
	uint64_t state = 3;
	size_t bytes = 0;

	random_fill(raw, sizeof(raw), &state);
	size_t chars = plain_encode(raw, sizeof(raw), want);

	CHECK(base64_encode(raw, sizeof(raw), text) == chars);
	CHECK(memcmp(text, want, chars) == 0);
	CHECK(base64_decode(text, chars, copy, &bytes) == 0);
	CHECK(bytes == sizeof(raw));
	CHECK(memcmp(copy, raw, bytes) == 0);
}

/* As a stream is encoded: pieces of a multiple of 3, and a last one of any length. */
static void test_pieces(void)
{
	uint8_t raw[1000];
	char want[1336];
	char text[sizeof(want)];
	uint64_t state = 4;

	random_fill(raw, sizeof(raw), &state);
	size_t chars = plain_encode(raw, sizeof(raw), want);

	for (size_t piece = 3; piece < sizeof(raw); piece += 3) {
		size_t end = 0;

		for (size_t i = 0; i < sizeof(raw); i += piece) {
			size_t left = sizeof(raw) - i;

			end += base64_encode(raw + i, left < piece ? left : piece, text + end);
		}
		CHECK(end == chars && memcmp(text, want, chars) == 0);
	}
}

static void test_nothing(void)
{
	FOR_EACH_KERNEL(kernel) {
		size_t bytes = 1;

		CHECK(base64_encode_with(kernel, NULL, 0, NULL) == 0);
		CHECK(base64_decode_with(kernel, NULL, 0, NULL, &bytes) == 0);
		CHECK(bytes == 0);
	}
}

/* Refused as it stands, and refused behind a long valid text. */
static void check_refused(const char *bad, size_t bad_chars)
{
	char text[256];
	uint8_t raw[192];

	for (size_t before = 0; before <= 240; before += 48) {
		memset(text, 'Q', before);
		memcpy(text + before, bad, bad_chars);
		FOR_EACH_KERNEL(kernel) {
			size_t bytes = 777;

			CHECK_MSG(base64_decode_with(kernel, text, before + bad_chars, raw, &bytes),
				  "%s took \"%s\" after %zu", kernel->name, bad, before);
			CHECK(bytes == 777);
		}
	}
}

static void test_refused(void)
{
	static const char *const bad[] = {
		"A", "AB", "ABC", "ABCDE", "Zg", "Zg=", "=", "==", "=AAA", "A=AA", "AA=A",
		"A===", "====", "==AA", "A==A", "=A==", "AA==AAAA", "AAA=AAAA", "====AAAA",
		"AAAA====", "AAAAA===", "Zh==", "ZP==", "Zm9=", "Zm+=", "Zg==\n",
		"Zg==\n\n\n\n", "\nAAA", "AA A", "AA-_", "AA.A", "AAA,", "AAA~",
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		check_refused(bad[i], strlen(bad[i]));
	check_refused("AA\0A", 4);
	check_refused("\0\0\0\0", 4);
}

/* Every byte value at every place: a kernel accepts, and yields, what the reference does. */
static void check_mutants(const struct fence *in, const struct fence *out, size_t bytes)
{
	uint8_t want[SMALL_RAW] = {0};
	uint64_t state = bytes;

	random_fill(want, bytes, &state);
	size_t chars = base64_encoded_bytes(bytes);
	char *text = fence_place(in, chars, true);

	(void)plain_encode(want, bytes, text);
	for (size_t i = 0; i < chars * 256; i++) {
		char kept = text[i / 256];
		size_t want_bytes = 0;

		text[i / 256] = (char)(i % 256);
		int status = plain_decode(text, chars, want, &want_bytes);
		uint8_t *raw = fence_place(out, room_for(text, chars), true);

		FOR_EACH_KERNEL(kernel) {
			size_t got = 0;
			int result = base64_decode_with(kernel, text, chars, raw, &got);

			CHECK_MSG(result == status, "%s, %zu chars: %zu at %zu gave %d",
				  kernel->name, chars, i % 256, i / 256, result);
			CHECK(got == want_bytes && (status || memcmp(raw, want, got) == 0));
		}
		text[i / 256] = kept;
	}
}

static void test_every_byte_at_every_place(void)
{
	static const size_t lengths[] = {1, 2, 3, 6, 23, 24, 25, 33, 47, 48, 49, 66, 100, 144, 200};
	struct fence in = {0};
	struct fence out = {0};

	if (fence_init(&in, SMALL_RAW * 2) || fence_init(&out, SMALL_RAW * 2))
		TEST_FAIL("mmap failed");
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]) && !test_why[0]; i++)
		check_mutants(&in, &out, lengths[i]);
	fence_fini(&in);
	fence_fini(&out);
}

/* A read or write outside the buffers is the end of the program, not of the test. */
static void check_fenced(const struct fence *in, const struct fence *out, size_t bytes, bool last)
{
	uint8_t raw[SMALL_RAW];
	char text[SMALL_RAW * 2];
	uint64_t state = bytes;

	random_fill(raw, bytes, &state);
	size_t chars = plain_encode(raw, bytes, text);

	FOR_EACH_KERNEL(kernel) {
		uint8_t *raw_place = fence_place(in, bytes, last);
		char *text_place = fence_place(out, chars, last);

		memcpy(raw_place, raw, bytes);
		check_encode(kernel, raw_place, bytes, text_place, text, chars);
		check_decode(kernel, text_place, chars, raw_place, raw, bytes);
	}
}

static void test_fences(void)
{
	struct fence in = {0};
	struct fence out = {0};

	if (fence_init(&in, SMALL_RAW * 2) || fence_init(&out, SMALL_RAW * 2))
		TEST_FAIL("mmap failed");
	for (size_t bytes = 0; bytes <= SMALL_RAW && !test_why[0]; bytes++) {
		check_fenced(&in, &out, bytes, true);
		check_fenced(&in, &out, bytes, false);
	}
	fence_fini(&in);
	fence_fini(&out);
}

static const struct test tests[] = {
	{"base64_codec/rfc_vectors", test_rfc_vectors},
	{"base64_codec/alphabet", test_alphabet},
	{"base64_codec/kernel_list", test_kernel_list},
	{"base64_codec/every_length_and_offset", test_every_length_and_offset},
	{"base64_codec/random_lengths", test_random_lengths},
	{"base64_codec/default_kernel", test_default_kernel},
	{"base64_codec/pieces", test_pieces},
	{"base64_codec/nothing", test_nothing},
	{"base64_codec/refused", test_refused},
	{"base64_codec/every_byte_at_every_place", test_every_byte_at_every_place},
	{"base64_codec/fences", test_fences},
};

TEST_MAIN(tests)
