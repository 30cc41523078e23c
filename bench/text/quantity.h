/* SPDX-License-Identifier: MIT */
/*
 * Quantities as people type them, the same in every locale. Pure. A number is digits
 * and one point: "2", "0.5", ".5"; its unit follows at once or after a space. What 64 bits
 * do not hold is UINT64_MAX, so that who knows the limits can say "too large". Each
 * returns -1, and leaves what is pointed to alone, on anything else.
 */
#ifndef BENCH_TEXT_QUANTITY_H
#define BENCH_TEXT_QUANTITY_H

#include <stdint.h>

#define BILLION UINT64_C(1000000000)

/*
 * "10s", "500ms", "2m", "1.5 h", and whatever else fmt_ns writes; without a unit they are
 * seconds. Fractions of a nanosecond are cut off.
 */
int quantity_time_ns(const char *text, uint64_t *ns);

/* "200", "1k", "1.5M": of 1000, and whole. */
int quantity_count(const char *text, uint64_t *count);

/* "512", "64 B", "4K" and "4KiB" of 1024, "4kB" of 1000; whole. */
int quantity_bytes(const char *text, uint64_t *bytes);

/* "0.5", "200", "1k", in billionths: for rates. */
int quantity_billionths(const char *text, uint64_t *billionths);

/* "5", "2.5", "10 %", in billionths of a per cent. */
int quantity_percent(const char *text, uint64_t *billionths);

#endif
