/* SPDX-License-Identifier: MIT */
/* The floor: one warm copy of the payload. */
#include "bench/floor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "bench/clock.h"
#include "bench/estimate.h"
#include "transports/memory.h"

#define FLOOR_COPIES_MAX 101
#define FLOOR_BUDGET_NS 200000000u
#define FLOOR_TIMEOUT_NS 30000000000u

/* Both buffers beside what the machine must be left with. */
#define FLOOR_SPARE_BYTES ((uint64_t)512 << 20)

int floors_init(struct floors *floors, size_t cells, int epoll_fd, struct err *err)
{
	floors->rows = calloc(cells + 1, sizeof(floors->rows[0]));
	floors->epoll_fd = epoll_fd;
	return floors->rows ? 0 : err_set(err, ERR_MEMORY, "no memory for the floors");
}

static struct floor_row *floors_find(const struct floors *floors, size_t bytes)
{
	for (size_t i = 0; i < floors->count; i++)
		if (floors->rows[i].bytes == bytes)
			return &floors->rows[i];
	return NULL;
}

double floors_memcpy_ns(const struct floors *floors, size_t bytes)
{
	const struct floor_row *row = floors_find(floors, bytes);

	return row ? row->memcpy_ns : NAN;
}

static int floors_start(struct floors *floors, const struct worker_setup *setup)
{
	struct epoll_event event = {.events = EPOLLIN};
	struct record_writer writer;

	if (child_start(&floors->child, "floor", -1, NULL) != 0)
		return -1;
	event.data.fd = floors->child.control.fd;
	(void)epoll_ctl(floors->epoll_fd, EPOLL_CTL_ADD, floors->child.control.fd, &event);
	setup_write(setup, &writer);
	return control_send(&floors->child.control, &writer, NULL);
}

bool floors_begin(struct floors *floors, const struct worker_setup *setup)
{
	uint64_t bytes = setup->type.bytes;
	uint64_t available = plan_available_now().memory_bytes;

	if (floors->child.role)
		return true;
	if (bytes == 0 || floors_find(floors, bytes))
		return false;
	floors->measuring = floors->count;
	floors->rows[floors->count++] = (struct floor_row){.bytes = bytes, .memcpy_ns = NAN};
	if (available < FLOOR_SPARE_BYTES || (available - FLOOR_SPARE_BYTES) / 2 < bytes)
		return false;
	floors->deadline_ns = clock_now_ns() + FLOOR_TIMEOUT_NS;
	if (floors_start(floors, setup) == 0)
		return true;
	child_end(&floors->child);
	return false;
}

bool floors_step(struct floors *floors, uint64_t now_ns)
{
	struct record record;
	int got;

	if (!floors->child.role)
		return false;
	got = control_receive(&floors->child.control, false, &record, NULL);
	if (got == 0 && now_ns < floors->deadline_ns)
		return true;
	if (got == 1 && strcmp(record.verb, "done") == 0 && record_get(&record, "memcpy_ns"))
		floors->rows[floors->measuring].memcpy_ns =
			(double)record_get_u64(&record, "memcpy_ns", 0);
	child_end(&floors->child);
	return false;
}

void floors_stop(struct floors *floors)
{
	child_end(&floors->child);
}

void floors_free(struct floors *floors)
{
	floors_stop(floors);
	free(floors->rows);
	*floors = (struct floors){0};
}

static int compare_ns(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a;
	uint64_t right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

/* The median of as many warm copies as the budget holds, three at least. */
static uint64_t floor_measure(void *to, const void *from, size_t bytes)
{
	uint64_t copies_ns[FLOOR_COPIES_MAX];
	uint64_t start_ns = clock_now_ns();
	size_t count = 0;

	memcpy(to, from, bytes);
	while (count < FLOOR_COPIES_MAX &&
	       (count < 3 || clock_now_ns() - start_ns < FLOOR_BUDGET_NS)) {
		uint64_t before_ns = clock_now_ns();

		memcpy(to, from, bytes);
		/* The copy is used by nobody: do not let the compiler notice. */
		__asm__ volatile("" : : "r"(to) : "memory");
		copies_ns[count++] = clock_now_ns() - before_ns;
	}
	qsort(copies_ns, count, sizeof(copies_ns[0]), compare_ns);
	return copies_ns[count / 2];
}

int worker_floor(struct worker *worker, struct err *err)
{
	size_t bytes = worker->setup.type.bytes;
	struct record_writer writer;
	void *from = NULL;
	void *to = NULL;
	int status = -1;

	if (worker_pin(worker->setup.cpu[1], err) != 0)
		return -1;
	/* Written, not only mapped: untouched pages would all be the one zero page. */
	if (memory_map(bytes, worker->setup.pages, true, &from, err) == 0 &&
	    memory_map(bytes, worker->setup.pages, true, &to, err) == 0) {
		memset(from, 1, bytes);
		record_begin(&writer, "done");
		record_add_u64(&writer, "memcpy_ns", floor_measure(to, from, bytes));
		status = control_send(&worker->control, &writer, err);
	}
	memory_unmap(from, bytes);
	memory_unmap(to, bytes);
	return status;
}
