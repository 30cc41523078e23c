/* SPDX-License-Identifier: MIT */
/* Large buffers: zeroed, aligned, touched when asked, refused in words. */
#include <stdint.h>
#include <sys/mman.h>

#include "tests/support/test.h"
#include "transports/memory.h"

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

#define BYTES ((size_t)3 << 20)
#define PAGE_BYTES 4096

static size_t resident_pages(void *data, size_t bytes)
{
	static unsigned char pages[BYTES / PAGE_BYTES + 1];
	size_t resident = 0;

	if (mincore(data, bytes, pages) != 0)
		return SIZE_MAX;
	for (size_t i = 0; i < (bytes + PAGE_BYTES - 1) / PAGE_BYTES; i++)
		resident += pages[i] & 1;
	return resident;
}

static void test_map(void)
{
	for (int i = 0; i < 4; i++) {
		enum pages pages = i & 1 ? PAGES_HUGE : PAGES_SMALL;
		struct err err = {0};
		void *data = NULL;
		const char *bytes;

		CHECK(memory_map(BYTES, pages, i & 2, &data, &err) == 0);
		bytes = data;
		CHECK(data && (uintptr_t)data % PAGE_BYTES == 0);
		for (size_t k = 0; k < BYTES; k++)
			CHECK(bytes[k] == 0);
		memset(data, 1, BYTES);
		memory_unmap(data, BYTES);
	}
}

static void test_touch(void)
{
	struct err err = {0};
	void *touched = NULL;
	void *untouched = NULL;

	CHECK(memory_map(BYTES, PAGES_SMALL, true, &touched, &err) == 0);
	CHECK(memory_map(BYTES, PAGES_SMALL, false, &untouched, &err) == 0);
	CHECK(resident_pages(touched, BYTES) == BYTES / PAGE_BYTES);
	CHECK(resident_pages(untouched, BYTES) == 0);
	memory_unmap(touched, BYTES);
	memory_unmap(untouched, BYTES);
}

/* Those pages, no others, and what was written stays. */
static void test_populate(void)
{
	struct err err = {0};
	void *data = NULL;
	char *bytes;

	CHECK(memory_map(BYTES, PAGES_SMALL, false, &data, &err) == 0);
	bytes = data;
	bytes[5 * PAGE_BYTES] = 'x';
	memory_populate(bytes + 3 * PAGE_BYTES + 100, 4 * PAGE_BYTES);
	if (madvise(data, PAGE_BYTES, MADV_POPULATE_WRITE) != 0)
		SKIP("the kernel does not populate");
	CHECK(resident_pages(data, BYTES) == 6); /* with the one just asked for */
	CHECK(resident_pages(bytes + 3 * PAGE_BYTES, 5 * PAGE_BYTES) == 5);
	CHECK(bytes[5 * PAGE_BYTES] == 'x');
	memory_unmap(data, BYTES);
}

/* A size that fills no page is good too. */
static void test_odd_size(void)
{
	struct err err = {0};
	void *data = NULL;

	CHECK(memory_map(PAGE_BYTES + 8, PAGES_SMALL, true, &data, &err) == 0);
	CHECK(resident_pages(data, PAGE_BYTES + 8) == 2);
	memset(data, 1, PAGE_BYTES + 8);
	memory_unmap(data, PAGE_BYTES + 8);
}

static void test_nothing(void)
{
	struct err err = {0};
	void *data = &err;

	CHECK(memory_map(0, PAGES_SMALL, true, &data, &err) == 0);
	CHECK(!data);
	memory_unmap(data, 0);
}

static void test_too_much(void)
{
	struct err err = {0};
	void *data = &err;

	CHECK(memory_map((size_t)1 << 62, PAGES_SMALL, false, &data, &err) == -1);
	CHECK((err.kind == ERR_SYSTEM || err.kind == ERR_MEMORY) && strstr(err.message, "bytes"));
	CHECK(data == &err);
}

static void test_huge_bytes(void)
{
	struct err err = {0};
	void *data = NULL;
	int local;

	CHECK(memory_map(2 * BYTES, PAGES_SMALL, true, &data, &err) == 0);
	CHECK(memory_huge_bytes(data, 2 * BYTES) == 0);
	memory_unmap(data, 2 * BYTES);
	CHECK(memory_map(2 * BYTES, PAGES_HUGE, true, &data, &err) == 0);
	CHECK(memory_huge_bytes(data, 2 * BYTES) <= 2 * BYTES); /* as many as the kernel gives */
	CHECK(memory_huge_bytes(data, 4096) <= 4096);
	memory_unmap(data, 2 * BYTES);
	CHECK(memory_huge_bytes(NULL, BYTES) == 0);
	CHECK(memory_huge_bytes(&local, sizeof(local)) <= sizeof(local));
}

/* An array that begins within a page is all there, and gone whole. */
static void test_shifted(void)
{
	struct err err = {0};
	unsigned char *data;
	void *map;

	for (size_t shift = 0; shift < PAGE_BYTES; shift += 64) {
		CHECK(memory_map_shifted(BYTES, shift, PAGES_SMALL, true, &map, &err) == 0);
		data = map;
		CHECK((uintptr_t)data % PAGE_BYTES == shift);
		data[0] = data[BYTES - 1] = 1;
		memory_unmap(data, BYTES);
		CHECK(msync(data - shift, PAGE_BYTES, MS_ASYNC) == -1);
		/* Nor is the page that it reaches into at its end. */
		CHECK(shift == 0 || msync(data - shift + BYTES, PAGE_BYTES, MS_ASYNC) == -1);
	}
	CHECK(memory_map_shifted(0, 64, PAGES_SMALL, true, &map, &err) == 0 && !map);
}

static const struct test tests[] = {
	{"memory shifted into a page", test_shifted},
	{"map", test_map},
	{"touch", test_touch},
	{"populate", test_populate},
	{"odd size", test_odd_size},
	{"nothing", test_nothing},
	{"too much", test_too_much},
	{"huge bytes", test_huge_bytes},
};

TEST_MAIN(tests)
