/* SPDX-License-Identifier: MIT */
/* Duels that are looked at after every round: they may not say more than they know. */
#include <stdint.h>

#include "bench/stats/sequential.h"
#include "tests/support/noise.h"
#include "tests/support/test.h"

static void test_e(void)
{
	/* 2^n k!(n-k)!/(n+1)! by hand. */
	CHECK(fabs(exp(sequential_log_e(0, 0)) - 1) < 1e-12);
	CHECK(fabs(exp(sequential_log_e(1, 0)) - 1) < 1e-12);
	CHECK(fabs(exp(sequential_log_e(2, 1)) - 4.0 / 6) < 1e-12);
	CHECK(fabs(exp(sequential_log_e(10, 0)) - 1024.0 / 11) < 1e-9);
	CHECK(fabs(exp(sequential_log_e(10, 3)) - 1024.0 * 6 * 5040 / 39916800) < 1e-12);
}

/* Under a fair coin the mean of e over all outcomes stays 1: a martingale. */
static void test_martingale(void)
{
	for (size_t n = 1; n <= 400; n += 57) {
		double mean = 0;

		for (size_t k = 0; k <= n; k++)
			mean += exp(sequential_log_e(n, k) + lgamma((double)n + 1) -
				    lgamma((double)k + 1) - lgamma((double)(n - k) + 1) -
				    (double)n * log(2));
		CHECK_MSG(fabs(mean - 1) < 1e-9, "n %zu: %g", n, mean);
	}
	/* Far out, by the normal approximation of the binomial: log(sqrt(pi n / 2) / (n + 1)). */
	CHECK(fabs(sequential_log_e(100000, 50000) - log(sqrt(acos(-1) * 5e4) / 100001)) < 1e-4);
	CHECK(isfinite(sequential_log_e(10000000, 0)));
}

static void test_rank(void)
{
	CHECK(sequential_rank(0, 0.01) == 0 && sequential_rank(1, 0.01) == 0);
	CHECK(sequential_rank(10, 0.01) == 0); /* 2^10 / 11 is below 100, */
	CHECK(sequential_rank(11, 0.01) == 1); /* 2^11 / 12 is not */
	CHECK(sequential_rank(7, 0.05) == 0 && sequential_rank(8, 0.05) == 1);
	for (size_t n = 1; n < 3000; n += 7) {
		size_t rank = sequential_rank(n, 0.01);

		CHECK_MSG(sequential_log_e(n, rank) < log(100), "n %zu", n);
		CHECK_MSG(rank == 0 || sequential_log_e(n, rank - 1) >= log(100), "n %zu", n);
	}
}

static void test_verdict(void)
{
	struct sequential duel;

	sequential_init(&duel, 0.01, 0.05);
	CHECK(duel.e == 1 && duel.low == 0 && isinf(duel.high) && isnan(duel.ratio));
	for (int i = 0; i < 10; i++)
		CHECK(sequential_add(&duel, 80 + i, 100, NULL) == 0);
	CHECK(duel.state == SEQUENTIAL_UNDECIDED && duel.rounds == 10 && duel.a_wins == 10);
	CHECK(duel.low == 0 && isinf(duel.high));
	CHECK(fabs(duel.ratio - sqrt(0.84 * 0.85)) < 1e-9);
	CHECK(sequential_add(&duel, 70, 100, NULL) == 0);
	CHECK(duel.state == SEQUENTIAL_A_FASTER && duel.decided_at == 11);
	CHECK(fabs(duel.low - 0.70) < 1e-9 && fabs(duel.high - 0.89) < 1e-9);
	CHECK(fabs(duel.e - 2048.0 / 12) < 1e-9);
	for (int i = 0; i < 100; i++)
		CHECK(sequential_add(&duel, 100 + i, 100, NULL) == 0);
	CHECK(duel.state == SEQUENTIAL_A_FASTER && duel.decided_at == 11); /* the first stays */
	sequential_free(&duel);
}

/* Rounds from -1 % to 1 %: no winner, but the same within 5 %, and not within 0.1 %. */
static void test_same(void)
{
	const double margins[] = {0.05, 0.001, 0};

	for (size_t i = 0; i < 3; i++) {
		struct sequential duel;

		sequential_init(&duel, 0.01, margins[i]);
		for (int round = 0; round < 200; round++)
			CHECK(sequential_add(&duel, 1000 + (round * 8) % 21 - 10, 1000, NULL) == 0);
		CHECK_MSG(duel.state == (i == 0 ? SEQUENTIAL_SAME : SEQUENTIAL_UNDECIDED),
			  "margin %g: %s", margins[i], sequential_state_names[duel.state]);
		CHECK(duel.low < 1 && duel.high > 1 && duel.e < 1);
		sequential_free(&duel);
	}
}

/* Equal medians are no evidence for anybody, though evidence for "the same". */
static void test_ties(void)
{
	struct sequential duel;

	sequential_init(&duel, 0.01, 0.05);
	for (int i = 0; i < 40; i++)
		CHECK(sequential_add(&duel, 100, 100, NULL) == 0);
	CHECK(duel.state == SEQUENTIAL_SAME && duel.low == 1 && duel.high == 1);
	CHECK(duel.a_wins == 0 && duel.b_wins == 0);
	sequential_free(&duel);
	sequential_init(&duel, 0.01, 0);
	for (int i = 0; i < 100; i++)
		CHECK(sequential_add(&duel, i % 3 ? 100 : 90, 100, NULL) == 0);
	CHECK(duel.a_wins == 34 && duel.state == SEQUENTIAL_UNDECIDED && duel.e < 1);
	for (int i = 0; i < 200; i++)
		CHECK(sequential_add(&duel, 90, 100, NULL) == 0);
	CHECK(duel.state == SEQUENTIAL_A_FASTER);
	sequential_free(&duel);
}

static void test_refuses(void)
{
	struct sequential duel;
	struct err err = {0};

	sequential_init(&duel, 0.01, 0.05);
	CHECK(sequential_add(&duel, 0, 100, &err) == -1 && err.kind == ERR_RANGE);
	CHECK(sequential_add(&duel, (double)NAN, 100, NULL) == -1);
	CHECK(sequential_add(&duel, 100, (double)INFINITY, NULL) == -1);
	CHECK(duel.rounds == 0 && duel.state == SEQUENTIAL_UNDECIDED);
	sequential_free(&duel);
}

static void test_many_rounds(void)
{
	struct sequential duel;

	sequential_init(&duel, 0.01, 0);
	for (int i = 1; i <= 100000; i++)
		CHECK(sequential_add(&duel, 1e6 + i, 1.05e6, NULL) == 0);
	CHECK(duel.decided_at == 11 && duel.rounds == 100000);
	CHECK(duel.low > 1.0489 / 1.05 && duel.low < 1.05 / 1.05);
	CHECK(duel.high > duel.low && duel.high < 1.0512 / 1.05);
	sequential_free(&duel);
}

/* How blocks of one transport may vary: a factor on its median. */

static double noise_of_normals(uint64_t *seed)
{
	return exp(0.05 * noise_normal(seed));
}

/* Cauchy: no mean, no variance; now and then one block takes ten times as long. */
static double noise_heavy(uint64_t *seed)
{
	return exp(fmin(20, fmax(-20, 0.03 * tan(acos(-1) * (noise_share(seed) - 0.5)))));
}

/* A third of the blocks land in a slower place. */
static double noise_bimodal(uint64_t *seed)
{
	return (noise_share(seed) < 0.33 ? 1.5 : 1) * exp(0.01 * noise_normal(seed));
}

static double noise_coarse(uint64_t *seed)
{
	return floor(8 * noise_of_normals(seed)) / 8; /* mostly ties */
}

static const struct noise_kind {
	const char *name;
	double (*draw)(uint64_t *seed);
} noises[] = {
	{"normal", noise_of_normals},
	{"heavy-tailed", noise_heavy},
	{"bimodal", noise_bimodal},
	{"coarse", noise_coarse},
};

#define NOISES (sizeof(noises) / sizeof(noises[0]))

/* Plays duels of so many rounds, B slower by a factor; counts verdicts and misses of the truth. */
struct tally_of_duels {
	size_t a_faster, b_faster, missed, rounds;
};

static struct tally_of_duels duels_play(const struct noise_kind *noise, double factor, size_t duels,
					size_t rounds)
{
	struct tally_of_duels tally = {0};
	uint64_t seed = 42;

	for (size_t i = 0; i < duels; i++) {
		struct sequential duel;
		bool missed = false;

		sequential_init(&duel, 0.01, 0);
		for (size_t round = 0; round < rounds && !duel.decided_at; round++) {
			if (sequential_add(&duel, 1e6 * noise->draw(&seed),
					   1e6 * factor * noise->draw(&seed), NULL) != 0)
				abort();
			missed |= !(duel.low <= 1 / factor && 1 / factor <= duel.high);
		}
		tally.a_faster += duel.state == SEQUENTIAL_A_FASTER;
		tally.b_faster += duel.state == SEQUENTIAL_B_FASTER;
		tally.missed += missed;
		tally.rounds += duel.rounds;
		sequential_free(&duel);
	}
	return tally;
}

/* 2000 duels of a transport with itself, looked at 200 times each: 1 % may err. */
static void test_false_verdicts(void)
{
	for (size_t i = 0; i < NOISES; i++) {
		struct tally_of_duels tally = duels_play(&noises[i], 1, 2000, 200);
		size_t wrong = tally.a_faster + tally.b_faster;

		CHECK_MSG(wrong <= 20, "%s: %zu of 2000", noises[i].name, wrong);
		CHECK(tally.missed == wrong);
	}
}

/* What the same looks would do to an ordinary test: the reason for all this. */
static void test_ordinary_test_would_err(void)
{
	uint64_t seed = 42;
	size_t wrong = 0;

	for (size_t i = 0; i < 500; i++) {
		double balance = 0;

		for (size_t round = 1; round <= 200; round++) {
			balance += noise_share(&seed) < 0.5 ? 1 : -1;
			if (round >= 11 && fabs(balance) > 2.576 * sqrt((double)round)) {
				wrong++;
				break;
			}
		}
	}
	CHECK_MSG(wrong > 25, "%zu of 500", wrong); /* 5 are allowed at 1 % */
}

/* 5 % slower is found, and for the right one, with every noise but the coarse. */
static void test_power(void)
{
	for (size_t i = 0; i + 1 < NOISES; i++) {
		struct tally_of_duels tally = duels_play(&noises[i], 1.05, 300, 800);

		CHECK_MSG(tally.a_faster >= 297, "%s: %zu of 300", noises[i].name, tally.a_faster);
		CHECK_MSG(tally.b_faster <= 3, "%s: %zu", noises[i].name, tally.b_faster);
	}
}

/* The interval holds the true ratio in all rounds of 99 of 100 duels, until they end. */
static void test_coverage(void)
{
	for (size_t i = 0; i < 2; i++) {
		struct tally_of_duels tally = duels_play(&noises[i], 1.02, 1000, 150);

		CHECK_MSG(tally.missed <= 10, "%s: %zu of 1000", noises[i].name, tally.missed);
	}
}

static const struct test tests[] = {
	{"sequential e by hand", test_e},
	{"sequential e is a martingale", test_martingale},
	{"sequential rank", test_rank},
	{"sequential verdict", test_verdict},
	{"sequential same within a margin", test_same},
	{"sequential ties", test_ties},
	{"sequential refuses what is no ratio", test_refuses},
	{"sequential with 100 000 rounds", test_many_rounds},
	{"sequential false verdicts stay below alpha", test_false_verdicts},
	{"sequential looks would fool an ordinary test", test_ordinary_test_would_err},
	{"sequential finds 5 %", test_power},
	{"sequential interval holds the truth", test_coverage},
};

TEST_MAIN(tests)
