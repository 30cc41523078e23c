/* SPDX-License-Identifier: MIT */
/* What machine this is. */
#ifndef BENCH_MACHINE_HOST_H
#define BENCH_MACHINE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/machine/pages.h"

/* The machine, as far as it is known; "" where not. */
struct host_facts {
	char host[64];
	char kernel[96];
	char cpu[96];
	char governor[32];
	unsigned cpus;
	uint64_t memory_bytes;
	unsigned cpus_usable;     /* by us; 0: unknown */
	char clock_source[32];
	char thp[PAGES_WORD_BYTES]; /* transparent huge pages: "madvise" */
	char mitigations[48];     /* of the processor's flaws: "5 mitigated, 1 vulnerable" */
	bool one_core;            /* the CPUs of --pin split are two threads of one core */
};

/* Fills facts, but for one_core; what cannot be found out stays "" or 0. */
void host_facts_read(struct host_facts *facts);

/* Whether two CPUs are threads of one core; false where the kernel does not say. */
bool host_same_core(uint32_t a, uint32_t b);

/* Processors that this process may run on; 0 if that is unknown. */
unsigned host_usable_cpus(void);

#endif
