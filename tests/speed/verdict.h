/* SPDX-License-Identifier: MIT */
/* The words in which every section of the bench says whether a bound is met. */
#ifndef TESTS_SPEED_VERDICT_H
#define TESTS_SPEED_VERDICT_H

#include <stdbool.h>

static inline const char *verdict(bool met)
{
	return met ? "met" : "NOT MET";
}

#endif
