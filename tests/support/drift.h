/* SPDX-License-Identifier: MIT */
/*
 * Runs on a machine whose state drifts, drawn for tests of verdicts: what the medians of blocks
 * are made of, and nothing of how they are measured.
 */
#ifndef TESTS_SUPPORT_DRIFT_H
#define TESTS_SUPPORT_DRIFT_H

#include <stddef.h>
#include <stdint.h>

#include "tests/support/noise.h"

#define DRIFT_ROUNDS_MAX 64
#define DRIFT_CELLS_MAX 8

/* Deviations of logarithms. A drift of 0.08 moves the median of a run of 12 rounds by a fifth. */
struct drift_world {
	double drift;  /* of the machine's state, from one block to the next */
	double wobble; /* of a block on its own */
	double bias;   /* of what a block draws once, as an alignment: plus or minus this */
	double factor; /* of the last cell's medians */
	size_t cells;
};

/*
 * A run as the schedule makes it: each round measures every cell once, in random order, while
 * the state of the machine walks on.
 */
static inline void drift_run(const struct drift_world *world, size_t rounds, uint64_t *seed,
			     double medians_ns[DRIFT_CELLS_MAX][DRIFT_ROUNDS_MAX])
{
	double state = 0;

	for (size_t round = 0; round < rounds; round++) {
		size_t order[DRIFT_CELLS_MAX];

		for (size_t i = 0; i < world->cells; i++)
			order[i] = i;
		for (size_t i = world->cells; i > 1; i--) {
			size_t j = (size_t)(noise_share(seed) * (double)i) % i;
			size_t cell = order[i - 1];

			order[i - 1] = order[j];
			order[j] = cell;
		}
		for (size_t i = 0; i < world->cells; i++) {
			double bias = noise_share(seed) < 0.5 ? world->bias : -world->bias;
			double base = order[i] + 1 == world->cells ? log(world->factor) : 0;

			state += world->drift * noise_normal(seed);
			medians_ns[order[i]][round] =
				1e6 * exp(base + state + bias + world->wobble * noise_normal(seed));
		}
	}
}

#endif
