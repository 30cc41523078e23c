/* SPDX-License-Identifier: MIT */
/*
 * What becomes of numbers that float16 does not have; the contract suite tests the rest, and
 * test_narrow.c the cast itself.
 */
#include <math.h>

#include "tests/support/codec_feed.h"
#include "tests/support/must.h"
#include "tests/support/test.h"
#include "transports/narrow.h"

extern const struct encoding encoding_f16;

/* Halves on the wire, and the error that the row declares. */
static void test_bounds(void)
{
	static const struct {
		double value;
		uint16_t half;
	} cases[] = {
		{1, 0x3c00},	      {-2.5, 0xc100},	    {65504, 0x7bff},
		{65519.99, 0x7bff},   {65520, 0x7c00},	    {-1e300, 0xfc00},
		{0x1p-14, 0x0400},    {0x1p-24, 0x0001},    {0x1p-25, 0x0000},
		{0x1.8p-25, 0x0001},  {-0.0, 0x8000},	    {1 + 0x1p-11, 0x3c00},
		{1 + 0x3p-11, 0x3c02},
	};
	const struct encoding_loss loss = encoding_f16.loss(DTYPE_FLOAT64);
	const struct encoding_setup setup = codec_setup("1");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const double value = cases[i].value;
		uint64_t announced;
		uint16_t half[512];
		double back;

		CHECK(codec_text(&encoding_f16, &setup, &value, (char *)half, sizeof(half),
				 &announced) == 2 && announced == 2);
		CHECK_MSG(half[0] == cases[i].half, "%a is %04x", value, half[0]);
		back = (double)float16_widen(half[0]);
		CHECK(isinf(back) ? fabs(value) > loss.largest :
				    fabs(value - back) <= fmax(loss.tolerance * fabs(value),
							       loss.tolerance_near_0));
	}
}

static void refused(const char *bytes, size_t count, bool unknown, const char *part)
{
	struct encoding_setup setup = codec_setup("3");
	const struct feeding feeding = {.piece = 1, .unknown = unknown};
	struct decoder decoder;
	struct err err = {0};

	must(decoder_open(&decoder, &encoding_f16, &setup, &err) == 0);
	CHECK(codec_feed(&decoder.take, bytes, count, feeding, &err) == -1);
	CHECK_MSG(strstr(err.message, part), "%s", err.message);
	decoder_close(&decoder);
}

static void test_refused(void)
{
	static const char bytes[8] = {1, 2, 3, 4, 5, 6, 7, 8};

	refused(bytes, 5, false, "the reply has 5 bytes, the array as float16 6");
	refused(bytes, 5, true, "the reply ends after 5 of the array's 6 bytes as float16");
	refused(bytes, 7, true, "the reply is longer than the array's 6 bytes as float16");
}

static const struct test tests[] = {
	{"bounds", test_bounds},
	{"refuses lengths", test_refused},
};

TEST_MAIN(tests)
