/* SPDX-License-Identifier: MIT */
/*
 * When the pages of a client's destination are made, and how a message is refused; the contract
 * suites test the rest.
 */
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

/* Feeds a page where an array of two doubles is wanted. Returns what the last call says. */
static int feed_page(struct decoder *decoder, uint64_t length, bool place, struct err *err)
{
	static const char page[] = "<html><body>none</body></html>";
	struct take *take = &decoder->take;
	struct space space;
	int status = take->begin(take, length, err);

	for (size_t done = 0; status == 0 && done < sizeof(page) - 1;) {
		size_t bytes = sizeof(page) - 1 - done;

		status = place ? take->place(take, &space, err) : 0;
		if (status == 0 && place && space.bytes == 0)
			return err_set(err, ERR_WRONG, "no more is expected");
		if (place && bytes > space.bytes)
			bytes = space.bytes;
		if (status == 0 && place) {
			memcpy(space.data, page + done, bytes);
			status = take->arrived(take, bytes, err);
		} else if (status == 0) {
			status = take->accept(take, page + done, bytes, err);
		}
		done += bytes;
	}
	return status == 0 ? take->end(take, err) : status;
}

/* In each way that it can come, and as a request, too: in one sentence. */
static void test_refusal(void)
{
	static const char *const wants[] = {
		"the request has 30 bytes, the array 16; it looks like an HTML page: "
		"<html><body>none</body></html>",
		"the request is longer than the array: 14 more bytes; it looks like an HTML page: "
		"<html><body>none</body></html>",
		"the request is longer than the array's 16 bytes; it looks like an HTML page: "
		"<html><body>none",
	};
	struct encoding_setup setup = setup_of(2, MEMORY_REUSED);

	for (int i = 0; i < 8; i++) {
		bool known = i & 1;
		bool place = i & 2;
		struct decoder decoder;
		struct err err = {0};

		setup.requests = i & 4;
		CHECK(decoder_open(&decoder, &encoding_bytes, &setup, NULL) == 0);
		CHECK(feed_page(&decoder, known ? 30 : MESSAGE_LENGTH_UNKNOWN, place, &err) != 0);
		CHECK(feed_page(&decoder, known ? 30 : MESSAGE_LENGTH_UNKNOWN, place, NULL) != 0);
		decoder_close(&decoder);
		if (!setup.requests)
			err_rename(&err, "the reply", "the request");
		CHECK_STR(err.message, wants[known ? 0 : place ? 2 : 1]);
	}
}

/* A stream that ends before anything has come leaves the words that there are. */
static void test_refusal_cut(void)
{
	struct encoding_setup setup = setup_of(2, MEMORY_REUSED);
	struct decoder decoder;
	struct err err = {0};
	struct space space;

	CHECK(decoder_open(&decoder, &encoding_bytes, &setup, NULL) == 0);
	CHECK(decoder.take.begin(&decoder.take, 7, &err) == 0);
	CHECK(err_set(&err, ERR_CLOSED, "the other end hung up") == -1);
	CHECK_STR(err.message, "the reply has 7 bytes, the array 16");
	err_clear(&err);
	CHECK(decoder.take.begin(&decoder.take, 16, &err) == 0 && err.kind == ERR_NONE);
	CHECK(decoder.take.place(&decoder.take, &space, &err) == 0 && space.bytes == 16);
	CHECK(decoder.take.arrived(&decoder.take, 16, &err) == 0);
	CHECK(decoder.take.end(&decoder.take, &err) == 0 && err.kind == ERR_NONE);
	decoder_close(&decoder);
}

static const struct test tests[] = {
	{"codec_fresh_memory", test_fresh},
	{"codec_small_fresh_memory", test_small},
	{"codec_reused_memory", test_reused},
	{"codec_refusal", test_refusal},
	{"codec_refusal_cut", test_refusal_cut},
};

TEST_MAIN(tests)
