/* SPDX-License-Identifier: MIT */
/* Quantities as people type them, the same in every locale. Pure. */
#ifndef BENCH_TEXT_QUANTITY_H
#define BENCH_TEXT_QUANTITY_H

#include <stdint.h>

#define BILLION UINT64_C(1000000000)

/*
 * Reads "2", "0.5" or ".5" in billionths: digits and one point. Returns -1, and leaves
 * *billionths alone, on anything else and on what is far beyond a billion.
 */
int quantity_billionths(const char *text, uint64_t *billionths);

#endif
