/* SPDX-License-Identifier: MIT */
/* Pseudorandom noise for tests of statistics: the same on every machine, seeded by the test. */
#ifndef TESTS_SUPPORT_NOISE_H
#define TESTS_SUPPORT_NOISE_H

#include <math.h>
#include <stdint.h>

/* Even, above 0 and at most 1: splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static inline double noise_share(uint64_t *state)
{
	uint64_t bits = *state += 0x9E3779B97F4A7C15u;

	bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9u;
	bits = (bits ^ bits >> 27) * 0x94D049BB133111EBu;
	bits ^= bits >> 31;
	return ((double)(bits >> 11) + 1) / 9007199254740992.0;
}

/* A standard normal: Box and Muller (Ann. Math. Stat. 29, 1958). */
static inline double noise_normal(uint64_t *state)
{
	double radius = sqrt(-2 * log(noise_share(state)));

	return radius * cos(2 * acos(-1) * noise_share(state));
}

#endif
