/* SPDX-License-Identifier: MIT */
/* The worker that measures the floors of one payload size. */
#include <string.h>

#include "bench/machine/clock.h"
#include "bench/machine/floor_facts.h"
#include "bench/machine/repeats.h"
#include "bench/worker/elements.h"
#include "bench/worker/worker.h"
#include "transports/memory.h"

/* Three copies are wanted however long they take. */
#define MEMCPY_BUDGET_NS 200000000u
#define READ_BUDGET_NS 100000000u
#define FAULT_BUDGET_NS 100000000u

/* Less than this a repeat, and the clock's own cost would be in it. */
#define REPEAT_BYTES_LEAST 65536u

static uint64_t units_of(size_t bytes)
{
	return bytes < REPEAT_BYTES_LEAST ? REPEAT_BYTES_LEAST / bytes : 1;
}

static uint64_t memcpy_ps(void *to, const void *from, size_t bytes)
{
	struct repeats repeats = {.deadline_ns = clock_now_ns() + MEMCPY_BUDGET_NS, .least = 3};
	uint64_t units = units_of(bytes);
	uint64_t start_ns;

	memcpy(to, from, bytes);
	while (repeats_wanted(&repeats, start_ns = clock_now_ns())) {
		for (uint64_t i = 0; i < units; i++) {
			memcpy(to, from, bytes);
			/* The copy is used by nobody: do not let the compiler notice. */
			__asm__ volatile("" : : "r"(to) : "memory");
		}
		repeats_add(&repeats, clock_now_ns() - start_ns, units);
	}
	return repeats_median_ps(&repeats);
}

static uint64_t read_ps(const struct array *array)
{
	struct repeats repeats = {.deadline_ns = clock_now_ns() + READ_BUDGET_NS, .least = 1};
	volatile double sink = elements_sum(array);
	uint64_t units = units_of(array->bytes);
	uint64_t start_ns;

	while (repeats_wanted(&repeats, start_ns = clock_now_ns())) {
		for (uint64_t i = 0; i < units; i++) {
			sink = elements_sum(array);
			__asm__ volatile("" : : "r"(array->data) : "memory");
		}
		repeats_add(&repeats, clock_now_ns() - start_ns, units);
	}
	(void)sink;
	return repeats_median_ps(&repeats);
}

static void touch_pages(void *data, size_t bytes)
{
	for (size_t at = 0; at < bytes; at += FLOOR_PAGE_BYTES)
		((volatile char *)data)[at] = 1;
}

/* Beyond this a page costs what it did, and touching would take its time. */
#define FAULT_BYTES_MOST ((size_t)256 << 20)

/* A page; 0 if there was no memory. */
static uint64_t fault_ps(size_t payload_bytes, enum pages pages)
{
	struct repeats repeats = {.deadline_ns = clock_now_ns() + FAULT_BUDGET_NS, .least = 1};
	size_t bytes = payload_bytes < FAULT_BYTES_MOST ? payload_bytes : FAULT_BYTES_MOST;
	uint64_t start_ns;

	while (repeats_wanted(&repeats, start_ns = clock_now_ns())) {
		void *data;

		if (memory_map(bytes, pages, false, &data, NULL) != 0)
			break;
		touch_pages(data, bytes);
		repeats_add(&repeats, clock_now_ns() - start_ns,
			    (bytes + FLOOR_PAGE_BYTES - 1) / FLOOR_PAGE_BYTES);
		memory_unmap(data, bytes);
	}
	return repeats_median_ps(&repeats);
}

/* Copying and reading; each buffer is gone before faults need the memory. */
static int measure_warm(const struct array_type *type, enum pages pages,
			struct record_writer *writer, struct err *err)
{
	struct array array = array_describe(type);
	void *to = NULL;
	int status = -1;

	/* Written, not only mapped: untouched pages would all be the one zero page. */
	if (memory_map(array.bytes, pages, true, &array.data, err) == 0 &&
	    memory_map(array.bytes, pages, true, &to, err) == 0) {
		memset(array.data, 1, array.bytes);
		record_add_u64(writer, "memcpy_ps", memcpy_ps(to, array.data, array.bytes));
		record_add_u64(writer, "read_ps", read_ps(&array));
		status = 0;
	}
	memory_unmap(array.data, array.bytes);
	memory_unmap(to, array.bytes);
	return status;
}

static int size_run(struct worker *worker, struct err *err)
{
	const struct array_type *type = &worker->setup.type;
	enum pages pages = worker->setup.pages;
	struct record_writer writer;

	record_begin(&writer, "done");
	if (worker_pin(worker->setup.cpu, err) != 0 ||
	    measure_warm(type, pages, &writer, err) != 0)
		return -1;
	record_add_u64(&writer, "fault_ps", fault_ps(array_type_bytes(type), pages));
	return control_send(&worker->control, &writer, err);
}

const struct worker_role role_floor = {
	.name = "floor",
	.run = size_run,
};
