/* SPDX-License-Identifier: MIT */
/* Our JSON documents. The only file in bench/ that knows cJSON is json.c. */
#ifndef BENCH_REPORT_JSON_H
#define BENCH_REPORT_JSON_H

#include <stdio.h>

#include "bench/model/floor_survey.h"
#include "bench/model/model.h"
#include "transports/err.h"

/*
 * Writes {"run": {...}, "cells": [...]}: a cell has the CSV's columns as members,
 * null where unknown, and "histogram", its buckets as [lowest ns, count]. Cells
 * without a result so far are left out.
 */
int json_export(const struct model *model, FILE *file, struct err *err);

/*
 * Writes what `ipctop list --json` prints: transports with what they cannot run here,
 * shapes, presets; and floors, if they are not NULL.
 */
int json_list(const struct floor_survey *floors, FILE *file, struct err *err);

#endif
