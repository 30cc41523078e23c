/* SPDX-License-Identifier: MIT */
/*
 * What moves latencies though it has no part in what is compared: how large a process's
 * environment is, where its stack begins, where in a page its arrays lie, what it allocates
 * first, on which CPU it starts (Mytkowicz et al., "Producing Wrong Data Without Doing Anything
 * Obviously Wrong!", ASPLOS 2009; Curtsinger and Berger, "Stabilizer", ASPLOS 2013). Drawn anew
 * for each worker of each block, so that it is spread between blocks and no difference between
 * cells. Pure.
 */
#ifndef BENCH_RUN_BIAS_H
#define BENCH_RUN_BIAS_H

#include <stdint.h>

#include "bench/wire/setup.h"

/*
 * Fills the setup's biases for that member of that block: the same seed draws the same. fixed:
 * bits of enum plan_bias that are left as they are.
 */
void bias_draw(struct worker_setup *setup, unsigned fixed, uint64_t seed, uint64_t block);

#endif
