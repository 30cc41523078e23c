/* SPDX-License-Identifier: MIT */
/*
 * How many copies of the array an exchange has the time for: what is left of
 * the latency when everything that is known not to be copying is taken away,
 * divided by one warm copy (bench/machine/floor_facts.h). Pure.
 *
 *     copies = (p50 - make - wakeup) / memcpy
 *
 * make is drawing the array, wakeup one round trip between two sleeping
 * processes (left out where it is not known). An estimate: the server's copy and
 * the client's may run at once and then count once; page faults of fresh memory
 * and system calls count as copies. Encodings that write the elements another
 * way (text by value) have none: taking away encode and decode would not do,
 * since both run while the rest is carried.
 */
#ifndef BENCH_MODEL_COPIES_H
#define BENCH_MODEL_COPIES_H

#include "bench/model/model.h"
#include "transports/encoding.h"

/*
 * NaN where it cannot be told: the encoding converts, the copy or make is not
 * known, one copy takes less than 10 us (the array is too small), or no more
 * than another wake-up is left.
 */
double copies_estimate(const struct summary *summary, const struct encoding *encoding,
		       double memcpy_ns, double wakeup_ns);

#endif
