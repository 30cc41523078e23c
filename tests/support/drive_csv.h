/* SPDX-License-Identifier: MIT */
/* The reader of CSV: what it takes is written and read again as the same. */
#ifndef TESTS_SUPPORT_DRIVE_CSV_H
#define TESTS_SUPPORT_DRIVE_CSV_H

#include "bench/text/csv_read.h"

/*
 * As csv_parse, of a copy of its own, and held to what must be true of any bytes. csv_fini(csv)
 * whatever it returns.
 */
int drive_csv(struct csv *csv, const void *data, size_t size, struct err *err);

#endif
