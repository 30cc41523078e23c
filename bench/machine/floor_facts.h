/* SPDX-License-Identifier: MIT */
/*
 * The floors of this machine, as values: what no transport can go below, beside
 * which every figure may be put. Each is the median of several measurements, in
 * ns; NaN where unknown. bench/run/floor.h has them measured.
 */
#ifndef BENCH_MACHINE_FLOOR_FACTS_H
#define BENCH_MACHINE_FLOOR_FACTS_H

#include <stddef.h>

/* Of one payload size. */
struct floor_row {
	size_t bytes;
	double memcpy_ns; /* one warm copy of the payload, one thread */
	double read_ns;   /* one warm pass over it: the sum that the read phase takes */
	double fault_ns;  /* mapping it (its first 256 MiB) anew and touching it, a page of 4 KiB:
			   * mmap's share, the fault, the kernel's zeroing; not unmapping */
};

#define FLOOR_PAGE_BYTES 4096

/* Of the machine, once a run: two processes, pinned as the pair is. */
struct floor_facts {
	double wakeup_ns;         /* there and back, each end asleep on a futex when it is called */
	double wakeup_spin_ns;    /* there and back, each end looking at a word with pauses */
	double line_ns;           /* there and back, one cache line between two CPUs */
	double clock_ns;          /* reading the clock once */
	double clock_step_ns;     /* the smallest step seen between two readings */
	const char *line_missing; /* why line_ns is not known: static; NULL if it is measured */
	struct floor_row *rows;   /* the run's; NULL: none */
	size_t row_count;
};

/* Nothing is known. */
void floor_facts_clear(struct floor_facts *facts);

/* The floors of a payload of so many bytes. */
struct floor_row floor_facts_row(const struct floor_facts *facts, size_t bytes);

#endif
