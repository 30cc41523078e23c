/* SPDX-License-Identifier: MIT */
/* A JSON document that holds no results; the exporter of results is in json.c as well. */
#ifndef BENCH_REPORT_JSON_H
#define BENCH_REPORT_JSON_H

#include <stdio.h>

#include "bench/model/floor_survey.h"
#include "transports/err.h"

/*
 * Writes what `ipctop list --json` prints: transports with what they cannot run here,
 * shapes, presets; and floors, if they are not NULL.
 */
int json_list(const struct floor_survey *floors, FILE *file, struct err *err);

#endif
