/* SPDX-License-Identifier: MIT */
/*
 * What `run` prints of requests on a schedule, below the comparison: for each
 * transport and shape the rates that were asked for and reached, the raw latency
 * beside that from the planned start, drawn; of a sweep, the knee.
 */
#ifndef BENCH_REPORT_TABLE_LOAD_H
#define BENCH_REPORT_TABLE_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/report/export.h"
#include "bench/stats/knee.h"

/* Writes nothing where no rate was asked for. Errors stay in file. */
void table_load_put(const struct model *model, const struct table_style *style, FILE *file);

/*
 * The points of a sweep: those after its closed loop, model->cells[base]. Returns how
 * many there are, 0 if base is no sweep's.
 */
size_t table_load_points(const struct model *model, size_t base,
			 struct knee_point points[PLAN_SWEEP_STEPS]);

#define TABLE_LOAD_TEXT_BYTES 240

/*
 * "Not monotone: 900/s took 1.00ms, less than 500/s with 1.30ms. ...", of points in the order of
 * their rates; "" if they are. Returns text.
 */
char *table_load_remark(const struct knee_point *points, size_t count, bool ascii,
			char text[TABLE_LOAD_TEXT_BYTES]);

#endif
