/* SPDX-License-Identifier: MIT */
/* `ipctop list --floors`: the floors of this machine, measured now, for people and as values. */
#ifndef BENCH_FLOORS_REPORT_H
#define BENCH_FLOORS_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/floor_facts.h"
#include "bench/model.h"
#include "bench/plan.h"

struct floors_report {
	struct plan plan; /* a cell a shape; of its options, pin and pages count */
	struct floor_facts facts;
	struct host_facts host;
};

/*
 * Measures for these shapes (as --shapes takes them; NULL: the blog's four).
 * Blocks, a second or less a shape where it is not much larger than those. Fails
 * with ERR_USAGE, ERR_UNSUPPORTED (--pin split on one CPU), or what starting
 * workers gives. What could not be measured is NaN.
 */
int floors_report_make(struct floors_report *report, const char *shapes,
		       const struct plan_options *options, struct err *err);

void floors_report_free(struct floors_report *report);

/* Writes it as text. Errors stay in file. */
void floors_report_print(const struct floors_report *report, bool ascii, FILE *file);

#endif
