/* SPDX-License-Identifier: MIT */
/* The words in which every section of the bench says whether a bound is met. */
#ifndef BENCH_MICRO_VERDICT_H
#define BENCH_MICRO_VERDICT_H

#include <stdbool.h>

static inline const char *verdict(bool met)
{
	return met ? "met" : "NOT MET";
}

#endif
