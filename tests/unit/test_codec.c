/* SPDX-License-Identifier: MIT */
/* When the pages of a client's destination are made; the contract suites test the rest. */
#include <stdint.h>
#include <sys/mman.h>

#include "tests/support/test.h"
#include "transports/codec.h"

#define PAGE_BYTES 4096
#define PAGES_OF(bytes) (((bytes) + PAGE_BYTES - 1) / PAGE_BYTES)
#define COUNT_MAX ((4u << 20) / sizeof(double))

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

extern const struct encoding encoding_bytes;

static struct encoding_setup setup_of(size_t count, enum memory memory)
{
	struct shape shape = {.dimensions = 1, .extents = {count}};

	return (struct encoding_setup){
		.type = (struct array_type){shape, DTYPE_FLOAT64},
		.memory = memory,
	};
}

static size_t resident_pages(const struct decoder *decoder)
{
	static unsigned char pages[PAGES_OF(COUNT_MAX * sizeof(double))];
	size_t resident = 0;

	if (mincore(decoder->destination, decoder->array.bytes, pages) != 0)
		return SIZE_MAX;
	for (size_t i = 0; i < PAGES_OF(decoder->array.bytes); i++)
		resident += pages[i] & 1;
	return resident;
}

/* By the kernel's word, not by what memory_populate did. */
static bool kernel_populates(void)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			  0);
	bool populates = madvise(page, PAGE_BYTES, MADV_POPULATE_WRITE) == 0;

	(void)munmap(page, PAGE_BYTES);
	return populates;
}

/* None before the reply begins, then those of a piece, ahead of what arrives. */
static void test_fresh(void)
{
	struct encoding_setup setup = setup_of(COUNT_MAX, MEMORY_FRESH);
	struct decoder decoder;
	struct take *take = &decoder.take;
	struct space space;

	if (!kernel_populates())
		SKIP("the kernel does not populate");
	CHECK(decoder_open(&decoder, &encoding_bytes, &setup, NULL) == 0);
	CHECK(!decoder.destination);
	for (int i = 0; i < 2; i++) {
		CHECK(take->begin(take, array_type_bytes(&setup.type), NULL) == 0);
		CHECK(resident_pages(&decoder) == 0);
		CHECK(take->place(take, &space, NULL) == 0);
		CHECK(resident_pages(&decoder) == PAGES_OF(MESSAGE_PIECE_BYTES));
		CHECK(take->arrived(take, 100000, NULL) == 0);
		CHECK(take->place(take, &space, NULL) == 0);
		CHECK(resident_pages(&decoder) == PAGES_OF(100000 + MESSAGE_PIECE_BYTES));
		CHECK(take->arrived(take, array_type_bytes(&setup.type) - 100000, NULL) == 0);
		CHECK(take->place(take, &space, NULL) == 0);
		CHECK(resident_pages(&decoder) == PAGES_OF(array_type_bytes(&setup.type)));
		CHECK(take->end(take, NULL) == 0);
		CHECK(decoder_release(&decoder, NULL) == 0);
		CHECK(!decoder.destination);
	}
	decoder_close(&decoder);
}

static void test_small(void)
{
	struct encoding_setup setup = setup_of(512, MEMORY_FRESH);
	struct decoder decoder;
	struct space space;

	CHECK(decoder_open(&decoder, &encoding_bytes, &setup, NULL) == 0);
	CHECK(decoder.take.begin(&decoder.take, array_type_bytes(&setup.type), NULL) == 0);
	CHECK(decoder.take.place(&decoder.take, &space, NULL) == 0);
	CHECK(resident_pages(&decoder) == 0);
	decoder_close(&decoder);
}

static void test_reused(void)
{
	struct encoding_setup setup = setup_of(COUNT_MAX, MEMORY_REUSED);
	struct decoder decoder;

	CHECK(decoder_open(&decoder, &encoding_bytes, &setup, NULL) == 0);
	CHECK(resident_pages(&decoder) == PAGES_OF(array_type_bytes(&setup.type)));
	decoder_close(&decoder);
}

static const struct test tests[] = {
	{"codec_fresh_memory", test_fresh},
	{"codec_small_fresh_memory", test_small},
	{"codec_reused_memory", test_reused},
};

TEST_MAIN(tests)
