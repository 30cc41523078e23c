/* SPDX-License-Identifier: MIT */
/* From histograms and sums to the figures of the CSV. Pure. */
#ifndef BENCH_MODEL_SUMMARY_H
#define BENCH_MODEL_SUMMARY_H

#include <stddef.h>
#include <stdint.h>

#include "bench/model/model.h"
#include "bench/stats/hist.h"
#include "bench/stats/tally.h"

/*
 * Fills out; see ipctop-csv(5) for what each figure means. latency, with_read
 * and tally may be NULL or empty; without a sample, every figure is NaN.
 * memcpy_ns: one warm copy of the payload, NaN if unknown.
 */
void summary_compute(struct summary *out, const struct hist *latency, const struct hist *with_read,
		     const struct tally *tally, const struct block_result *blocks,
		     size_t block_count, uint64_t payload_bytes, double memcpy_ns);

/*
 * The figures of both ways. tally must be what summary_compute was given, which knows of replies
 * alone.
 */
void summary_ways(struct summary *out, enum direction direction, const struct tally *tally);

/*
 * The figures of a load: what a schedule's samples, of `clients` processes at
 * once, came to. planned may be NULL (no rate), tally must be what
 * summary_compute was given.
 */
void summary_load(struct summary *out, const struct hist *planned, const struct tally *tally,
		  uint64_t clients);

/* Half the width of the median's interval, so that it is printed as far as it is known; or NaN. */
double summary_within_ns(const struct summary *summary);

/* A figure of which 0 means that it is not known: NaN then. */
double summary_known(uint64_t value);

#endif
