/* SPDX-License-Identifier: MIT */
/* Bets against a fair coin, and the confidence sequence that follows from them. */
#include "bench/stats/sequential.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 64

const char *const sequential_state_names[] = {
	[SEQUENTIAL_UNDECIDED] = "undecided",
	[SEQUENTIAL_A_FASTER] = "A faster",
	[SEQUENTIAL_B_FASTER] = "B faster",
	[SEQUENTIAL_SAME] = "same",
};

/* log(n!); lgamma writes a global. */
static double log_factorial(size_t n)
{
	int sign;

	return lgamma_r((double)n + 1, &sign);
}

double sequential_log_e(size_t rounds, size_t above)
{
	return (double)rounds * log(2) + log_factorial(above) + log_factorial(rounds - above) -
	       log_factorial(rounds + 1);
}

size_t sequential_rank(size_t rounds, double alpha)
{
	size_t low = 0;
	size_t high = rounds / 2; /* never rejected: e is smallest there, and below 1 */

	/* e falls with the count until the middle: search for the first that is not rejected. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sequential_log_e(rounds, middle) >= -log(alpha))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void sequential_init(struct sequential *duel, double alpha, double margin)
{
	*duel = (struct sequential){
		.alpha = alpha,
		.margin = margin,
		.e = 1,
		.ratio = NAN,
		.high = INFINITY,
	};
}

static int sequential_reserve(struct sequential *duel, struct err *err)
{
	size_t capacity = duel->capacity ? 2 * duel->capacity : CAPACITY_FIRST;
	double *logs;

	if (duel->rounds < duel->capacity)
		return 0;
	logs = reallocarray(duel->logs, capacity, sizeof(*logs));
	if (!logs)
		return err_set(err, ERR_MEMORY, "no memory for %zu rounds of a duel", capacity);
	duel->logs = logs;
	duel->capacity = capacity;
	return 0;
}

/* Moving up to a megabyte for the 100 000th round is nothing beside two blocks. */
static void sequential_insert(struct sequential *duel, double log_ratio)
{
	size_t low = 0;
	size_t high = duel->rounds;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (duel->logs[middle] < log_ratio)
			low = middle + 1;
		else
			high = middle;
	}
	memmove(&duel->logs[low + 1], &duel->logs[low],
		(duel->rounds - low) * sizeof(duel->logs[0]));
	duel->logs[low] = log_ratio;
	duel->rounds++;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static void sequential_measure(struct sequential *duel)
{
	size_t rounds = duel->rounds;
	size_t rank = sequential_rank(rounds, duel->alpha);
	size_t behind = smaller(duel->a_wins, duel->b_wins);
	size_t ties = rounds - duel->a_wins - duel->b_wins;

	duel->ratio = exp((duel->logs[(rounds - 1) / 2] + duel->logs[rounds / 2]) / 2);
	duel->low = rank ? exp(duel->logs[rank - 1]) : 0;
	duel->high = rank ? exp(duel->logs[rounds - rank]) : INFINITY;
	duel->e = exp(sequential_log_e(rounds, smaller(behind + ties, rounds / 2)));
}

static enum sequential_state sequential_judge(const struct sequential *duel)
{
	if (duel->high < 1)
		return SEQUENTIAL_A_FASTER;
	if (duel->low > 1)
		return SEQUENTIAL_B_FASTER;
	if (duel->high <= 1 + duel->margin && duel->low >= 1 / (1 + duel->margin) &&
	    duel->margin > 0)
		return SEQUENTIAL_SAME;
	return SEQUENTIAL_UNDECIDED;
}

int sequential_add(struct sequential *duel, double a_ns, double b_ns, struct err *err)
{
	if (!(a_ns > 0) || !(b_ns > 0) || !isfinite(a_ns) || !isfinite(b_ns))
		return err_set(err, ERR_RANGE, "a round's medians are %g and %g ns: not a ratio",
			       a_ns, b_ns);
	if (sequential_reserve(duel, err) != 0)
		return -1;
	duel->a_wins += a_ns < b_ns;
	duel->b_wins += a_ns > b_ns;
	sequential_insert(duel, log(a_ns / b_ns));
	sequential_measure(duel);
	if (duel->state == SEQUENTIAL_UNDECIDED) {
		duel->state = sequential_judge(duel);
		duel->decided_at = duel->state == SEQUENTIAL_UNDECIDED ? 0 : duel->rounds;
	}
	return 0;
}

void sequential_free(struct sequential *duel)
{
	free(duel->logs);
	duel->logs = NULL;
	duel->capacity = duel->rounds = 0;
}
