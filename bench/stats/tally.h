/* SPDX-License-Identifier: MIT */
/*
 * The raw sums of a cell's timed exchanges, as its processes deliver them;
 * bench/model/summary.h makes the CSV's means of them. All zero is an empty tally.
 */
#ifndef BENCH_STATS_TALLY_H
#define BENCH_STATS_TALLY_H

#include <stdint.h>

/* Figures that are unknown for at least one sample. */
enum tally_unknown {
	TALLY_COSTS = 1, /* of the client */
	TALLY_READ = 2,
	TALLY_RELEASE = 4,
	TALLY_VERIFY = 8,
	TALLY_VERIFIED = 16,
};

struct tally {
	unsigned unknown;        /* bits of enum tally_unknown */
	uint64_t samples;        /* timed exchanges */
	uint64_t verified;       /* of them, replies that were right */
	uint64_t client_detailed; /* of them, those whose phases and costs the client took */
	uint64_t server_detailed; /* those whose phases the server took; 0 if it is foreign */
	uint64_t server_costed;   /* those whose costs it took; 0 if it serves several clients */
	uint64_t wall_ns;        /* that the timed exchanges took, with all between them */

	/* Sums over samples. */
	uint64_t read_ns, release_ns, verify_ns;

	/* Sums over client_detailed, inside the clock. */
	uint64_t decode_ns;
	uint64_t client_cpu_ns, client_page_faults, client_context_switches;
	uint64_t client_involuntary_switches; /* of those */
	uint64_t client_migrations;           /* seen: ended on another CPU than begun */

	/* Sums over server_detailed, and over server_costed. */
	uint64_t make_ns, encode_ns;
	uint64_t server_cpu_ns, server_page_faults, server_context_switches;
	uint64_t server_involuntary_switches, server_migrations;

	uint64_t wire_bytes; /* of the last reply; 0: unknown */
	uint64_t client_peak_rss_bytes, server_peak_rss_bytes; /* 0: unknown */
};

/* Adds sums, keeps the larger peaks and the later reply's wire_bytes. */
void tally_merge(struct tally *into, const struct tally *from);

#endif
