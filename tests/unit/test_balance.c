/* SPDX-License-Identifier: MIT */
/*
 * Intervals by blocks on made-up machines whose state drifts slowly, a thousand seeds each: how
 * often they hold, of the state that was measured, of ratios by round, and where rounds are added
 * until they are narrow. And the blocks and samples that a width takes, by hand.
 */
#include "bench/stats/balance.h"

#include <math.h>

#include "bench/stats/interval.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

#define SEEDS 1000
#define HOLD_LEAST 930

/*
 * The logarithm of what the machine's state does to all latencies: first-order autoregressive, as
 * it was measured to be (DECISIONS.md): 0.25 between runs, and lasting longer than one.
 */
struct machine {
	uint64_t noise;
	double state;
	double memory; /* of a block's state in the next one's */
};

#define STATE_DEVIATION 0.25

static struct machine machine_make(uint64_t seed, double memory)
{
	struct machine machine = {.noise = seed * 0x9E3779B9u + 1, .memory = memory};

	machine.state = STATE_DEVIATION * noise_normal(&machine.noise);
	return machine;
}

static void machine_drift(struct machine *machine)
{
	machine->state = machine->memory * machine->state +
			 sqrt(1 - machine->memory * machine->memory) * STATE_DEVIATION *
				 noise_normal(&machine->noise);
}

/* The log median of a block of that cell, now: processes, placement and few samples vary it. */
static double machine_block(struct machine *machine, double log_median, double deviation)
{
	return log_median + machine->state + deviation * noise_normal(&machine->noise);
}

static bool holds(const struct interval *interval, double log_truth)
{
	return interval->low <= exp(log_truth) && exp(log_truth) <= interval->high;
}

/* How many of the seeds' intervals hold the mean state of their run. */
static size_t count_state_held(size_t blocks, double memory, double deviation)
{
	size_t held = 0;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct machine machine = machine_make(seed, memory);
		struct moments logs = {0};
		struct moments states = {0};
		struct interval interval;

		for (size_t i = 0; i < blocks; i++) {
			machine_drift(&machine);
			moments_add(&logs, machine_block(&machine, 14, deviation));
			moments_add(&states, machine.state);
		}
		interval = interval_of_logs(&logs, 0);
		held += holds(&interval, 14 + states.mean);
	}
	return held;
}

/* Memory of 0.99: the state lasts for a hundred blocks; of 0.9: for ten. */
static void test_state(void)
{
	static const size_t blocks[] = {3, 5, 12, 20};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		size_t slow = count_state_held(blocks[i], 0.99, 0.1);
		size_t fast = count_state_held(blocks[i], 0.9, 0.05);

		CHECK_MSG(slow >= HOLD_LEAST, "%zu blocks: %zu of %d", blocks[i], slow, SEEDS);
		CHECK_MSG(fast >= HOLD_LEAST, "%zu blocks: %zu of %d", blocks[i], fast, SEEDS);
	}
}

/* Two cells of a round are in one state, but for what drifts between their two blocks. */
static size_t count_ratio_held(size_t blocks, double memory, double deviation)
{
	size_t held = 0;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct machine machine = machine_make(seed, memory);
		struct moments logs = {0};
		struct interval interval;

		for (size_t i = 0; i < blocks; i++) {
			bool swap = noise_share(&machine.noise) < 0.5; /* the order of the round */
			double first, second;

			machine_drift(&machine);
			first = machine_block(&machine, swap ? log(1.1) : 0, deviation);
			machine_drift(&machine);
			second = machine_block(&machine, swap ? 0 : log(1.1), deviation);
			moments_add(&logs, swap ? first - second : second - first);
		}
		interval = interval_of_logs(&logs, 0);
		held += holds(&interval, log(1.1));
	}
	return held;
}

static void test_ratio(void)
{
	static const size_t blocks[] = {3, 6, 12, 20};

	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		size_t slow = count_ratio_held(blocks[i], 0.99, 0.1);
		size_t fast = count_ratio_held(blocks[i], 0.9, 0.05);

		CHECK_MSG(slow >= HOLD_LEAST, "%zu blocks: %zu of %d", blocks[i], slow, SEEDS);
		CHECK_MSG(fast >= HOLD_LEAST, "%zu blocks: %zu of %d", blocks[i], fast, SEEDS);
	}
}

#define ROUNDS_MOST 2000

/* Rounds until the rule stops them. */
static size_t count_stopped_held(double wanted, double memory, double deviation, size_t *rounds)
{
	size_t held = 0;

	*rounds = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct machine machine = machine_make(seed, memory);
		struct moments logs = {0};
		struct moments states = {0};
		struct interval interval;
		size_t within = 0;

		while (within < BALANCE_ROUNDS_WITHIN && logs.count < ROUNDS_MOST) {
			machine_drift(&machine);
			moments_add(&logs, machine_block(&machine, 14, deviation));
			moments_add(&states, machine.state);
			interval = interval_of_logs(&logs, 0);
			within = balance_rounds_within(within, logs.count,
						       interval_half_width(&interval), wanted);
		}
		*rounds += logs.count;
		held += logs.count < ROUNDS_MOST && holds(&interval, 14 + states.mean);
	}
	*rounds /= SEEDS;
	return held;
}

/* From where five blocks are nearly always enough to where dozens are needed. */
static void test_stopping(void)
{
	static const double deviations[] = {0.02, 0.05, 0.07, 0.1, 0.15, 0.2};
	size_t rounds;

	for (size_t i = 0; i < sizeof(deviations) / sizeof(deviations[0]); i++) {
		size_t held = count_stopped_held(0.05, 0.9999, deviations[i], &rounds);

		CHECK_MSG(held >= HOLD_LEAST, "%g: %zu of %d, %zu rounds", deviations[i], held,
			  SEEDS, rounds);
	}
	CHECK_MSG(rounds > 50 && rounds < 80, "%zu rounds", rounds);
	/* A state that drifts within the run only makes it longer. */
	CHECK(count_stopped_held(0.1, 0.999, 0.1, &rounds) >= HOLD_LEAST);
}

/* What alignment does, 10 % in half of all placements, is drawn anew for each block. */
static void test_bias_is_spread(void)
{
	size_t differ = 0;
	double spread = 0;

	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct machine machine = machine_make(seed, 0.99);
		struct moments logs = {0};
		struct interval interval;

		for (size_t i = 0; i < 12; i++) {
			double a = noise_share(&machine.noise) < 0.5 ? log(1.1) : 0;
			double b = noise_share(&machine.noise) < 0.5 ? log(1.1) : 0;

			machine_drift(&machine);
			moments_add(&logs, machine_block(&machine, a, 0.01) -
						   machine_block(&machine, b, 0.01));
		}
		interval = interval_of_logs(&logs, 0.001);
		differ += interval.low > 1 || interval.high < 1;
		spread += interval_half_width(&interval) / SEEDS;
	}
	CHECK_MSG(differ <= SEEDS - HOLD_LEAST, "%zu of %d", differ, SEEDS);
	CHECK_MSG(spread > 0.03, "%g", spread);
}

/* sqrt(30 ms / 100 us * pi / 2 * 0.04 / (0.01 - pi / 2 * 0.04 / 50)) by hand. */
static void test_samples(void)
{
	struct balance balance = {
		.within2 = 0.04, .between2 = 0.01, .samples = 50,
		.set_up_ns = 30e6, .exchange_ns = 100e3,
	};
	double samples = balance_samples(&balance);

	CHECK_MSG(fabs(samples - 46.43) < 0.01, "%g", samples);
	/* Blocks that differ by no more than their samples: as many as there is room for. */
	balance.between2 = 0.001;
	CHECK(isinf(balance_samples(&balance)));
	/* Blocks that differ and samples that do not: one is enough. */
	balance = (struct balance){
		.within2 = 1e-8, .between2 = 0.1, .samples = 50,
		.set_up_ns = 1e6, .exchange_ns = 1e6,
	};
	CHECK(balance_samples(&balance) == 1);
}

static void test_blocks(void)
{
	struct moments logs = {0};
	size_t blocks;

	moments_add(&logs, 0.1);
	moments_add(&logs, -0.1);
	CHECK(balance_blocks(&logs, 0.01) == 0);
	moments_add(&logs, 0);
	/* The deviation is 0.1: 1.96^2 * 100 = 384, and a few for Student. */
	blocks = balance_blocks(&logs, 0.01);
	CHECK_MSG(blocks == 387, "%zu", blocks);
	CHECK(balance_blocks(&logs, 10) == 3);
	CHECK(balance_blocks(&logs, 0) == 0);
	/* Ten blocks for +-0.0715: t of 9 degrees is 2.262. */
	blocks = balance_blocks(&logs, 2.2622 * 0.1 / sqrt(10));
	CHECK_MSG(blocks == 10, "%zu", blocks);
}

static const struct test tests[] = {
	{"the state that was measured is held", test_state},
	{"ratios by round are held", test_ratio},
	{"intervals that rounds were added for are held", test_stopping},
	{"what is drawn anew for each block is spread", test_bias_is_spread},
	{"samples of a block", test_samples},
	{"blocks for a width", test_blocks},
};

TEST_MAIN(tests)
