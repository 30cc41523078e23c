/* SPDX-License-Identifier: MIT */
/* How far two words are apart. */
#include <stdint.h>

#include "bench/text/slips.h"
#include "tests/support/test.h"

static const struct {
	const char *a, *b;
	size_t slips;
} cases[] = {
	{"", "", 0},
	{"run", "run", 0},
	{"rnu", "run", 1}, /* a swap is one */
	{"ru", "run", 1},
	{"runn", "run", 1},
	{"ran", "run", 1},
	{"", "run", 3},
	{"run", "", 3},
	{"sampels", "samples", 1},
	{"smaples", "samples", 1},
	{"colour", "color", 1},
	{"abcd", "badc", 2},
	{"kitten", "sitting", 3},
	{"samples", "timeout", 6},
	{"0123456789012345678901234567890", "0123456789012345678901234567890", 0},
	{"01234567890123456789012345678901", "0", SIZE_MAX},
};

static void test_between(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_MSG(slips_between(cases[i].a, cases[i].b) == cases[i].slips,
			  "%s, %s: %zu", cases[i].a, cases[i].b,
			  slips_between(cases[i].a, cases[i].b));
		CHECK(slips_between(cases[i].b, cases[i].a) == cases[i].slips);
	}
}

static void test_forgiven(void)
{
	CHECK(slips_forgiven("x") == 0 && slips_forgiven("xy") == 0);
	CHECK(slips_forgiven("run") == 2 && slips_forgiven("samples") == 3);
}

static const struct test tests[] = {
	{"between", test_between},
	{"forgiven", test_forgiven},
};

TEST_MAIN(tests)
