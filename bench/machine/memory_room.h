/* SPDX-License-Identifier: MIT */
/* How much memory there is to be had: the machine's, or what a container's limit leaves. */
#ifndef BENCH_MACHINE_MEMORY_ROOM_H
#define BENCH_MACHINE_MEMORY_ROOM_H

#include <stdbool.h>
#include <stdint.h>

struct memory_room {
	uint64_t bytes;  /* UINT64_MAX: unknown */
	bool is_limited; /* by a control group, below what the machine has */
};

/* Looks below those two folders, which are /proc and /sys/fs/cgroup but for tests. */
struct memory_room memory_room_in(const char *proc, const char *groups);

struct memory_room memory_room_now(void);

#endif
