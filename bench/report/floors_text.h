/* SPDX-License-Identifier: MIT */
/* The floors of this machine as text. */
#ifndef BENCH_REPORT_FLOORS_TEXT_H
#define BENCH_REPORT_FLOORS_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "bench/model/floor_survey.h"

/* Writes them as text. Errors stay in file. */
void floors_text(const struct floor_survey *survey, bool ascii, FILE *file);

#endif
