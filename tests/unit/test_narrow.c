/* SPDX-License-Identifier: MIT */
/* float16 and bfloat16: every value, and every place where rounding turns. */
#include <inttypes.h>

#include "bench/worker/rounding.h"
#include "tests/support/test.h"
#include "transports/narrow.h"

static const struct narrow {
	const char *name;
	int mantissa, exponent; /* bits */
	uint16_t (*round)(double value);
	float (*widen)(uint16_t bits);
} narrows[] = {
	{"float16", 10, 5, float16_round, float16_widen},
	{"bfloat16", 7, 8, bfloat16_round, bfloat16_widen},
};

#define NARROWS (sizeof(narrows) / sizeof(narrows[0]))

/* What the bits say, by the letter of IEEE 754; positive, and finite beyond the largest too. */
static double value_of(const struct narrow *narrow, uint32_t bits)
{
	int bias = (1 << (narrow->exponent - 1)) - 1;
	int exponent = (int)(bits >> narrow->mantissa);
	double fraction = (double)(bits & ((1u << narrow->mantissa) - 1));

	if (exponent == 0)
		return ldexp(fraction, 1 - bias - narrow->mantissa);
	fraction += (double)(1u << narrow->mantissa);
	return ldexp(fraction, exponent - bias - narrow->mantissa);
}

static uint32_t infinity_of(const struct narrow *narrow)
{
	return ((1u << narrow->exponent) - 1) << narrow->mantissa;
}

static void check_wide(const struct narrow *narrow)
{
	const uint32_t infinite = infinity_of(narrow);

	for (uint32_t bits = 0; bits < 0x10000; bits++) {
		uint32_t size = bits & 0x7fff;
		double sign = bits & 0x8000 ? -1 : 1;
		double value = (double)narrow->widen((uint16_t)bits);

		CHECK_MSG((signbit(value) != 0) == (bits >> 15 != 0), "%s %04x: sign",
			  narrow->name, bits);
		if (size > infinite)
			CHECK_MSG(isnan(value), "%s %04x is %a", narrow->name, bits, value);
		else if (size == infinite)
			CHECK_MSG(isinf(value), "%s %04x is %a", narrow->name, bits, value);
		else
			CHECK_MSG(value == sign * value_of(narrow, size), "%s %04x is %a",
				  narrow->name, bits, value);
	}
}

static void test_wide(void)
{
	for (size_t i = 0; i < NARROWS; i++)
		check_wide(&narrows[i]);
}

static bool rounds_to(const struct narrow *narrow, double value, uint32_t want)
{
	uint16_t got = narrow->round(value);
	uint16_t mirrored = narrow->round(-value);

	if (got == want && mirrored == (want | 0x8000))
		return true;
	TEST_FAIL("%s of %a is %04x and %04x, not %04x", narrow->name, value, got, mirrored, want);
	return false;
}

/* Around every value and every halfway point, and at them. */
static void check_round(const struct narrow *narrow)
{
	const uint32_t infinite = infinity_of(narrow);

	for (uint32_t bits = 0; bits < infinite; bits++) {
		double low = value_of(narrow, bits);
		double half = (low + value_of(narrow, bits + 1)) / 2;
		uint32_t even = bits + (bits & 1);

		CHECK(rounds_to(narrow, low, bits));
		CHECK(rounds_to(narrow, nextafter(low, INFINITY), bits));
		CHECK(rounds_to(narrow, nextafter(half, 0), bits));
		CHECK(rounds_to(narrow, half, even));
		CHECK(rounds_to(narrow, nextafter(half, INFINITY), bits + 1));
		CHECK(rounds_to(narrow, nextafter(value_of(narrow, bits + 1), 0), bits + 1));
	}
	CHECK(rounds_to(narrow, 0x1.fffffffffffffp1023, infinite));
	CHECK(rounds_to(narrow, INFINITY, infinite));
	CHECK(rounds_to(narrow, 0x1p-1074, 0) && rounds_to(narrow, 0x1p-1022, 0));
}

static void test_round(void)
{
	for (size_t i = 0; i < NARROWS; i++)
		check_round(&narrows[i]);
}

static void test_not_a_number(void)
{
	static const uint64_t patterns[] = {
		UINT64_C(0x7ff8000000000000), UINT64_C(0xfff8000000000001),
		UINT64_C(0x7ff0000000000001), UINT64_C(0x7fffffffffffffff),
	};

	for (size_t i = 0; i < NARROWS; i++)
		for (size_t k = 0; k < sizeof(patterns) / sizeof(patterns[0]); k++) {
			double value = narrow_double(patterns[k]);
			uint16_t bits = narrows[i].round(value);

			CHECK_MSG((bits & 0x7fffu) > infinity_of(&narrows[i]), "%04x", bits);
			CHECK(bits >> 15 == patterns[k] >> 63);
		}
}

/* Whole blocks of values that rounding is hard for, by every path of this processor. */
static void check_path(const struct rounding_path *path)
{
	static const uint64_t edges[] = {
		0, 0x3f10000000000000, 0x3f00000000000000, 0x40effe0000000000, 0x40efffffffffffff,
		0x7ff0000000000000, 0x7ff8000000000000, 0x3800000000000000, 0x47efffffffffffff,
	};
	double in[NORMAL_BLOCK_COUNT];
	uint16_t out[2][NORMAL_BLOCK_COUNT];
	uint64_t state = 1;

	for (int round = 0; round < 2000; round++) {
		for (size_t i = 0; i < NORMAL_BLOCK_COUNT; i++) {
			uint64_t edge = edges[i % (sizeof(edges) / sizeof(edges[0]))];

			state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
			/* Few bits beyond those that stay, so that many are halfway. */
			in[i] = narrow_double(edge + (state >> 40 << 40) % (UINT64_C(1) << 55));
		}
		path->float16(in, out[0]);
		path->bfloat16(in, out[1]);
		for (size_t i = 0; i < NORMAL_BLOCK_COUNT; i++)
			CHECK_MSG(out[0][i] == float16_round(in[i]) &&
					  out[1][i] == bfloat16_round(in[i]),
				  "%s: %a", path->name, in[i]);
	}
}

static void test_paths(void)
{
	for (size_t i = 0; i < rounding_path_count; i++)
		if (rounding_paths[i].usable())
			check_path(&rounding_paths[i]);
}

static const struct test tests[] = {
	{"wide", test_wide},
	{"round", test_round},
	{"not a number", test_not_a_number},
	{"paths agree", test_paths},
};

TEST_MAIN(tests)
