/* SPDX-License-Identifier: MIT */
/*
 * The engine: runs a plan cell by cell, block by block, a fresh cast of
 * processes each, and keeps the model up to date. It never blocks: its owner polls
 * run_fd, and calls run_step when that is readable or run_timeout_ms is over.
 * Drawing or not drawing the model changes nothing in what is measured.
 */
#ifndef BENCH_RUN_RUN_H
#define BENCH_RUN_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bench/machine/world.h"
#include "bench/model/model.h"
#include "bench/plan/plan.h"
#include "transports/err.h"

struct run;

/*
 * Prepares a run of plan in world (both borrowed until run_free). Decides the order, skips
 * what does not fit. NULL with err filled on failure.
 */
struct run *run_new(const struct plan *plan, const struct world *world, struct err *err);

/*
 * Writes every sample to file as it comes, one CSV row each: run_step then waits for whoever
 * reads it. file is borrowed until the run has ended.
 */
void run_log_samples(struct run *run, FILE *file);

/*
 * How many samples are missing there, since this process was held up for longer than
 * the ring lasts.
 */
uint64_t run_samples_lost(const struct run *run);

/*
 * Kills what is left of a block, removes its sockets and segments, frees everything.
 * Accepts NULL.
 */
void run_free(struct run *run);

/* One descriptor (an epoll set) that is readable when run_step has something to do. */
int run_fd(const struct run *run);

/* The longest the owner may wait before it calls run_step again; -1: for ever. */
int run_timeout_ms(const struct run *run);

/*
 * Does what there is to do, at most a few milliseconds of it. Returns false once the
 * run has ended.
 */
bool run_step(struct run *run);

/* Valid until run_free; changes only in run_step and the calls below. */
const struct model *run_model(const struct run *run);

/* Holds the schedule once the sample in flight is over; the gap is not measured. */
void run_pause(struct run *run, bool pause);

/* Ends the cell under way and keeps what it has (done if it has samples, else skipped). */
void run_skip(struct run *run, size_t index);

/* Measures a cell again from nothing, after what is under way. */
void run_retry(struct run *run, size_t index);

/*
 * Adds rounds of these cells after all that is ahead, of a run that is over too. The cells keep
 * what they have. Returns how many rounds: fewer without memory, none in a duel or a run that
 * was stopped.
 */
size_t run_more(struct run *run, const size_t *cells, size_t count, size_t rounds);

/* Takes a queued cell out of the schedule: skipped, "dropped". */
void run_drop(struct run *run, size_t index);

/*
 * Ends the run: the cell under way and the queued ones become interrupted. Keeps
 * everything measured.
 */
void run_stop(struct run *run);

#endif
