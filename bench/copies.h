/* SPDX-License-Identifier: MIT */
/*
 * How many copies of the array an exchange has the time for: what is left of
 * the latency when everything that is known not to be copying is taken away,
 * divided by one warm copy (bench/floor_facts.h). Pure.
 *
 *     copies = (p50 - make - conversion - wakeup) / memcpy
 *
 * make is drawing the array, wakeup one round trip between two sleeping
 * processes (left out where it is not known). conversion is encode + decode
 * where the encoding writes the elements another way (text by value), and 0
 * where these two do nothing but copy. An estimate: the server's copy and the
 * client's may run at once and then count once, page faults of fresh memory and
 * system calls count as copies.
 */
#ifndef BENCH_COPIES_H
#define BENCH_COPIES_H

#include "bench/model.h"
#include "transports/encoding.h"

/*
 * NaN where it cannot be told: the copy or a phase is not known, one copy takes
 * less than 10 us (the array is too small), or no more than a wake-up is left
 * (for text that streams: conversion ran while the rest was carried).
 */
double copies_estimate(const struct summary *summary, const struct encoding *encoding,
		       double memcpy_ns, double wakeup_ns);

#endif
