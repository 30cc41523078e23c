/* SPDX-License-Identifier: MIT */
/*
 * What else the machine did while a block was measured: counters of the kernel,
 * read before and after. Reading takes some tens of microseconds, needs no
 * privilege, and is done between blocks only. Changes nothing on the machine.
 */
#ifndef BENCH_MACHINE_NOISE_H
#define BENCH_MACHINE_NOISE_H

#include <stdint.h>

/* The counters at one moment; UINT64_MAX where this machine does not tell. */
struct noise_snapshot {
	uint64_t at_ns;
	uint64_t total_ticks; /* of all CPUs, idle too: /proc/stat */
	uint64_t idle_ticks;  /* idle, or waiting for disks */
	uint64_t steal_ticks; /* of a virtual machine's CPUs: the host gave them to others */
	uint64_t stall_us;    /* some task was ready and had no CPU: /proc/pressure/cpu */
	uint64_t own_cpu_ns;  /* of this process and its children that were reaped */
};

void noise_take(struct noise_snapshot *snapshot);

/* The same from the first lines of both files ("": there is none); no time, no own_cpu_ns. */
void noise_parse(struct noise_snapshot *snapshot, const char *stat, const char *pressure);

/* What came between two snapshots, added up over several blocks. All zero is empty. */
struct noise {
	uint64_t ticks, idle_ticks, steal_ticks; /* 0: unknown */
	uint64_t own_ns;                         /* CPU time of our own, in those ticks */
	uint64_t stall_us, stall_wall_ns;        /* 0: unknown */
};

void noise_add(struct noise *noise, const struct noise_snapshot *from,
	       const struct noise_snapshot *to);

/* Shares, 0 to 1; NaN where unknown, or too short to tell. */
double noise_steal_share(const struct noise *noise);  /* of the CPUs' time */
double noise_stall_share(const struct noise *noise);  /* of the time */
double noise_others_share(const struct noise *noise); /* of the CPUs' time, not ours, not idle */

#endif
