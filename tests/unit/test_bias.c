/* SPDX-License-Identifier: MIT */
/* What is drawn for each worker of a block: the same by the same seed, and all that there is. */
#include "bench/run/bias.h"

#include "tests/support/test.h"

static struct worker_setup draw(unsigned fixed, uint64_t seed, uint64_t block, uint32_t member)
{
	struct worker_setup setup = {.member = member, .cpu = SETUP_CPU_ANY};

	bias_draw(&setup, fixed, seed, block);
	return setup;
}

static bool equal(const struct worker_setup *a, const struct worker_setup *b)
{
	return a->environment_bytes == b->environment_bytes && a->stack_bytes == b->stack_bytes &&
	       a->shift_bytes == b->shift_bytes && a->order == b->order &&
	       a->first_cpu == b->first_cpu;
}

static void test_seed(void)
{
	struct worker_setup first = draw(0, 7, 3, 1);
	struct worker_setup same = draw(0, 7, 3, 1);
	struct worker_setup others[] = {draw(0, 8, 3, 1), draw(0, 7, 4, 1), draw(0, 7, 3, 2)};

	CHECK(equal(&first, &same));
	for (size_t i = 0; i < 3; i++)
		CHECK_MSG(!equal(&first, &others[i]), "%zu", i);
}

/* Every line of a page, and both orders, come up; nothing that a setup record refuses does. */
static void test_range(void)
{
	uint64_t lines = 0;
	unsigned orders = 0;

	for (uint64_t block = 0; block < 1000; block++) {
		struct worker_setup setup = draw(0, 1, block, 0);

		CHECK(setup.environment_bytes < SETUP_PAGE_BYTES && setup.order < 2);
		CHECK(setup.stack_bytes < SETUP_PAGE_BYTES && setup.stack_bytes % 16 == 0);
		CHECK(setup.shift_bytes < SETUP_PAGE_BYTES && setup.shift_bytes % 64 == 0);
		CHECK(setup.first_cpu < SETUP_CPU_ANY);
		lines |= UINT64_C(1) << setup.shift_bytes / 64;
		orders |= 1u << setup.order;
	}
	CHECK(lines == UINT64_MAX && orders == 3);
}

/* One that is fixed does not move the others, and a CPU that was asked for is kept. */
static void test_fixed(void)
{
	struct worker_setup all = draw(0, 7, 3, 1);
	struct worker_setup none = draw((1u << BIAS_COUNT) - 1, 7, 3, 1);
	struct worker_setup one = draw(1u << BIAS_SHIFT, 7, 3, 1);
	struct worker_setup pinned = {.cpu = 1, .first_cpu = 5};

	CHECK(none.environment_bytes == 0 && none.stack_bytes == 0 && none.shift_bytes == 0);
	CHECK(none.order == 0 && none.first_cpu == SETUP_CPU_ANY);
	CHECK(one.shift_bytes == 0);
	one.shift_bytes = all.shift_bytes;
	CHECK(equal(&one, &all));
	bias_draw(&pinned, 0, 7, 3);
	CHECK(pinned.first_cpu == SETUP_CPU_ANY);
}

static const struct test tests[] = {
	{"the same seed draws the same", test_seed},
	{"all that may be is drawn", test_range},
	{"what is fixed stays", test_fixed},
};

TEST_MAIN(tests)
