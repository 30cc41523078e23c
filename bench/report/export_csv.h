/* SPDX-License-Identifier: MIT */
/* The CSV of ipctop-csv(5): a header and a row for each cell in a final state. */
#ifndef BENCH_REPORT_EXPORT_CSV_H
#define BENCH_REPORT_EXPORT_CSV_H

#include <stdio.h>

#include "bench/model/model.h"
#include "transports/err.h"

int export_csv(const struct model *model, FILE *file, struct err *err);

#endif
