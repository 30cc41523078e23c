/* SPDX-License-Identifier: MIT */
/* What machine this is. */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include "bench/model.h"

/* Fills facts; what cannot be found out stays "" or 0. */
void host_facts_read(struct host_facts *facts);

#endif
