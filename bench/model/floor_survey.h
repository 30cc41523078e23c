/* SPDX-License-Identifier: MIT */
/* The floors of this machine for some shapes, as values: what `ipctop list --floors` shows. */
#ifndef BENCH_MODEL_FLOOR_SURVEY_H
#define BENCH_MODEL_FLOOR_SURVEY_H

#include "bench/machine/floor_facts.h"
#include "bench/machine/host.h"
#include "bench/plan/plan.h"

struct floor_survey {
	struct plan plan; /* a cell a shape; of its options, pin and pages count */
	struct floor_facts facts;
	struct host_facts host;
};

#endif
