/* SPDX-License-Identifier: MIT */
/*
 * How far a cell's figures can be trusted: a grade and the reasons for it, from
 * facts on the machine and on the figures themselves. The worst reason decides.
 * Pure; the rules, their thresholds and why they are what they are, are in trust.c.
 */
#ifndef BENCH_MODEL_TRUST_H
#define BENCH_MODEL_TRUST_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What is unknown is NaN, or "", and counts neither for nor against: a grade
 * judges what could be seen.
 */
struct trust_facts {
	/* The machine while it was measured: bench/machine/noise.h, struct host_facts. */
	double steal_share;
	double stall_share;   /* NaN too where our own ends must share a CPU */
	double others_share;  /* of all CPUs, busy with others' work */
	const char *governor; /* borrowed, as the next */
	const char *clock_source;
	/* The pair. */
	double cpus;         /* it might use */
	double one_cpu_spin; /* 1: both ends poll, on one CPU; 0 */
	double one_core;     /* 1: pinned to two threads of one core; 0 */
	double migrations;   /* an exchange, both ends */
	double preemptions;  /* involuntary context switches, the same */
	double mean_ns;      /* of the latency, to weigh those two */
	/* The figures. */
	double samples;
	double blocks;
	double interval_width; /* of the median's 95 % interval, over the median: 0.02 */
	double block_spread;   /* highest over lowest median of a block, less 1 */
	double drift_ratio;    /* last over first tenth, where it is beyond noise; else 1 */
	double modes;          /* humps of the distribution */
	double rate_reached; /* exchanges a second over those asked for; NaN: none was asked for */
};

/* Everything unknown. */
struct trust_facts trust_facts_unknown(void);

#define TRUST_REASONS_MAX 17
#define TRUST_REASON_BYTES 80
#define TRUST_SENTENCE_BYTES 120

struct trust_reason {
	char grade;                    /* what it alone would give: 'B' to 'F' */
	bool grave;                    /* a C or worse, or makes a median mean something else */
	char text[TRUST_REASON_BYTES]; /* "steal 3.1 % of the time", as the CSV has it */
	char sentence[TRUST_SENTENCE_BYTES];
	const char *advice;            /* what would help, a sentence; static */
};

struct trust {
	char grade; /* 'A', 'B', 'C', 'D', 'F'; 0: nothing was judged */
	size_t count;
	struct trust_reason reasons[TRUST_REASONS_MAX]; /* the worst first */
};

void trust_grade(const struct trust_facts *facts, struct trust *out);

#define TRUST_TEXT_BYTES 400

/* All reasons in one line, "; " between them; what does not fit is left out. Returns text. */
char *trust_format(const struct trust *trust, char text[TRUST_TEXT_BYTES]);

/* The sentences of all reasons, or of the grave ones alone, likewise. Returns text. */
char *trust_says(const struct trust *trust, bool all, char text[TRUST_TEXT_BYTES]);

#endif
