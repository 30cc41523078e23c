/* SPDX-License-Identifier: MIT */
/* The floors: which are to be measured next, and the worker that does it. */
#include "bench/run/floor.h"

#include <assert.h>
#include <math.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "bench/plan/estimate.h"

#define FLOOR_TIMEOUT_NS UINT64_C(30000000000)

/* What the machine must be left with beside two buffers of the payload. */
#define FLOOR_SPARE_BYTES ((uint64_t)512 << 20)

/* A figure in a worker's `done` record, in ps, and its place. */
struct floor_figure {
	const char *key;
	size_t offset;
};

static const struct floor_figure size_figures[] = {
	{"memcpy_ps", offsetof(struct floor_row, memcpy_ns)},
	{"read_ps", offsetof(struct floor_row, read_ns)},
	{"fault_ps", offsetof(struct floor_row, fault_ns)},
	{NULL, 0},
};

static const struct floor_figure machine_figures[] = {
	{"wakeup_ps", offsetof(struct floor_facts, wakeup_ns)},
	{"wakeup_spin_ps", offsetof(struct floor_facts, wakeup_spin_ns)},
	{"line_ps", offsetof(struct floor_facts, line_ns)},
	{"clock_ps", offsetof(struct floor_facts, clock_ns)},
	{"clock_step_ps", offsetof(struct floor_facts, clock_step_ns)},
	{NULL, 0},
};

int floors_init(struct floors *floors, struct floor_facts *facts, size_t sizes,
		const struct world_watch *watch, struct err *err)
{
	floor_facts_clear(facts);
	facts->rows = calloc(sizes + 1, sizeof(facts->rows[0]));
	*floors = (struct floors){.facts = facts, .watch = *watch, .link = &link_local};
	return facts->rows ? 0 : err_set(err, ERR_MEMORY, "no memory for the floors");
}

static uint64_t floors_now_ns(const struct floors *floors)
{
	return floors->watch.world->now_ns(floors->watch.world);
}

static void floors_end(struct floors *floors)
{
	if (!floors->worker)
		return;
	floors->link->end(floors->worker);
	free(floors->worker);
	floors->worker = NULL;
}

static bool floors_start(struct floors *floors, const struct worker_role *role, void *target,
			 const struct worker_setup *setup)
{
	const struct link_start start = {.watch = floors->watch, .role = role, .what = ""};
	struct record_writer writer;

	assert(!floors->worker);
	floors->worker = calloc(1, floors->link->size);
	if (!floors->worker)
		return false;
	floors->target = target;
	floors->deadline_ns = floors_now_ns(floors) + FLOOR_TIMEOUT_NS;
	setup_write(setup, &writer);
	if (floors->link->start(floors->worker, &start, NULL) == 0 &&
	    floors->link->tell(floors->worker, &writer, NULL) == 0)
		return true;
	floors_end(floors);
	return false;
}

/* A line travels only between two CPUs, and which two is known only of ends that are pinned. */
static const char *line_obstacle(const struct worker_setup *setup)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) < 2)
		return "there is only one CPU for both ends";
	if (setup->cpu == SETUP_CPU_ANY)
		return "the kernel may move both ends: --pin split measures it";
	return setup->cpu == setup->other_cpu ? "both ends are on one CPU" : NULL;
}

static bool floors_begin_machine(struct floors *floors, const struct worker_setup *setup)
{
	if (floors->machine_tried)
		return false;
	floors->machine_tried = true;
	floors->facts->line_missing = line_obstacle(setup);
	return floors_start(floors, &role_machine, floors->facts, setup);
}

static bool size_is_known(const struct floor_facts *facts, size_t bytes)
{
	for (size_t i = 0; i < facts->row_count; i++)
		if (facts->rows[i].bytes == bytes)
			return true;
	return false;
}

static bool floors_begin_size(struct floors *floors, const struct worker_setup *setup)
{
	struct floor_facts *facts = floors->facts;
	uint64_t bytes = array_type_bytes(&setup->type);
	uint64_t available;

	if (bytes == 0 || size_is_known(facts, bytes))
		return false;
	facts->rows[facts->row_count] = floor_facts_row(facts, bytes);
	available = plan_available_now().memory_bytes;
	if (available < FLOOR_SPARE_BYTES || (available - FLOOR_SPARE_BYTES) / 2 < bytes) {
		facts->row_count++;
		return false;
	}
	return floors_start(floors, &role_floor, &facts->rows[facts->row_count++], setup);
}

bool floors_begin(struct floors *floors, const struct worker_setup *setup)
{
	return floors->worker || floors_begin_machine(floors, setup) ||
	       floors_begin_size(floors, setup);
}

/* A figure of 0 was not measured, and none is longer than we have waited for it. */
static void floors_take(struct floors *floors, const struct record *record)
{
	const struct floor_figure *figure = floors->target == floors->facts ? machine_figures :
									      size_figures;
	const struct record_range possible = {1, FLOOR_TIMEOUT_NS * 1000};

	for (; figure->key; figure++) {
		double ns;
		uint64_t ps;

		if (record_get_u64(record, figure->key, possible, &ps, NULL) != 0)
			continue;
		ns = (double)ps / 1000;
		memcpy((char *)floors->target + figure->offset, &ns, sizeof(ns));
	}
}

bool floors_step(struct floors *floors, uint64_t now_ns)
{
	struct record record;
	enum link_fate fate;
	int got;

	if (!floors->worker)
		return false;
	fate = floors->link->reap(floors->worker);
	got = floors->link->hear(floors->worker, &record, NULL);
	if (got == 0 && fate == LINK_ALIVE && now_ns < floors->deadline_ns)
		return true;
	if (got == 1 && strcmp(record.verb, "done") == 0)
		floors_take(floors, &record);
	floors_end(floors);
	if (floors->target == floors->facts && isnan(floors->facts->line_ns) &&
	    !floors->facts->line_missing)
		floors->facts->line_missing = "it could not be measured";
	return false;
}

void floors_measure(struct floors *floors, const struct worker_setup *setup)
{
	const struct world_watch *watch = &floors->watch;

	while (floors_begin(floors, setup))
		while (floors_step(floors, floors_now_ns(floors)))
			watch->world->await(watch->world, watch->set, 1000);
}

void floors_stop(struct floors *floors)
{
	floors_end(floors);
}

void floors_free(struct floors *floors)
{
	floors_end(floors);
	if (floors->facts) {
		free(floors->facts->rows);
		floor_facts_clear(floors->facts);
	}
	*floors = (struct floors){0};
}
