/* SPDX-License-Identifier: MIT */
/* What machine this is. */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/model.h"

/* Fills facts, but for one_core; what cannot be found out stays "" or 0. */
void host_facts_read(struct host_facts *facts);

/* Whether two CPUs are threads of one core; false where the kernel does not say. */
bool host_same_core(uint32_t a, uint32_t b);

/* Processors that this process may run on; 0 if that is unknown. */
unsigned host_usable_cpus(void);

#endif
