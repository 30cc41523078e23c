/* SPDX-License-Identifier: MIT */
/* Measures the floors of this machine now, without a run. */
#ifndef BENCH_RUN_SURVEY_H
#define BENCH_RUN_SURVEY_H

#include "bench/machine/world.h"
#include "bench/model/floor_survey.h"
#include "transports/err.h"

/*
 * Measures for these shapes (as --shapes takes them; NULL: the blog's four).
 * Blocks, a second or less a shape where it is not much larger than those. Fails
 * with ERR_USAGE, ERR_UNSUPPORTED (--pin split on one CPU), or what starting
 * workers gives. What could not be measured is NaN.
 */
int floor_survey_make(struct floor_survey *survey, const char *shapes,
		      const struct plan_options *options, const struct world *world,
		      struct err *err);

void floor_survey_free(struct floor_survey *survey);

#endif
