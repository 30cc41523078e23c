/* SPDX-License-Identifier: MIT */
/*
 * What the records of a block carry, but for `setup` (bench/wire/setup.h): each is written and
 * read here. To read is to check: nothing else looks into a record of another process.
 */
#ifndef BENCH_WIRE_RECORDS_H
#define BENCH_WIRE_RECORDS_H

#include <stdint.h>

#include "bench/wire/control.h"
#include "transports/carrier.h"
#include "transports/err.h"

/* `begin`: what one client may use up. */
struct begin {
	uint64_t warmup; /* or PLAN_WARMUP_AUTO */
	uint64_t samples;
	uint64_t budget_ns;
	uint64_t timeout_ns; /* for an exchange; 0: any */
};

void begin_write(const struct begin *begin, struct record_writer *writer);
int begin_read(struct begin *begin, const struct record *record, struct err *err);

/* The address of `ready`, where a worker listens, and of `connect`, which is told of it. */
void address_write(const char *verb, const char *address, struct record_writer *writer);
int address_read(char address[CARRIER_ADDRESS_BYTES], const struct record *record, struct err *err);

/*
 * `error`: what went wrong with a worker, and how long before it says so. Reading it always
 * leaves an error in failure, which was none: one whose kind makes no sense is ERR_PROTOCOL, and
 * its words are kept.
 */
void failure_write(const struct err *failure, uint64_t age_ns, struct record_writer *writer);
void failure_read(struct err *failure, uint64_t *age_ns, const struct record *record);

#endif
