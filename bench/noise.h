/* SPDX-License-Identifier: MIT */
/*
 * What else the machine did while a block was measured: counters of the kernel,
 * read before and after. Reading takes some tens of microseconds, needs no
 * privilege, and is done between blocks only. Changes nothing on the machine.
 */
#ifndef BENCH_NOISE_H
#define BENCH_NOISE_H

#include <stdint.h>

/* A moment. Each is UINT64_MAX where this machine does not tell. */
struct noise_snapshot {
	uint64_t at_ns;
	uint64_t total_ticks; /* of all CPUs, idle too: /proc/stat */
	uint64_t idle_ticks;  /* idle and waiting for disks */
	uint64_t steal_ticks; /* a virtual machine's CPU that the host gave to others */
	uint64_t stall_us;    /* some task was waiting for a CPU: /proc/pressure/cpu */
	uint64_t own_cpu_ns;  /* of this process and its reaped children */
};

void noise_take(struct noise_snapshot *snapshot);

/* What came between snapshots, of one block or added up over several. All zero is empty. */
struct noise {
	uint64_t ticks, idle_ticks, steal_ticks; /* 0: unknown */
	uint64_t stall_us, stall_wall_ns;
	uint64_t busy_ns, own_ns, busy_wall_ns;  /* CPU time of everybody, and of ours */
};

void noise_add(struct noise *noise, const struct noise_snapshot *from,
	       const struct noise_snapshot *to);

/* Shares, 0 to 1; NaN where unknown. */
double noise_steal_share(const struct noise *noise);  /* of the CPUs' time */
double noise_stall_share(const struct noise *noise);  /* of the time */
double noise_others_cpus(const struct noise *noise);  /* CPUs that others kept busy: 0.5 is half a one */

/* The same from text, for tests: a /proc/stat and a /proc/pressure/cpu (may be ""). */
void noise_parse(struct noise_snapshot *snapshot, const char *stat, const char *pressure);

#endif
