/* SPDX-License-Identifier: MIT */
/* Elements of every dtype: drawn, added up, and told apart. */
#include <inttypes.h>

#include "bench/worker/elements.h"
#include "bench/worker/random_normal_paths.h"
#include "tests/support/test.h"
#include "transports/narrow.h"

#define BLOCKS 9

static const struct normal_stream stream = {.seed = 11, .exchange = 5, .client = 2};

/* So many bytes of elements, by the lone function under test. */
struct drawn {
	_Alignas(double) unsigned char bytes[BLOCKS * ELEMENTS_BLOCK_BYTES];
};

static struct drawn draw(enum dtype dtype, uint64_t first_block, size_t count)
{
	struct drawn drawn;

	memset(&drawn, 0xa5, sizeof(drawn));
	elements_table[dtype]->draw(&stream, first_block, drawn.bytes, count);
	return drawn;
}

/* A block is the same alone and among others, whole and cut short. */
static void check_blocks(enum dtype dtype)
{
	const size_t bytes = dtype_table[dtype].bytes;
	const size_t whole = elements_a_block(dtype);
	const struct drawn all = draw(dtype, 3, BLOCKS * whole);
	const size_t counts[] = {1, 2, 511, 513, whole - 1, whole, whole + 1, 2 * whole + 7};

	for (uint64_t i = 0; i < BLOCKS; i++) {
		struct drawn one = draw(dtype, 3 + i, whole);

		CHECK_MSG(memcmp(one.bytes, all.bytes + i * ELEMENTS_BLOCK_BYTES,
				 ELEMENTS_BLOCK_BYTES) == 0,
			  "%s: block %" PRIu64, dtype_table[dtype].name, i);
		CHECK(i == 0 || memcmp(one.bytes, all.bytes, ELEMENTS_BLOCK_BYTES) != 0);
	}
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct drawn part = draw(dtype, 3, counts[i]);

		CHECK_MSG(memcmp(part.bytes, all.bytes, counts[i] * bytes) == 0, "%s: %zu elements",
			  dtype_table[dtype].name, counts[i]);
		for (size_t k = counts[i] * bytes; k < sizeof(part.bytes); k++)
			CHECK_MSG(part.bytes[k] == 0xa5, "%s: %zu elements, written behind them",
				  dtype_table[dtype].name, counts[i]);
	}
}

static void test_blocks(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		check_blocks((enum dtype)i);
}

/* Floats are the same normals, rounded. */
static void test_floats(void)
{
	struct array_type type = {.shape = {1, {4 * BLOCKS * 512}}, .dtype = DTYPE_FLOAT64};
	double *normals = malloc(array_type_bytes(&type));
	struct drawn drawn[3] = {draw(DTYPE_FLOAT32, 2, BLOCKS * 1024),
				 draw(DTYPE_FLOAT16, 2, BLOCKS * 2048),
				 draw(DTYPE_BFLOAT16, 2, BLOCKS * 2048)};
	bool same[3] = {true, true, true};

	elements_table[DTYPE_FLOAT64]->draw(&stream, 8, normals, BLOCKS * 2048);
	for (size_t i = 0; i < BLOCKS * 2048; i++) {
		same[1] &= ((uint16_t *)drawn[1].bytes)[i] == float16_round(normals[i]);
		same[2] &= ((uint16_t *)drawn[2].bytes)[i] == bfloat16_round(normals[i]);
	}
	elements_table[DTYPE_FLOAT64]->draw(&stream, 4, normals, BLOCKS * 1024);
	for (size_t i = 0; i < BLOCKS * 1024; i++)
		same[0] &= ((float *)drawn[0].bytes)[i] == (float)normals[i];
	free(normals);
	CHECK(same[0] && same[1] && same[2]);
}

/* The words of every path are those that the normals are made of, and the same. */
static void test_words(void)
{
	double words[2][NORMAL_BLOCK_COUNT];
	const struct normal_path *plain = &normal_paths[normal_path_count - 1];

	for (size_t i = 0; i < normal_path_count; i++) {
		if (!normal_paths[i].usable())
			continue;
		for (uint64_t block = 0; block < 100; block++) {
			normal_paths[i].words(&stream, block, words[0]);
			plain->words(&stream, block, words[1]);
			CHECK_MSG(memcmp(words[0], words[1], sizeof(words[0])) == 0, "%s",
				  normal_paths[i].name);
		}
	}
}

/* The bits of a whole array, each as often 1 as 0; of a bool only the last. */
static void check_uniform(enum dtype dtype)
{
	const size_t bytes = dtype_table[dtype].bytes;
	const size_t count = BLOCKS * elements_a_block(dtype);
	const struct drawn drawn = draw(dtype, 0, count);

	for (size_t bit = 0; bit < 8 * bytes; bit++) {
		size_t ones = 0;
		double wanted = dtype == DTYPE_BOOL && bit ? 0 : (double)count / 2;

		for (size_t i = 0; i < count; i++)
			ones += drawn.bytes[i * bytes + bit / 8] >> bit % 8 & 1;
		/* Six standard deviations. */
		CHECK_MSG(fabs((double)ones - wanted) <= (wanted > 0 ? 3 * sqrt((double)count) : 0),
			  "%s: bit %zu is 1 in %zu of %zu", dtype_table[dtype].name, bit, ones,
			  count);
	}
}

static void test_uniform(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		if (dtype_table[i].kind != DTYPE_FLOAT)
			check_uniform((enum dtype)i);
}

/* A sum of every length is that of the values, as near as its type adds. */
static void check_sum(enum dtype dtype)
{
	const size_t bytes = dtype_table[dtype].bytes;
	const struct elements *row = elements_table[dtype];
	const struct drawn drawn = draw(dtype, 0, BLOCKS * elements_a_block(dtype));
	const bool wraps = bytes == 8 && dtype_table[dtype].kind != DTYPE_FLOAT;
	const size_t most = wraps ? 1 : BLOCKS * elements_a_block(dtype);
	double sum = 0;
	double size = 0;

	for (size_t i = 0; i < most; i++) {
		double got = row->sum(drawn.bytes, i);

		if (i % 97 < 3)
			CHECK_MSG(fabs(got - sum) <= 1e-5 * size, "%s: %zu add up to %g, not %g",
				  dtype_table[dtype].name, i, got, sum);
		sum += row->value(drawn.bytes, i);
		size += fabs(row->value(drawn.bytes, i));
	}
}

static void test_sum(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		check_sum((enum dtype)i);
}

/* All bytes set are the largest that there is, and their sum must not wrap early. */
static void test_sum_large(void)
{
	static unsigned char bytes[400000];

	memset(bytes, 0xff, sizeof(bytes));
	CHECK(elements_table[DTYPE_UINT8]->sum(bytes, 400000) == 255.0 * 400000);
	CHECK(elements_table[DTYPE_UINT16]->sum(bytes, 200000) == 65535.0 * 200000);
	CHECK(elements_table[DTYPE_UINT32]->sum(bytes, 100000) == 4294967295.0 * 100000);
	CHECK(elements_table[DTYPE_INT8]->sum(bytes, 400000) == -400000);
	CHECK(elements_table[DTYPE_INT16]->sum(bytes, 200000) == -200000);
	CHECK(elements_table[DTYPE_INT32]->sum(bytes, 100000) == -100000);
	memset(bytes, 0x80, sizeof(bytes));
	CHECK(elements_table[DTYPE_INT8]->sum(bytes, 400000) == -128.0 * 400000);
	for (size_t i = 1; i < sizeof(bytes); i += 2)
		bytes[i - 1] = 0;
	CHECK(elements_table[DTYPE_INT16]->sum(bytes, 200000) == -32768.0 * 200000);
}

/* Any two of all values of 8 and 16 bits have different texts. */
static void check_texts(enum dtype dtype)
{
	static char texts[0x10000][ELEMENT_TEXT_BYTES];
	const size_t count = dtype_table[dtype].bytes == 1 ? 0x100 : 0x10000;
	size_t nans = 0;

	for (size_t i = 0; i < count; i++) {
		uint16_t value = (uint16_t)i;

		(void)elements_table[dtype]->format(&value, 0, texts[i]);
		nans += dtype_table[dtype].kind == DTYPE_FLOAT && strstr(texts[i], "nan") != NULL;
	}
	qsort(texts, count, ELEMENT_TEXT_BYTES, (int (*)(const void *, const void *))strcmp);
	for (size_t i = 1; i < count; i++)
		CHECK_MSG(strcmp(texts[i - 1], texts[i]) != 0 || strstr(texts[i], "nan"),
			  "%s: two values are %s", dtype_table[dtype].name, texts[i]);
	CHECK(nans < 2100);
}

static void test_texts(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		if (dtype_table[i].bytes < 4)
			check_texts((enum dtype)i);
}

static void test_text_examples(void)
{
	const int64_t least = INT64_MIN;
	const uint64_t most = UINT64_MAX;
	const float tenth = 0.1f;
	const uint8_t bools[] = {0, 1, 2};
	char text[ELEMENT_TEXT_BYTES];

	CHECK_STR(elements_table[DTYPE_INT64]->format(&least, 0, text), "-9223372036854775808");
	CHECK_STR(elements_table[DTYPE_UINT64]->format(&most, 0, text), "18446744073709551615");
	CHECK_STR(elements_table[DTYPE_FLOAT32]->format(&tenth, 0, text), "0.100000001");
	CHECK_STR(elements_table[DTYPE_BOOL]->format(bools, 0, text), "False");
	CHECK_STR(elements_table[DTYPE_BOOL]->format(bools, 1, text), "True");
	CHECK_STR(elements_table[DTYPE_BOOL]->format(bools, 2, text), "the byte 2");
}

/* The first that is not finite, wherever it is; of bools the first that is none. */
static void check_unfit(enum dtype dtype, uint64_t unfit)
{
	const size_t bytes = dtype_table[dtype].bytes;
	struct array array = array_describe(&(struct array_type){{1, {1000}}, dtype});
	struct drawn drawn = draw(dtype, 0, array.count);

	array.data = drawn.bytes;
	CHECK(elements_first_unfit(&array, elements_sum(&array)) == array.count);
	for (size_t i = array.count; i-- > 0;) {
		memcpy(drawn.bytes + i * bytes, &unfit, bytes);
		CHECK_MSG(elements_first_unfit(&array, elements_sum(&array)) == i,
			  "%s: element %zu", dtype_table[dtype].name, i);
	}
}

static void test_unfit(void)
{
	check_unfit(DTYPE_FLOAT64, UINT64_C(0x7ff0000000000000));
	check_unfit(DTYPE_FLOAT64, UINT64_C(0xfff8000000000000));
	check_unfit(DTYPE_FLOAT32, 0xff800000);
	check_unfit(DTYPE_FLOAT32, 0x7fc00000);
	check_unfit(DTYPE_FLOAT16, 0x7c00);
	check_unfit(DTYPE_FLOAT16, 0xfe00);
	check_unfit(DTYPE_BFLOAT16, 0x7f80);
	check_unfit(DTYPE_BFLOAT16, 0xffc0);
	check_unfit(DTYPE_BOOL, 2);
	check_unfit(DTYPE_BOOL, 255);
}

static const struct test tests[] = {
	{"blocks", test_blocks},
	{"floats are normals", test_floats},
	{"words of paths", test_words},
	{"uniform", test_uniform},
	{"sum", test_sum},
	{"sum of large ones", test_sum_large},
	{"texts differ", test_texts},
	{"texts", test_text_examples},
	{"unfit", test_unfit},
};

TEST_MAIN(tests)
