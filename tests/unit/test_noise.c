/* SPDX-License-Identifier: MIT */
/* The kernel's counters: read from text, and what their difference says. */
#include <unistd.h>

#include "bench/machine/noise.h"
#include "tests/support/test.h"

#define UNKNOWN UINT64_MAX

static void test_parse(void)
{
	struct noise_snapshot snapshot;

	noise_parse(&snapshot, "cpu  100 20 30 4000 50 6 7 80 90 0\ncpu0 1 2\n",
		    "some avg10=1.00 avg60=0.50 avg300=0.10 total=1234567\nfull avg10=0 total=9\n");
	CHECK(snapshot.total_ticks == 4293); /* without guests, which are in user */
	CHECK(snapshot.idle_ticks == 4050 && snapshot.steal_ticks == 80);
	CHECK(snapshot.stall_us == 1234567);
}

static void test_parse_bad(void)
{
	static const char *const stats[] = {
		"", "cpu", "cpu ", "cpu  1 2 3\n", "intr 1 2", "cpu0 1 2 3 4 5 6 7 8"};
	static const char *const pressures[] = {"", "some", "some avg10=0.00\nfull total=5",
						"full total=7"};
	struct noise_snapshot snapshot;

	for (size_t i = 0; i < sizeof(stats) / sizeof(stats[0]); i++) {
		noise_parse(&snapshot, stats[i], "");
		CHECK_MSG(snapshot.total_ticks == UNKNOWN && snapshot.steal_ticks == UNKNOWN, "%s",
			  stats[i]);
	}
	for (size_t i = 0; i < sizeof(pressures) / sizeof(pressures[0]); i++) {
		noise_parse(&snapshot, "", pressures[i]);
		CHECK_MSG(snapshot.stall_us == UNKNOWN, "%s", pressures[i]);
	}
}

/* Two blocks of 1000 ticks each, of which 30 stolen, 1200 idle, 670 ours, 100 others'. */
static void test_shares(void)
{
	uint64_t tick_ns = 1000000000u / (uint64_t)sysconf(_SC_CLK_TCK);
	struct noise_snapshot a = {.at_ns = 5, .total_ticks = 100, .own_cpu_ns = 7};
	struct noise_snapshot b = {
		.at_ns = 5 + 5000000000u,
		.total_ticks = 1100,
		.idle_ticks = 600,
		.steal_ticks = 15,
		.stall_us = 250000,
		.own_cpu_ns = 7 + 335 * tick_ns,
	};
	struct noise noise = {0};

	noise_add(&noise, &a, &b);
	noise_add(&noise, &a, &b);
	CHECK(fabs(noise_steal_share(&noise) - 0.015) < 1e-9);
	CHECK(fabs(noise_stall_share(&noise) - 0.05) < 1e-9);
	CHECK_MSG(fabs(noise_others_share(&noise) - 0.05) < 1e-9, "%g", noise_others_share(&noise));
}

/* Nothing is said of nothing, of too little, of one end, or of counters that went back. */
static void test_unknown(void)
{
	struct noise_snapshot a = {0};
	struct noise_snapshot b = {.at_ns = 1000, .total_ticks = 20};
	struct noise noise = {0};

	CHECK(isnan(noise_steal_share(&noise)) && isnan(noise_stall_share(&noise)));
	noise_add(&noise, &a, &b);
	CHECK(isnan(noise_steal_share(&noise)) && isnan(noise_others_share(&noise)));
	noise = (struct noise){0};
	b.total_ticks = 5000;
	b.idle_ticks = a.stall_us = UNKNOWN;
	noise_add(&noise, &a, &b);
	CHECK(isnan(noise_steal_share(&noise)) && isnan(noise_stall_share(&noise)));
	b.idle_ticks = 10;
	a.steal_ticks = 1;
	noise_add(&noise, &a, &b);
	CHECK(isnan(noise_steal_share(&noise)));
}

/* This machine's, whatever it is. */
static void test_here(void)
{
	struct noise_snapshot a;
	struct noise_snapshot b;
	struct noise noise = {0};

	noise_take(&a);
	for (volatile unsigned i = 0; i < 3000000; i++)
		continue;
	noise_take(&b);
	CHECK(b.at_ns > a.at_ns && b.own_cpu_ns >= a.own_cpu_ns);
	noise_add(&noise, &a, &b);
	CHECK(a.total_ticks == UNKNOWN || (b.total_ticks >= a.total_ticks && a.total_ticks > 0));
	CHECK(isnan(noise_stall_share(&noise)) || noise_stall_share(&noise) <= 1);
}

static const struct test tests[] = {
	{"noise from the kernel's text", test_parse},
	{"noise from text that is not the kernel's", test_parse_bad},
	{"noise as shares of two blocks", test_shares},
	{"noise unknown", test_unknown},
	{"noise of this machine", test_here},
};

TEST_MAIN(tests)
