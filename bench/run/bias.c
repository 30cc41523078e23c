/* SPDX-License-Identifier: MIT */
/* Biases, drawn for each worker of a block. */
#include "bench/run/bias.h"

#define LINE_BYTES 64u /* arrays begin at a line of the cache, as vectors want it */
#define STACK_STEP_BYTES 16u

/* SplitMix64, as in bench/run/schedule.c. */
static uint64_t bias_random(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* A multiple of step below most. All are drawn, so that fixing one does not move the others. */
static uint32_t bias_below(uint64_t *state, uint32_t most, uint32_t step)
{
	return (uint32_t)(bias_random(state) % (most / step)) * step;
}

void bias_draw(struct worker_setup *setup, unsigned fixed, uint64_t seed, uint64_t block)
{
	uint64_t state = seed ^ (block << 16 | setup->member) * 0x9E3779B97F4A7C15u;
	const uint32_t drawn[] = {
		[BIAS_ENVIRONMENT] = bias_below(&state, SETUP_PAGE_BYTES, 1),
		[BIAS_STACK] = bias_below(&state, SETUP_PAGE_BYTES, STACK_STEP_BYTES),
		[BIAS_SHIFT] = bias_below(&state, SETUP_PAGE_BYTES, LINE_BYTES),
		[BIAS_ORDER] = bias_below(&state, 2, 1),
		[BIAS_CPU] = bias_below(&state, SETUP_CPU_ANY, 1),
	};

	if (!(fixed & 1u << BIAS_ENVIRONMENT))
		setup->environment_bytes = drawn[BIAS_ENVIRONMENT];
	if (!(fixed & 1u << BIAS_STACK))
		setup->stack_bytes = drawn[BIAS_STACK];
	if (!(fixed & 1u << BIAS_SHIFT))
		setup->shift_bytes = drawn[BIAS_SHIFT];
	if (!(fixed & 1u << BIAS_ORDER))
		setup->order = drawn[BIAS_ORDER];
	setup->first_cpu = fixed & 1u << BIAS_CPU || setup->cpu != SETUP_CPU_ANY ?
				   SETUP_CPU_ANY :
				   drawn[BIAS_CPU];
}
