/* SPDX-License-Identifier: MIT */
/*
 * The raw sums of a cell's timed exchanges, as its processes deliver them;
 * bench/model/summary.h makes the CSV's means of them. All zero is an empty tally.
 */
#ifndef BENCH_STATS_TALLY_H
#define BENCH_STATS_TALLY_H

#include <stdint.h>

/*
 * An exchange has two ends. A process between two others is the client of
 * one of its exchanges and the server of another.
 */
enum end {
	END_SERVER,
	END_CLIENT,
	ENDS,
};

/* What exchanges cost the process at one of their ends, inside the clock. */
struct end_cost {
	uint64_t cpu_ns;
	uint64_t page_faults;
	uint64_t context_switches;
	uint64_t involuntary_switches; /* of those: the CPU was taken away */
	uint64_t migrations;           /* seen: ended on another CPU than begun */
};

/* Figures that are unknown for at least one sample. */
enum tally_unknown {
	TALLY_READ = 1,
	TALLY_RELEASE = 2,
	TALLY_VERIFY = 4,
	TALLY_VERIFIED = 8,
	TALLY_REQUEST_READ = 16,
};

struct tally {
	unsigned unknown;        /* bits of enum tally_unknown */
	uint64_t samples;        /* timed exchanges */
	uint64_t verified;       /* of them, replies that were right */
	uint64_t detailed[ENDS]; /* of them, those whose phases this end took; 0 if it is foreign */
	uint64_t costed[ENDS];   /* those whose costs are known; 0 if it has several others */
	uint64_t wall_ns;        /* that the timed exchanges took, with all between them */

	/* Sums over samples. release and verify are of both ends' arrays. */
	uint64_t read_ns, release_ns, verify_ns;
	uint64_t request_read_ns; /* by the server, of the request's array */

	/* Sums over those that are detailed: by the client, by the server. */
	uint64_t decode_ns;
	uint64_t make_ns, encode_ns;
	/* The same of the request's array: by the client, by the server. */
	uint64_t request_make_ns, request_encode_ns;
	uint64_t request_decode_ns;

	struct end_cost cost[ENDS]; /* sums over those that are costed */

	uint64_t wire_bytes;           /* of the last reply; 0: unknown */
	uint64_t request_wire_bytes;   /* of the last request, if it carried an array */
	uint64_t peak_rss_bytes[ENDS]; /* 0: unknown */
};

/* Adds up the costs of one more exchange, or of more. */
void end_cost_add(struct end_cost *into, const struct end_cost *from);

/* Adds sums, keeps the larger peaks and what the later exchange took on the wire. */
void tally_merge(struct tally *into, const struct tally *from);

#endif
