/* SPDX-License-Identifier: MIT */
/*
 * The raw sums of a cell's timed exchanges, as its processes deliver them;
 * bench/summary.h makes the CSV's means of them. All zero is an empty tally.
 */
#ifndef BENCH_TALLY_H
#define BENCH_TALLY_H

#include <stdint.h>

struct tally {
	uint64_t samples;        /* timed exchanges */
	uint64_t verified;       /* of them, replies that were right */
	uint64_t server_samples; /* of them, those with our server's record; 0 if it is foreign */
	uint64_t cost_samples;   /* of them, those with costs */

	/* Sums over samples; make and encode over server_samples. */
	uint64_t make_ns, encode_ns;
	uint64_t decode_ns, read_ns, release_ns, verify_ns;

	/* Sums over cost_samples, inside the clock. */
	uint64_t client_cpu_ns, server_cpu_ns;
	uint64_t client_page_faults, server_page_faults;
	uint64_t client_context_switches, server_context_switches;

	uint64_t wire_bytes; /* of the last reply; 0: unknown */
	uint64_t client_peak_rss_bytes, server_peak_rss_bytes; /* 0: unknown */
};

/* Adds sums, keeps the larger peaks and the later reply's wire_bytes. */
void tally_merge(struct tally *into, const struct tally *from);

#endif
