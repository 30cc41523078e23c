/* SPDX-License-Identifier: MIT */
/* Large private buffers. */
#include "transports/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

#define PAGE_BYTES ((size_t)4096)

/* The first byte of every page, where the kernel cannot populate for us. */
static void memory_touch(char *data, size_t bytes)
{
	for (size_t i = 0; i < bytes; i += PAGE_BYTES)
		((volatile char *)data)[i] = 0;
}

int memory_map(size_t bytes, enum pages pages, bool touch, void **data, struct err *err)
{
	void *map;

	if (bytes == 0) {
		*data = NULL;
		return 0;
	}
	map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map == MAP_FAILED)
		return err_system(err, "mapping %zu bytes", bytes);
	/* The kernel's own choice would differ with the system's setting and the size. */
	(void)madvise(map, bytes, pages == PAGES_HUGE ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
	if (touch && madvise(map, bytes, MADV_POPULATE_WRITE) != 0) {
		if (errno == ENOMEM || errno == EFAULT) {
			(void)munmap(map, bytes);
			return err_set(err, ERR_MEMORY, "no memory for %zu bytes", bytes);
		}
		memory_touch(map, bytes);
	}
	*data = map;
	return 0;
}

void memory_populate(void *data, size_t bytes)
{
	const size_t before = (uintptr_t)data % PAGE_BYTES;

	(void)madvise((char *)data - before, before + bytes, MADV_POPULATE_WRITE);
}

/* Whether this line begins an area of smaps. Sets *inside if the area holds the address. */
static bool memory_area_begins(const char *line, const void *data, bool *inside)
{
	uintptr_t start;
	uintptr_t end;

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &start, &end) != 2)
		return false;
	*inside = (uintptr_t)data >= start && (uintptr_t)data < end;
	return true;
}

/* The kernel may join neighbours of one kind into one area, so the sum is cut to bytes. */
size_t memory_huge_bytes(const void *data, size_t bytes)
{
	FILE *file = fopen("/proc/self/smaps", "re");
	bool inside = false;
	size_t huge = 0;
	size_t kib;
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (memory_area_begins(line, data, &inside) || !inside)
			continue;
		if (sscanf(line, "AnonHugePages: %zu kB", &kib) == 1 ||
		    sscanf(line, "ShmemPmdMapped: %zu kB", &kib) == 1)
			huge += kib << 10;
	}
	if (file)
		(void)fclose(file); /* only read from */
	return huge < bytes ? huge : bytes;
}

int memory_map_shifted(size_t bytes, size_t shift, enum pages pages, bool touch, void **data,
		       struct err *err)
{
	if (memory_map(bytes ? bytes + shift : 0, pages, touch, data, err) != 0)
		return -1;
	if (*data)
		*data = (char *)*data + shift;
	return 0;
}

void memory_unmap(void *data, size_t bytes)
{
	const size_t shift = (uintptr_t)data % PAGE_BYTES;

	if (data)
		(void)munmap((char *)data - shift, bytes + shift);
}
