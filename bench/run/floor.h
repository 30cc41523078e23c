/* SPDX-License-Identifier: MIT */
/*
 * Has the floors of this machine measured (bench/machine/floor_facts.h): those of the
 * machine once a run, those of a payload size before its first block, each in a
 * worker process, so that their memory does not count against the runner. All
 * of it is bounded: about a quarter of a second for the machine, half a second
 * for a size, unless three copies of it take longer.
 */
#ifndef BENCH_RUN_FLOOR_H
#define BENCH_RUN_FLOOR_H

#include "bench/machine/floor_facts.h"
#include "bench/machine/world.h"
#include "bench/run/link.h"
#include "bench/wire/setup.h"

/* The process that measures the next floors, and where its figures go. */
struct floors {
	struct floor_facts *facts; /* the owner's; its rows are ours */
	struct world_watch watch;  /* the owner's */
	const struct link *link;   /* to the process */
	void *worker;              /* its state, owned; NULL: no measurement is under way */
	void *target;              /* what it measures: facts, or one of their rows */
	bool machine_tried;
	uint64_t deadline_ns;
};

/* Clears facts. Room for the floors of up to `sizes` payload sizes. */
int floors_init(struct floors *floors, struct floor_facts *facts, size_t sizes,
		const struct world_watch *watch, struct err *err);

/*
 * Starts measuring what setup's cell needs and was not tried yet, if memory
 * allows. Returns true while a measurement is under way: step it before going
 * on, then call again.
 */
bool floors_begin(struct floors *floors, const struct worker_setup *setup);
bool floors_step(struct floors *floors, uint64_t now_ns);

/* Both until nothing is left to measure for setup. Blocks, bounded as above. */
void floors_measure(struct floors *floors, const struct worker_setup *setup);

/* Ends a measurement that is under way; its floors stay unknown. */
void floors_stop(struct floors *floors);

void floors_free(struct floors *floors);

#endif
