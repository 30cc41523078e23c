/* SPDX-License-Identifier: MIT */
/* The reader of pairs files: what it takes keeps to what the registry is promised. */
#ifndef TESTS_SUPPORT_DRIVE_PAIRS_H
#define TESTS_SUPPORT_DRIVE_PAIRS_H

#include "bench/plan/foreign_pairs.h"

/*
 * As pairs_parse, of a copy of its own, and held to what must be true of any bytes. pairs is
 * zero before; pairs_fini(pairs) whatever it returns.
 */
int drive_pairs(struct pairs *pairs, const void *text, size_t size, struct err *err);

#endif
