/* SPDX-License-Identifier: MIT */
/* float16 and bfloat16: every value, and every place where rounding turns. */
#include <inttypes.h>

#include "tests/support/test.h"
#include "transports/narrow.h"
#include "transports/narrow_rows.h"

static const struct narrow {
	const char *name;
	int mantissa, exponent; /* bits */
	uint16_t (*round)(double value);
	float (*widen)(uint16_t bits);
} narrows[] = {
	{"float16", 10, 5, float16_round, float16_widen},
	{"bfloat16", 7, 8, bfloat16_round, bfloat16_widen},
};

#define HALVES 0x10000
#define ROUNDED 5003
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

static bool same_number(double a, double b)
{
	return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof(a)) == 0;
}

/* All that there are, at an odd address. */
static void check_widens(const struct narrow_path *path)
{
	static unsigned char halves[HALVES * 2 + 1];
	static double wide[HALVES];
	static float narrow[HALVES];

	for (unsigned i = 0; i < HALVES; i++) {
		const uint16_t half = (uint16_t)i;

		memcpy(halves + 1 + 2 * (size_t)i, &half, sizeof(half));
	}
	path->float16_widen64(halves + 1, wide, HALVES);
	path->float16_widen32(halves + 1, narrow, HALVES);
	for (unsigned i = 0; i < HALVES; i++) {
		const double want = (double)float16_widen((uint16_t)i);

		CHECK_MSG(same_number(wide[i], want), "%s: %04x is %a", path->name, i, wide[i]);
		CHECK_MSG(same_number((double)narrow[i], want), "%s: %04x is %a", path->name, i,
			  (double)narrow[i]);
	}
}

/* Numbers of every size, and what lies between two halves. */
static double number_at(size_t i)
{
	const double size = ldexp(1 + (double)(i * 2654435761u % 4096) / 4096, (int)(i % 60) - 35);

	return i & 1 ? -size : size;
}

static void check_rounds(const struct narrow_path *path)
{
	static double wide[ROUNDED];
	static float narrow[ROUNDED];
	static unsigned char halves[2][ROUNDED * 2 + 1];

	for (size_t i = 0; i < ROUNDED; i++) {
		wide[i] = number_at(i);
		narrow[i] = (float)wide[i];
	}
	path->float16_round64(wide, halves[0] + 1, ROUNDED);
	path->float16_round32(narrow, halves[1] + 1, ROUNDED);
	for (size_t i = 0; i < ROUNDED; i++) {
		uint16_t got[2];

		memcpy(&got[0], halves[0] + 1 + 2 * i, 2);
		memcpy(&got[1], halves[1] + 1 + 2 * i, 2);
		CHECK_MSG(got[0] == float16_round(wide[i]) && got[1] == got[0],
			  "%s: %a is %04x, %04x", path->name, wide[i], got[0], got[1]);
	}
}

/* Many values that rounding is hard for. */
static void check_hard(const struct narrow_path *path)
{
	static const uint64_t edges[] = {
		0, 0x3f10000000000000, 0x3f00000000000000, 0x40effe0000000000, 0x40efffffffffffff,
		0x7ff0000000000000, 0x7ff8000000000000, 0x3800000000000000, 0x47efffffffffffff,
	};
	static double in[ROUNDED];
	static uint16_t out[2][ROUNDED];
	uint64_t state = 1;

	for (int round = 0; round < 200; round++) {
		for (size_t i = 0; i < ROUNDED; i++) {
			uint64_t edge = edges[i % (sizeof(edges) / sizeof(edges[0]))];

			state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
			/* Few bits beyond those that stay, so that many are halfway. */
			in[i] = narrow_double(edge + (state >> 40 << 40) % (UINT64_C(1) << 55));
		}
		path->float16_round64(in, out[0], ROUNDED);
		path->bfloat16_round64(in, out[1], ROUNDED);
		for (size_t i = 0; i < ROUNDED; i++)
			CHECK_MSG(out[0][i] == float16_round(in[i]) &&
					  out[1][i] == bfloat16_round(in[i]),
				  "%s: %a", path->name, in[i]);
	}
}

/* Every path of this processor. */
static void test_paths(void)
{
	for (size_t i = 0; i < narrow_path_count && !test_why[0]; i++) {
		if (!narrow_paths[i].usable())
			continue;
		check_widens(&narrow_paths[i]);
		check_rounds(&narrow_paths[i]);
		check_hard(&narrow_paths[i]);
	}
}

static const struct test tests[] = {
	{"wide", test_wide},
	{"round", test_round},
	{"not a number", test_not_a_number},
	{"paths agree", test_paths},
};

TEST_MAIN(tests)
