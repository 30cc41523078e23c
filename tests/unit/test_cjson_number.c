/* SPDX-License-Identifier: MIT */
/* Elements as cJSON's numbers and back, and the cjson encoding's words for what does not fit. */
#include <float.h>
#include <inttypes.h>

#include "tests/support/codec_feed.h"
#include "tests/support/test.h"
#include "transports/encodings/cjson_number.h"

extern const struct encoding encoding_cjson;

static void test_put(void)
{
	static const struct {
		enum dtype dtype;
		double number;
		enum decimal_misfit misfit;
		uint64_t bits;
	} cases[] = {
		{DTYPE_UINT8, 255, DECIMAL_FITS, 255},
		{DTYPE_UINT8, -0.0, DECIMAL_FITS, 0},
		{DTYPE_UINT8, 256, DECIMAL_BEYOND, 0},
		{DTYPE_UINT8, -1, DECIMAL_BEYOND, 0},
		{DTYPE_UINT8, 0.5, DECIMAL_FRACTION, 0},
		{DTYPE_INT8, -128, DECIMAL_FITS, 0x80},
		{DTYPE_INT8, -129, DECIMAL_BEYOND, 0},
		{DTYPE_INT32, 2147483647, DECIMAL_FITS, INT32_MAX},
		{DTYPE_UINT32, 4294967295, DECIMAL_FITS, UINT32_MAX},
		{DTYPE_UINT32, 4294967296, DECIMAL_BEYOND, 0},
		{DTYPE_INT64, 9007199254740992, DECIMAL_FITS, UINT64_C(1) << 53},
		{DTYPE_INT64, 9223372036854775808.0, DECIMAL_FITS, INT64_MAX},
		{DTYPE_INT64, 9223372036854777856.0, DECIMAL_FITS, INT64_MAX},
		{DTYPE_INT64, -9223372036854775808.0, DECIMAL_FITS, UINT64_C(1) << 63},
		{DTYPE_INT64, -9223372036854777856.0, DECIMAL_FITS, UINT64_C(1) << 63},
		{DTYPE_INT64, 9.2234e18, DECIMAL_BEYOND, 0},
		{DTYPE_INT64, -9.2234e18, DECIMAL_BEYOND, 0},
		{DTYPE_UINT64, 18446744073709551616.0, DECIMAL_FITS, UINT64_MAX},
		{DTYPE_UINT64, 1.8447e19, DECIMAL_BEYOND, 0},
		{DTYPE_BOOL, 1, DECIMAL_FITS, 1},
		{DTYPE_BOOL, 2, DECIMAL_BEYOND, 0},
		{DTYPE_FLOAT16, 65504, DECIMAL_FITS, 0x7bff},
		{DTYPE_FLOAT16, 65520, DECIMAL_BEYOND, 0},
		{DTYPE_FLOAT32, 0.1, DECIMAL_FITS, 0x3dcccccd},
		{DTYPE_FLOAT32, 1e39, DECIMAL_BEYOND, 0},
		{DTYPE_BFLOAT16, -1, DECIMAL_FITS, 0xbf80},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t bits = 0;
		enum decimal_misfit misfit =
			cjson_number_put(cases[i].dtype, cases[i].number, &bits);

		CHECK_MSG(misfit == cases[i].misfit && bits == cases[i].bits, "%s %.17g: %" PRIx64,
			  dtype_table[cases[i].dtype].name, cases[i].number, bits);
	}
}

/* Every element of 8 and 16 bits comes back, but for NaN and infinities, which have no number. */
static void test_there_and_back(void)
{
	for (unsigned dtype = 0; dtype < DTYPE_COUNT; dtype++) {
		const uint32_t count = dtype == DTYPE_BOOL		? 2 :
				       dtype_table[dtype].bytes == 1 ? 0x100 :
									0x10000;

		for (uint32_t i = 0; i < count && dtype_table[dtype].bytes <= 2; i++) {
			double number = cjson_number_of((enum dtype)dtype, &i);
			uint32_t back = 0;

			if (!isfinite(number))
				continue;
			CHECK(cjson_number_put((enum dtype)dtype, number, &back) == DECIMAL_FITS);
			CHECK_MSG(back == i, "%s 0x%" PRIx32, dtype_table[dtype].name, i);
		}
	}
}

static void refused(const char *shape, enum dtype dtype, const char *text, const char *want)
{
	struct encoding_setup setup = codec_setup(shape);
	struct decoder decoder;
	struct err err = {0};

	setup.type.dtype = dtype;
	CHECK(decoder_open(&decoder, &encoding_cjson, &setup, NULL) == 0);
	CHECK(codec_feed(&decoder.take, text, strlen(text), (struct feeding){0}, &err) == -1);
	decoder_close(&decoder);
	CHECK_STR(err.message, want);
}

static void test_words(void)
{
	refused("2x3", DTYPE_UINT8, "[[1,2,3],[4,300,6]]",
		"the reply's element [1, 1] is 300, beyond uint8's 0 to 255 (uint16 has it)");
	refused("3", DTYPE_INT32, "[1,1.5,2]",
		"the reply's element [1] is 1.5, no whole number, as int32 has (float32 has it)");
	refused("2", DTYPE_UINT8, "[1,true]",
		"the reply's element [1] is true, which uint8 does not have (a truth value; "
		"bool has it)");
}

static const struct test tests[] = {
	{"put", test_put},
	{"there and back", test_there_and_back},
	{"words", test_words},
};

TEST_MAIN(tests)
