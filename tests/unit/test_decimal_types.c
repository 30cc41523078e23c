/* SPDX-License-Identifier: MIT */
/*
 * Decimal text of every dtype: float16 and bfloat16 whole, float32 by a few million, or all of
 * its 2^32 with FLOATS=all in the environment, which takes an hour.
 */
#include <float.h>
#include <inttypes.h>

#include "tests/support/test.h"
#include "transports/encodings/decimal/decimal_format.h"
#include "transports/encodings/decimal/decimal_types.h"
#include "transports/narrow.h"

#define TEXT_BYTES 1600

/* A float that C may not have: what its bits are worth. */
struct narrow {
	enum dtype dtype;
	double (*value)(uint32_t bits);
	uint32_t infinite;
	int digits; /* so many are always enough */
};

static double float32_value(uint32_t bits)
{
	return (double)narrow_float(bits);
}

static double float16_value(uint32_t bits)
{
	return (double)float16_widen((uint16_t)bits);
}

static double bfloat16_value(uint32_t bits)
{
	return (double)bfloat16_widen((uint16_t)bits);
}

static const struct narrow float32 = {DTYPE_FLOAT32, float32_value, 0x7f800000, 9};
static const struct narrow halves[] = {
	{DTYPE_FLOAT16, float16_value, 0x7c00, 5},
	{DTYPE_BFLOAT16, bfloat16_value, 0x7f80, 4},
};

static const char *name_of(const struct narrow *narrow)
{
	return dtype_table[narrow->dtype].name;
}

static size_t format(enum dtype dtype, const void *element, char *text)
{
	char out[DECIMAL_MAX_BYTES];
	size_t length = decimal_types[dtype]->format_row(element, 1, out);

	memcpy(text, out, length);
	text[length] = '\0';
	return length;
}

/* The bits that a text is read as; UINT32_MAX if it is not read whole. */
static uint32_t parse(const struct narrow *narrow, const char *text)
{
	enum decimal_misfit misfit;
	uint32_t bits = 0;
	const char *end = text + strlen(text);

	return decimal_types[narrow->dtype]->parse(text, end, &bits, &misfit) == end ? bits :
										       UINT32_MAX;
}

/* Whether a decimal number that strtod reads lies nearer to these bits than to any others. */
static bool reads_back(const struct narrow *narrow, const char *text, uint32_t bits)
{
	double got = strtod(text, NULL);
	double value = narrow->value(bits);
	double below = bits ? (value + narrow->value(bits - 1)) / 2 : 0;
	double above = bits + 1 == narrow->infinite ? value + (value - below) :
						      (value + narrow->value(bits + 1)) / 2;

	return bits & 1 ? got > below && got < above : got >= below && got <= above;
}

static int digit_count(const char *text)
{
	int count = 0;
	int zeros = 0;

	for (; *text && *text != 'e'; text++) {
		if (*text < '0' || *text > '9')
			continue;
		if (*text != '0') {
			count += 1 + zeros;
			zeros = 0;
		} else if (count) {
			zeros++;
		}
	}
	return count;
}

/* Positive and finite bits: shortest, nearest, and read back with either sign. */
static bool value_is_sound(const struct narrow *narrow, uint32_t bits)
{
	double value = narrow->value(bits);
	char text[DECIMAL_MAX_BYTES + 1];
	char other[40];
	int digits;

	(void)format(narrow->dtype, &bits, text);
	digits = digit_count(text);
	(void)snprintf(other, sizeof(other), "%.*e", digits - 1 > 0 ? digits - 1 : 0, value);
	if (digits > narrow->digits || parse(narrow, text) != bits ||
	    !reads_back(narrow, text, bits) ||
	    (reads_back(narrow, other, bits) && strtod(other, NULL) != strtod(text, NULL))) {
		TEST_FAIL("%s 0x%" PRIx32 " is written %s, not %s", name_of(narrow), bits, text,
			  other);
		return false;
	}
	(void)snprintf(other, sizeof(other), "%.*e", digits - 2 > 0 ? digits - 2 : 0, value);
	if (digits > 1 && reads_back(narrow, other, bits)) {
		TEST_FAIL("%s 0x%" PRIx32 " is written %s, but %s is shorter", name_of(narrow),
			  bits, text, other);
		return false;
	}
	return true;
}

static void test_halves(void)
{
	for (size_t i = 0; i < 2; i++)
		for (uint32_t bits = 1; bits < halves[i].infinite; bits++)
			CHECK(value_is_sound(&halves[i], bits));
}

static void test_float32(void)
{
	const char *all = getenv("FLOATS");
	uint32_t step = all && strcmp(all, "all") == 0 ? 1 : test_under_valgrind() ? 400009 : 1483;

	for (uint32_t bits = 1; bits < float32.infinite; bits += step)
		CHECK(value_is_sound(&float32, bits));
	/* Every power of two and its neighbours, whose distances are not the same. */
	for (uint32_t power = 1 << 23; power < float32.infinite; power += 1 << 23)
		for (uint32_t bits = power - 3; bits <= power + 3; bits++)
			CHECK(value_is_sound(&float32, bits));
	for (uint32_t bits = 1; bits < 3000; bits++)
		CHECK(value_is_sound(&float32, bits));
}

#define ROW 64

/* The values of 64 bits patterns in a row, by each way that this processor has. */
static bool ways_agree(const struct narrow *narrow, uint32_t first, uint32_t step)
{
	static char want[ROW * DECIMAL_MAX_BYTES], got[ROW * DECIMAL_MAX_BYTES];
	double values[ROW];
	size_t length = 0;

	for (size_t i = 0; i < ROW; i++)
		values[i] = narrow->value(first + (uint32_t)i * step);
	for (size_t i = decimal_kernel_count; i-- > 0;) {
		const struct decimal_narrow_kernel *kernel = &decimal_narrow_kernels[i];
		decimal_put_row *put = narrow->dtype == DTYPE_FLOAT32 ? kernel->float32 :
				       narrow->dtype == DTYPE_FLOAT16 ? kernel->float16 :
									kernel->bfloat16;
		bool portable = i + 1 == decimal_kernel_count;

		if (!decimal_kernels[i].usable())
			continue;
		if (portable)
			length = put(values, ROW, want);
		else if (put(values, ROW, got) != length || memcmp(got, want, length) != 0)
			TEST_FAIL("%s from 0x%" PRIx32 ": %.*s by %s", name_of(narrow), first, 60,
				  got, decimal_kernels[i].name);
	}
	return !test_why[0];
}

static void test_ways(void)
{
	for (uint32_t bits = 0; bits < 0x10000; bits += ROW)
		CHECK(ways_agree(&halves[0], bits, 1) && ways_agree(&halves[1], bits, 1));
	for (uint32_t bits = 0; bits < 1u << 31; bits += 32749)
		CHECK(ways_agree(&float32, bits, 1) && ways_agree(&float32, bits, 0x2000001));
}

static void test_signs_and_names(void)
{
	const struct narrow *all[] = {&float32, &halves[0], &halves[1]};
	char text[DECIMAL_MAX_BYTES + 1];

	for (size_t i = 0; i < 3; i++) {
		const uint32_t sign = i ? 0x8000 : UINT32_C(0x80000000);
		const uint32_t bits[] = {0, sign, all[i]->infinite, all[i]->infinite | sign,
					 all[i]->infinite | 1, 1 | sign};
		static const char *const want[] = {"0.0", "-0.0", "Infinity", "-Infinity", "NaN"};

		for (size_t k = 0; k < 6; k++) {
			(void)format(all[i]->dtype, &bits[k], text);
			if (k < 5)
				CHECK_STR(text, want[k]);
			if (k != 4)
				CHECK_MSG(parse(all[i], text) == bits[k], "%s", text);
		}
		CHECK((parse(all[i], "NaN") & ~sign) > all[i]->infinite);
	}
}

/*
 * Numbers at halfway between two floats, and so little beside it that a double is halfway: they
 * are rounded once. Texts of all the digits that halfway has.
 */
static bool halfway_is_sound(const struct narrow *narrow, uint32_t bits)
{
	double half = (narrow->value(bits) + narrow->value(bits + 1)) / 2;
	const uint32_t even = bits + (bits & 1);
	char text[TEXT_BYTES];
	size_t length;

	/* Its last digit is a 5: it is exact. */
	length = (size_t)snprintf(text, sizeof(text), "%.200f", half);
	while (text[length - 1] == '0')
		length--;
	text[length] = '\0';
	if (text[length - 1] == '.')
		memcpy(text + length, "0", 2);
	if (strtod(text, NULL) != half || parse(narrow, text) != even) {
		TEST_FAIL("%s: halfway %s is not 0x%" PRIx32, name_of(narrow), text, even);
		return false;
	}
	memcpy(text + strlen(text), "000000000000000001", 19);
	if (parse(narrow, text) != bits + 1) {
		TEST_FAIL("%s: above halfway, %s", name_of(narrow), text);
		return false;
	}
	/* One less in the last place, and nines: if it ends in a 5, that has none to borrow. */
	if (text[length - 1] != '5')
		return true;
	text[length - 1] = '4';
	memcpy(text + length, "999999999999999999", 19);
	if (parse(narrow, text) != bits) {
		TEST_FAIL("%s: below halfway, %s", name_of(narrow), text);
		return false;
	}
	return true;
}

static void test_halfway(void)
{
	/* Halfway must have its digits before 200 places. */
	for (uint32_t bits = 0; bits + 1 < halves[0].infinite; bits++)
		CHECK(halfway_is_sound(&halves[0], bits));
	for (uint32_t bits = 0x0080; bits + 1 < halves[1].infinite; bits++)
		CHECK(halfway_is_sound(&halves[1], bits));
	for (uint32_t bits = 0; bits + 1 < float32.infinite; bits += 777777)
		CHECK(halfway_is_sound(&float32, bits));
}

static void test_beyond(void)
{
	static const struct {
		enum dtype dtype;
		const char *text;
		enum decimal_misfit misfit;
	} cases[] = {
		{DTYPE_FLOAT16, "65520", DECIMAL_BEYOND},
		{DTYPE_FLOAT16, "-65520.0", DECIMAL_BEYOND},
		{DTYPE_FLOAT16, "1e400", DECIMAL_BEYOND},
		{DTYPE_BFLOAT16, "3.4e38", DECIMAL_BEYOND},
		{DTYPE_FLOAT32, "3.4028235677973367e38", DECIMAL_BEYOND},
		{DTYPE_FLOAT32, "true", DECIMAL_FITS},
		{DTYPE_UINT8, "256", DECIMAL_BEYOND},
		{DTYPE_UINT8, "300", DECIMAL_BEYOND},
		{DTYPE_UINT8, "-1", DECIMAL_BEYOND},
		{DTYPE_UINT8, "1.5", DECIMAL_FRACTION},
		{DTYPE_UINT8, "1e-1", DECIMAL_FRACTION},
		{DTYPE_UINT8, "0.99999999999999999999999999", DECIMAL_FRACTION},
		{DTYPE_UINT8, "1.00000000000000000000000001", DECIMAL_FRACTION},
		{DTYPE_UINT8, "25.6e1", DECIMAL_BEYOND},
		{DTYPE_UINT8, "1e3000000000000000000000", DECIMAL_BEYOND},
		{DTYPE_UINT8, "NaN", DECIMAL_FITS},
		{DTYPE_UINT8, "01", DECIMAL_FITS},
		{DTYPE_UINT8, "+1", DECIMAL_FITS},
		{DTYPE_UINT8, "-", DECIMAL_FITS},
		{DTYPE_UINT8, "", DECIMAL_FITS},
		{DTYPE_UINT8, "true", DECIMAL_FITS},
		{DTYPE_INT8, "128", DECIMAL_BEYOND},
		{DTYPE_INT8, "-129", DECIMAL_BEYOND},
		{DTYPE_INT16, "32768", DECIMAL_BEYOND},
		{DTYPE_UINT32, "4294967296", DECIMAL_BEYOND},
		{DTYPE_INT64, "9223372036854775808", DECIMAL_BEYOND},
		{DTYPE_INT64, "-9223372036854775809", DECIMAL_BEYOND},
		{DTYPE_UINT64, "18446744073709551616", DECIMAL_BEYOND},
		{DTYPE_UINT64, "184467440737095516150", DECIMAL_BEYOND},
		{DTYPE_BOOL, "2", DECIMAL_BEYOND},
		{DTYPE_BOOL, "-1", DECIMAL_BEYOND},
		{DTYPE_BOOL, "0.5", DECIMAL_FRACTION},
		{DTYPE_BOOL, "True", DECIMAL_FITS},
		{DTYPE_BOOL, "tru", DECIMAL_FITS},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		enum decimal_misfit misfit = DECIMAL_NAMED;
		uint64_t kept = 77;
		const char *after = decimal_types[cases[i].dtype]->parse(text, text + strlen(text),
									 &kept, &misfit);

		CHECK_MSG(!after && misfit == cases[i].misfit && kept == 77, "%s as %s: %d", text,
			  dtype_table[cases[i].dtype].name, (int)misfit);
	}
}

/* All the ways in which JSON's writers spell a value. */
static void test_spellings(void)
{
	static const struct {
		enum dtype dtype;
		const char *text;
		uint64_t bits;
	} cases[] = {
		{DTYPE_UINT8, "255", 255},
		{DTYPE_UINT8, "1.0", 1},
		{DTYPE_UINT8, "1e0", 1},
		{DTYPE_UINT8, "1E+2", 100},
		{DTYPE_UINT8, "2.5e1", 25},
		{DTYPE_UINT8, "0.25e3", 250},
		{DTYPE_UINT8, "2500e-2", 25},
		{DTYPE_UINT8, "-0", 0},
		{DTYPE_UINT8, "-0.0", 0},
		{DTYPE_UINT8, "0e99999999999999999999", 0},
		{DTYPE_UINT8, "0.000e-7", 0},
		{DTYPE_UINT8, "7.00000000000000000000000000000000000", 7},
		{DTYPE_INT8, "-128", 0x80},
		{DTYPE_INT8, "-1.28e2", 0x80},
		{DTYPE_INT16, "-32768", 0x8000},
		{DTYPE_INT32, "-2147483648", 0x80000000},
		{DTYPE_INT64, "-9223372036854775808", UINT64_C(0x8000000000000000)},
		{DTYPE_INT64, "9223372036854775807", INT64_MAX},
		{DTYPE_INT64, "9007199254740993", UINT64_C(9007199254740993)},
		{DTYPE_UINT64, "18446744073709551615", UINT64_MAX},
		{DTYPE_UINT64, "1844674407370955161.5e1", UINT64_MAX},
		{DTYPE_UINT64, "184467440737095516150e-1", UINT64_MAX},
		{DTYPE_BOOL, "true", 1},
		{DTYPE_BOOL, "false", 0},
		{DTYPE_BOOL, "1", 1},
		{DTYPE_BOOL, "0.0", 0},
		{DTYPE_FLOAT16, "65519.99999999999999999999999999", 0x7bff},
		{DTYPE_FLOAT16, "1", 0x3c00},
		{DTYPE_FLOAT16, "5.9604644775390625e-08", 1},
		{DTYPE_FLOAT16, "2.98023223876953125e-08", 0},
		{DTYPE_FLOAT16, "2.98023223876953125000000000000000000001e-08", 1},
		{DTYPE_BFLOAT16, "-1e-50", 0x8000},
		{DTYPE_FLOAT32, "3.4028235677973366e38", 0x7f7fffff},
		{DTYPE_FLOAT32, "1.00000017881393432617187499", 0x3f800001},
		{DTYPE_FLOAT32, "1.00000017881393432617187500", 0x3f800002},
		{DTYPE_FLOAT32, "1.00000017881393421514957253748434595763683319091796875001",
		 0x3f800001},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		enum decimal_misfit misfit;
		uint64_t bits = 0;
		const char *after = decimal_types[cases[i].dtype]->parse(text, text + strlen(text),
									 &bits, &misfit);

		CHECK_MSG(after == text + strlen(text) && bits == cases[i].bits,
			  "%s as %s: 0x%" PRIx64, text, dtype_table[cases[i].dtype].name, bits);
	}
}

static uint64_t random_bits(void)
{
	static uint64_t state = 1;

	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return state ^ state >> 29;
}

/* Every integer and bool of 8 and 16 bits, and others: there and back as C prints them. */
static void check_integers(enum dtype dtype)
{
	const size_t bytes = dtype_table[dtype].bytes;
	const bool negative = dtype_table[dtype].kind == DTYPE_SIGNED;
	const unsigned unused = 64 - 8 * (unsigned)bytes;

	for (uint64_t i = 0; i < 0x20000; i++) {
		uint64_t bits = bytes <= 2 ? i : random_bits() >> random_bits() % 64;
		uint64_t back = 0;
		int64_t value;
		enum decimal_misfit misfit;
		char text[DECIMAL_MAX_BYTES + 1];
		char want[30];
		size_t length;

		bits = bits << unused >> unused;
		value = (int64_t)(bits << unused) >> unused;
		length = format(dtype, &bits, text);
		(void)snprintf(want, sizeof(want), negative ? "%" PRId64 : "%" PRIu64,
			       negative ? (uint64_t)value : bits);
		CHECK_STR(text, want);
		CHECK(decimal_types[dtype]->parse(text, text + length, &back, &misfit) ==
		      text + length);
		CHECK_MSG(back == bits, "%s of %s: 0x%" PRIx64, text, dtype_table[dtype].name,
			  back);
	}
}

static void test_integers(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		if (dtype_table[i].kind == DTYPE_SIGNED || dtype_table[i].kind == DTYPE_UNSIGNED)
			check_integers((enum dtype)i);
}

/* Rows: the texts of many elements, as those of each, and back, cut anywhere. */
static void check_rows(enum dtype dtype)
{
	enum { count = 700 };
	static unsigned char elements[count * 8];
	static unsigned char back[count * 8];
	static char row[count * DECIMAL_MAX_BYTES + 2];
	const size_t bytes = dtype_table[dtype].bytes;
	size_t length;
	char *at = row;

	for (size_t i = 0; i < sizeof(elements); i++)
		elements[i] = (unsigned char)(dtype == DTYPE_BOOL ? random_bits() & 1 :
								    random_bits() % 0x7c);
	length = decimal_types[dtype]->format_row(elements, count, row);
	row[length] = ']';
	for (size_t i = 0; i < count; i++) {
		char text[DECIMAL_MAX_BYTES + 1];
		size_t one = format(dtype, elements + i * bytes, text);

		CHECK_MSG(memcmp(at, text, one) == 0 && at[one] == (i + 1 < count ? ',' : ']'),
			  "%s: element %zu, %s", dtype_table[dtype].name, i, text);
		at += one + 1;
	}
	for (size_t cut = length + 1; cut > 0; cut -= cut > 100 ? cut / 7 : 1) {
		struct decimal_text text = {row, row, row + cut};
		const struct decimal_rows rows = {count, count, count};
		size_t read;

		memset(back, 0xa5, sizeof(back));
		read = decimal_types[dtype]->parse_rows(&text, back, &rows);
		CHECK_MSG(memcmp(back, elements, read * bytes) == 0, "%s: %zu of %zu bytes",
			  dtype_table[dtype].name, cut, length);
		CHECK_MSG(cut <= length || read == count, "%s: %zu read", dtype_table[dtype].name,
			  read);
		CHECK(read == 0 ? text.at == row : text.at < text.end);
		if (read)
			CHECK(text.at[0] == ',' || text.at[0] == ']');
	}
}

static void test_rows(void)
{
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		check_rows((enum dtype)i);
}

/* A number that has to be asked itself, and one that does not fit, among many that are easy. */
static void test_rows_with_odd_ones(void)
{
	char text[4000] = "";
	uint16_t halves_read[300];
	uint8_t bytes_read[300];
	const struct decimal_rows rows = {300, 300, 300};
	struct decimal_text at;
	size_t used = 0;

	for (size_t i = 0; i < 300; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s,",
					 i == 280 ? "1.00048828125000000000001" : "1.5");
	at = (struct decimal_text){text, text, text + used};
	CHECK(decimal_types[DTYPE_FLOAT16]->parse_rows(&at, halves_read, &rows) == 300);
	for (size_t i = 0; i < 300; i++)
		CHECK(halves_read[i] == (i == 280 ? 0x3c01 : 0x3e00));
	memcpy(strstr(text, "1.00048828125"), "70000", 5);
	at = (struct decimal_text){text, text, text + used};
	CHECK(decimal_types[DTYPE_FLOAT16]->parse_rows(&at, halves_read, &rows) == 280);
	used = 0;
	for (size_t i = 0; i < 300; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%d,",
					 i == 123 ? 256 : (int)i % 256);
	at = (struct decimal_text){text, text, text + used};
	CHECK(decimal_types[DTYPE_UINT8]->parse_rows(&at, bytes_read, &rows) == 123);
	CHECK(memcmp(at.at, ",256", 4) == 0);
}

static const struct test tests[] = {
	{"float16 and bfloat16 are shortest", test_halves},
	{"float32 is shortest", test_float32},
	{"ways agree", test_ways},
	{"signs and names", test_signs_and_names},
	{"halfway", test_halfway},
	{"beyond", test_beyond},
	{"spellings", test_spellings},
	{"integers", test_integers},
	{"rows", test_rows},
	{"rows with odd ones", test_rows_with_odd_ones},
};

TEST_MAIN(tests)
