/* SPDX-License-Identifier: MIT */
/*
 * Figures for people: three significant digits with the unit attached, the same
 * in every locale. NaN becomes "-". Each returns text.
 */
#ifndef BENCH_TEXT_FMT_H
#define BENCH_TEXT_FMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FMT_BYTES 24

/* 1234567 -> "1.23ms"; "µs" is written with U+00B5, or "us" where ascii is set. From ns up to h. */
char *fmt_ns(double ns, bool ascii, char text[FMT_BYTES]);

/*
 * The same with no more digits than are known, but two at least: of 252 us within 35, "250us", of
 * 2.93 ms within 0.05, "2.93ms". within: half the width of its interval; NaN: not known.
 */
char *fmt_ns_within(double ns, double within_ns, bool ascii, char text[FMT_BYTES]);

/*
 * 1204224 -> "1.2 MB" (powers of 1000: payloads); whole GiB and TiB keep these
 * units: 1073741824 -> "1 GiB".
 */
char *fmt_payload(uint64_t bytes, char text[FMT_BYTES]);

/* Powers of 1024, for memory: "23.4 GiB". */
char *fmt_memory(double bytes, char text[FMT_BYTES]);

/* Bytes per second: "6.54 GB/s". */
char *fmt_rate(double bytes_per_s, char text[FMT_BYTES]);

/* The same where there is little room: "6.54G", "999", "65.4k". */
char *fmt_rate_short(double bytes_per_s, char text[FMT_BYTES]);

/*
 * For a column of rates: its unit goes by the fastest of them ("MB/s"; "GB/s" for NaN), which
 * is its heading. Of a rate the number alone follows, as "7.27" or "0.161", but one below a
 * tenth of the unit names its own: "4.65 MB/s".
 */
const char *fmt_rate_unit(double fastest);
char *fmt_rate_in(double bytes_per_s, double fastest, char text[FMT_BYTES]);

/* Whether a rate's own unit is named there. */
bool fmt_rate_is_far(double bytes_per_s, double fastest);

/*
 * 31.3 -> "31.3x" (or with the sign times where not ascii). 1 -> "1.00x"; from 100 on
 * no fraction.
 */
char *fmt_ratio(double ratio, bool ascii, char text[FMT_BYTES]);

/* A duration as a clock: "02:41", "1:12:00". */
char *fmt_clock(double ns, char text[FMT_BYTES]);

/* 12345 -> "12 345"; for counts. */
char *fmt_count(double count, char text[FMT_BYTES]);

#endif
