/* SPDX-License-Identifier: MIT */
/*
 * Plans: one that is made holds every pair of its lists once, and what is said about its cells
 * makes sense.
 */
#ifndef TESTS_SUPPORT_DRIVE_PLAN_H
#define TESTS_SUPPORT_DRIVE_PLAN_H

#include "bench/plan/plan.h"

/* Holds what plan_make or plan_make_duel has done, and returned, to that. Returns status. */
int drive_plan(int status, const struct plan *plan, const struct err *err);

#endif
