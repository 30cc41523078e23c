/* SPDX-License-Identifier: MIT */
/* The arrays of a run: rebuilt block by block, and every difference found. */
#include <inttypes.h>

#include "bench/worker/source.h"
#include "tests/support/test.h"

static const struct encoding_loss exact;

#define BLOCK NORMAL_BLOCK_COUNT

static const size_t counts[] = {0, 1, 2, 3, 7, 511, 512, 513, 1023, 1024, 1025, 5000, 300001};

#define COUNTS (sizeof(counts) / sizeof(counts[0]))

static struct array array_new(size_t count)
{
	struct shape shape = {.dimensions = 1, .extents = {count}};
	struct array array = array_describe(&(struct array_type){shape, DTYPE_FLOAT64});

	array.data = malloc(array.bytes + 1);
	return array;
}

/* Makes the exchange's array as a server does. */
static void make(const struct source_stream *stream, uint64_t exchange, struct array *array)
{
	source_prepare(stream, array);
	if (stream->kind == SOURCE_FRESH)
		source_draw(stream, exchange, array);
	for (uint64_t i = 1; stream->kind == SOURCE_READY && i <= exchange; i++)
		source_refresh(stream, i, array);
}

static void rebuild(const struct source_stream *stream, uint64_t exchange,
		    const struct array *array)
{
	union source_block block;
	size_t done = 0;

	for (size_t i = 0; done < array->count; i++) {
		size_t count = source_block(stream, exchange, array, i, &block);

		CHECK(count && count <= BLOCK && done + count <= array->count);
		CHECK_MSG(memcmp((double *)array->data + done, &block, count * 8) == 0,
			  "block %zu of %zu elements, exchange %" PRIu64, i, array->count,
			  exchange);
		done += count;
	}
}

static void test_blocks(void)
{
	for (size_t i = 0; i < COUNTS * 2; i++) {
		struct source_stream stream = {
			.kind = i & 1 ? SOURCE_FRESH : SOURCE_READY, .seed = 7 + i, .client = 3};
		struct array array = array_new(counts[i / 2]);
		struct source_difference difference;

		for (uint64_t exchange = 0; exchange < 20; exchange += 1 + exchange / 2) {
			make(&stream, exchange, &array);
			rebuild(&stream, exchange, &array);
			difference = source_compare(&stream, exchange, &array, &exact);
			CHECK(difference.wrong == 0 && difference.inexact == 0);
		}
		free(array.data);
		CHECK(!test_why[0]);
	}
}

/* What a refresh leaves as it was, in one 4 KiB block after another. */
static void refresh_changes(const struct array *before, const struct array *after)
{
	const double *was = before->data;
	const double *is = after->data;

	for (size_t start = 0; start < before->count; start += BLOCK) {
		size_t changed = 0;

		for (size_t i = start; i < before->count && i < start + BLOCK; i++)
			changed += memcmp(&was[i], &is[i], sizeof(double)) != 0;
		CHECK_MSG(changed >= 1, "nothing changed in block %zu", start / BLOCK);
	}
}

static void test_refresh(void)
{
	struct source_stream stream = {.kind = SOURCE_READY, .seed = 1};

	for (size_t i = 1; i < COUNTS && !test_why[0]; i++) {
		struct array before = array_new(counts[i]);
		struct array after = array_new(counts[i]);

		source_prepare(&stream, &after);
		for (uint64_t exchange = 1; exchange < 6 && !test_why[0]; exchange++) {
			memcpy(before.data, after.data, before.bytes);
			source_refresh(&stream, exchange, &after);
			refresh_changes(&before, &after);
			if (source_hash(&before) == source_hash(&after))
				TEST_FAIL("the hash is the same");
		}
		free(before.data);
		free(after.data);
	}
}

/* A refresh does not depend on which exchanges came before it. */
static void test_any_order(void)
{
	struct source_stream stream = {.kind = SOURCE_READY, .seed = 5};
	struct array array = array_new(3000);

	source_prepare(&stream, &array);
	source_refresh(&stream, 41, &array);
	source_refresh(&stream, 9, &array);
	rebuild(&stream, 9, &array);
	free(array.data);
}

static void test_streams_differ(void)
{
	struct source_stream streams[] = {
		{.kind = SOURCE_FRESH, .seed = 1, .client = 0},
		{.kind = SOURCE_FRESH, .seed = 2, .client = 0},
		{.kind = SOURCE_FRESH, .seed = 1, .client = 1},
		{.kind = SOURCE_READY, .seed = 1, .client = 0},
		{.kind = SOURCE_FRESH, .seed = 1, .client = 0, .request = true},
		{.kind = SOURCE_READY, .seed = 1, .client = 0, .request = true},
	};
	uint64_t hashes[12];
	struct array array = array_new(1000);

	for (size_t i = 0; i < 12; i++) {
		make(&streams[i / 2], i % 2, &array);
		hashes[i] = source_hash(&array);
		for (size_t k = 0; k < i; k++)
			CHECK_MSG(hashes[k] != hashes[i], "arrays %zu and %zu are the same", k, i);
	}
	free(array.data);
}

/* What became of an array, and what the comparison says to it. */
static struct source_difference compare_after(void (*spoil)(double *elements), double tolerance)
{
	const struct encoding_loss loss = {.tolerance = tolerance};
	struct source_stream stream = {.kind = SOURCE_READY, .seed = 11};
	struct array array = array_new(2000);
	struct source_difference difference;

	make(&stream, 3, &array);
	spoil(array.data);
	difference = source_compare(&stream, 3, &array, &loss);
	free(array.data);
	return difference;
}

static void swap_two(double *elements)
{
	double kept = elements[700];

	elements[700] = elements[1500];
	elements[1500] = kept;
}

static void flip_lowest_bit(double *elements)
{
	uint64_t bits;

	memcpy(&bits, &elements[1234], sizeof(bits));
	bits ^= 1;
	memcpy(&elements[1234], &bits, sizeof(bits));
}

static void make_nan(double *elements)
{
	elements[0] = NAN;
	elements[1999] = INFINITY;
}

static void negate_all(double *elements)
{
	for (size_t i = 0; i < 2000; i++)
		elements[i] = -elements[i];
}

static void test_swapped(void)
{
	struct source_difference difference = compare_after(swap_two, 0);

	CHECK(difference.wrong == 2 && difference.inexact == 2 && difference.first == 700);
	CHECK(difference.largest ==
	      fabs(strtod(difference.expected, NULL) - strtod(difference.got, NULL)));
}

static void test_flipped(void)
{
	struct source_difference difference = compare_after(flip_lowest_bit, 0);

	CHECK(difference.wrong == 1 && difference.first == 1234);
	CHECK(strcmp(difference.expected, difference.got) != 0 && difference.largest > 0);
	difference = compare_after(flip_lowest_bit, 1e-15);
	CHECK(difference.wrong == 0 && difference.inexact == 1);
}

static size_t wrong_after_nudge(double tolerance_near_0)
{
	const struct encoding_loss loss = {.tolerance = 1e-15,
					   .tolerance_near_0 = tolerance_near_0};
	struct source_stream stream = {.kind = SOURCE_READY, .seed = 11};
	struct array array = array_new(2000);
	double *elements = array.data;
	size_t wrong;

	make(&stream, 3, &array);
	for (size_t i = 0; i < array.count; i++)
		elements[i] += 0x1p-26;
	wrong = source_compare(&stream, 3, &array, &loss).wrong;
	free(array.data);
	return wrong;
}

/* An absolute error may be allowed besides the relative one. */
static void test_near_0(void)
{
	CHECK(wrong_after_nudge(0x1p-25) == 0);
	CHECK(wrong_after_nudge(0x1p-27) > 1900);
	CHECK(wrong_after_nudge(0) > 1900);
}

/* Not a number is within no tolerance. */
static void test_not_a_number(void)
{
	struct source_difference difference = compare_after(make_nan, 0);

	CHECK(difference.wrong == 2 && difference.first == 0 &&
	      isnan(strtod(difference.got, NULL)));
	difference = compare_after(make_nan, 0.5);
	CHECK_MSG(difference.wrong == 2 && difference.first == 0, "%zu wrong", difference.wrong);
}

static void test_all(void)
{
	struct source_difference difference = compare_after(negate_all, 1e-3);

	CHECK(difference.wrong == 2000 && difference.first == 0);
	CHECK(strtod(difference.got, NULL) == -strtod(difference.expected, NULL));
}

static void test_stale(void)
{
	for (int i = 0; i < 2; i++) {
		struct source_stream stream = {.kind = i ? SOURCE_FRESH : SOURCE_READY, .seed = 11};
		struct array array = array_new(2000);
		struct source_difference difference;

		make(&stream, 4, &array);
		difference = source_compare(&stream, 5, &array, &exact);
		CHECK(difference.wrong >= 4);
		stream.client = 1;
		CHECK(source_compare(&stream, 4, &array, &exact).wrong > 0);
		free(array.data);
	}
}

/* Of every dtype: rebuilt block by block, never as before, and what was spoilt is named. */

static struct array array_of(enum dtype dtype, size_t count)
{
	struct array array = array_describe(&(struct array_type){{1, {count}}, dtype});

	array.data = malloc(array.bytes + 1);
	return array;
}

/* As large as the array, and all zeros: what is hardest to see changes in. */
static struct array file_of(enum dtype dtype, size_t count)
{
	struct array file = array_of(dtype, count);

	memset(file.data, 0, file.bytes + 1);
	return file;
}

static void check_dtype(enum dtype dtype, enum source kind, size_t count, enum data_kind data)
{
	struct array file = file_of(dtype, count);
	const struct source_stream stream = {
		.kind = kind, .seed = 3, .client = 1, .data = data, .file = &file};
	struct array array = array_of(dtype, count);

	for (uint64_t exchange = 0; exchange < 6 && !test_why[0]; exchange++) {
		struct source_difference difference;

		make(&stream, exchange, &array);
		difference = source_compare(&stream, exchange, &array, &exact);
		if (difference.inexact)
			TEST_FAIL("%s: %zu of %zu differ", dtype_table[dtype].name,
				  difference.inexact, count);
		difference = source_compare(&stream, exchange + 1, &array, &exact);
		/* A fresh bool may well be what it was before. */
		if (difference.wrong == 0 && (kind == SOURCE_READY || count > 100))
			TEST_FAIL("%s: a stale array of %zu passes, data %d",
				  dtype_table[dtype].name, count, (int)data);
	}
	free(array.data);
	free(file.data);
}

static void test_dtypes(void)
{
	static const size_t sizes[] = {1, 7, 4095, 4097, 30001};

	for (unsigned i = 0; i < DTYPE_COUNT; i++)
		for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]) && !test_why[0]; k++) {
			for (int data = 0; data <= DATA_FILE; data++)
				check_dtype((enum dtype)i, SOURCE_READY, sizes[k],
					    (enum data_kind)data);
			check_dtype((enum dtype)i, SOURCE_FRESH, sizes[k], DATA_RANDOM);
			check_dtype((enum dtype)i, SOURCE_FRESH, sizes[k], DATA_SMOOTH);
		}
}

/* One bit, in the element's last byte: of a bool its lowest. */
static void check_spoilt(enum dtype dtype, enum data_kind data)
{
	struct array file = file_of(dtype, 9001);
	const struct source_stream stream = {
		.kind = SOURCE_READY, .seed = 11, .data = data, .file = &file};
	struct array array = array_of(dtype, 9001);
	size_t bytes = dtype_table[dtype].bytes;
	unsigned char *at = (unsigned char *)array.data + 8765 * bytes + bytes - 1;
	char text[ELEMENT_TEXT_BYTES];
	struct source_difference difference;

	make(&stream, 3, &array);
	(void)elements_table[dtype]->format(array.data, 8765, text);
	*at ^= 1;
	difference = source_compare(&stream, 3, &array, &exact);
	CHECK_MSG(difference.wrong == 1 && difference.first == 8765, "%s", dtype_table[dtype].name);
	CHECK_STR(difference.expected, text);
	CHECK_STR(difference.got, elements_table[dtype]->format(array.data, 8765, text));
	CHECK(strcmp(difference.got, difference.expected) != 0 && difference.largest > 0);
	free(array.data);
	free(file.data);
}

static void test_spoilt(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT * (DATA_FILE + 1) && !test_why[0]; i++)
		check_spoilt((enum dtype)(i % DTYPE_COUNT), (enum data_kind)(i / DTYPE_COUNT));
}

/* What changes in a file's array is of the file, but for the bit that takes turns. */
static void test_values_of_file(void)
{
	struct array file = array_of(DTYPE_UINT8, 20000);
	const struct source_stream stream = {.seed = 1, .data = DATA_FILE, .file = &file};
	struct array array = array_of(DTYPE_UINT8, file.count);
	uint8_t *elements = array.data;

	for (size_t i = 0; i < file.count; i++)
		((uint8_t *)file.data)[i] = i % 3 ? 200 : 100;
	make(&stream, 7, &array);
	for (size_t i = 0; i < array.count; i++)
		CHECK_MSG((elements[i] & ~1) == 200 || (elements[i] & ~1) == 100, "%u",
			  elements[i]);
	free(array.data);
	free(file.data);
}

/*
 * The same on every machine, from field to field another, and from each element to the next a
 * small step: of 256 at most 6, by the steepest waves and the noise.
 */
static void test_smooth(void)
{
	struct source_stream stream = {.kind = SOURCE_FRESH, .seed = 1, .data = DATA_SMOOTH};
	struct array array = array_of(DTYPE_UINT8, 100000);
	const uint8_t *elements = array.data;
	uint64_t first;

	make(&stream, 0, &array);
	first = source_hash(&array);
	CHECK_MSG(first == UINT64_C(0x17a0caa99e3d002a), "the field's hash is %" PRIx64, first);
	for (size_t i = 1; i < array.count; i++)
		CHECK_MSG(i % ELEMENTS_BLOCK_BYTES == 0 || abs(elements[i] - elements[i - 1]) <= 6,
			  "%u, %u at %zu", elements[i - 1], elements[i], i);
	make(&stream, 1, &array);
	CHECK(source_hash(&array) != first);
	stream.client = 1;
	make(&stream, 0, &array);
	CHECK(source_hash(&array) != first);
	stream = (struct source_stream){
		.kind = SOURCE_FRESH, .seed = 1, .data = DATA_SMOOTH, .request = true};
	make(&stream, 0, &array);
	CHECK(source_hash(&array) != first);
	free(array.data);
}

static const struct test tests[] = {
	{"blocks", test_blocks},
	{"refresh", test_refresh},
	{"any order", test_any_order},
	{"streams differ", test_streams_differ},
	{"swapped", test_swapped},
	{"flipped bit", test_flipped},
	{"a tolerance near 0", test_near_0},
	{"not a number", test_not_a_number},
	{"all wrong", test_all},
	{"stale", test_stale},
	{"dtypes", test_dtypes},
	{"a spoilt element of each dtype", test_spoilt},
	{"values of a file", test_values_of_file},
	{"smooth", test_smooth},
};

TEST_MAIN(tests)
