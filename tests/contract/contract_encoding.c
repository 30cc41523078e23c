/* SPDX-License-Identifier: MIT */
/*
 * Holds every encoding of the table to its contract: what its row says, and
 * that arrays come over whole in every way that a carrier may choose. What
 * must not come over is in contract_refusal.c.
 */
#include <inttypes.h>

#include "tests/support/codec_ends.h"

/* Properties of the row itself. */

static void check_row(void)
{
	bool lossy = ends_row->flags & ENCODING_LOSSY;

	CHECK(ends_row->name && ends_row->name[0] && ends_row->title && ends_row->title[0]);
	CHECK(ends_row->media_type && strchr(ends_row->media_type, '/'));
	CHECK(ends_row->dtypes & (1u << DTYPE_FLOAT64));
	CHECK(ends_row->need && ends_row->encode && ends_row->decode && ends_row->decode_end);
	CHECK(!ends_row->span != !ends_row->fill);
	CHECK(!ends_row->accept != !ends_row->place && !ends_row->arrived == !ends_row->place);
	CHECK(lossy == (ends_row->loss != NULL));
	for (unsigned i = 0; i < DTYPE_COUNT; i++) {
		struct encoding_loss loss = encoding_loss_of(ends_row, (enum dtype)i);

		CHECK((loss.tolerance > 0) == (loss.what != NULL) && loss.tolerance < 1e-3);
	}
	CHECK(!(ends_row->flags & ENCODING_BY_REFERENCE) || ends_row->release);
}

static bool need_is_sane(const struct encoding_need *need, uint64_t bytes)
{
	uint64_t total = need->giver_bytes + need->taker_bytes + need->shared_bytes;

	if (need->impossible)
		return need->impossible[0] && bytes >= 1u << 30;
	if (ends_row->flags & ENCODING_BY_REFERENCE ? need->shared_bytes < bytes
					       : need->taker_bytes < bytes || need->shared_bytes)
		return false;
	return total <= 64 * bytes + (1u << 20);
}

static void check_need(void)
{
	static const char *const shapes[] = {"0",     "1",           "7",
					     "2x0x3", "1x3x224x224", "128x1024x1024"};
	struct encoding_setup setup;
	struct encoding_need need;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		CHECK(setup_init(&setup, shapes[i], MEMORY_REUSED));
		need = ends_row->need(&setup.type);
		CHECK_MSG(need_is_sane(&need, array_type_bytes(&setup.type)), "%s", shapes[i]);
	}
}

static void check_need_largest(void)
{
	struct encoding_setup setup;
	struct encoding_need need;

	CHECK(setup_init(&setup, "1152921504606846975", MEMORY_REUSED));
	need = ends_row->need(&setup.type);
	CHECK(need.impossible || need.taker_bytes >= array_type_bytes(&setup.type) ||
	      need.shared_bytes >= array_type_bytes(&setup.type));
	CHECK(setup_init(&setup, "1073741823x1073741823x0", MEMORY_REUSED));
	need = ends_row->need(&setup.type);
	CHECK(need.impossible || need.taker_bytes + need.shared_bytes <= 1u << 20);
}

/* Properties of exchanges. */

static void check_shapes(void)
{
	static const char *const shapes[] = {
		"1", "7", "2x3", "1x3x224x224", "2x0x3", "0", "0x3", "3x1x1", "1000x1", "4x3x2x5",
		"1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1",
		"1x2x1x2x1x2x1x2x1x2x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x2x1x2x1x2",
	};
	struct ends ends;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]) && !test_why[0]; i++) {
		struct way way = {.capacity = MESSAGE_BLOCK_BYTES, .piece = MESSAGE_PIECE_BYTES};

		CHECK(ends_open(&ends, shapes[i], MEMORY_REUSED));
		ends_draw(&ends, VALUES_NORMAL);
		for (int sides = 0; sides < 4 && !test_why[0]; sides++) {
			way.fill = sides & 1;
			way.place = sides & 2;
			(void)ends_exchange(&ends, &way, false);
		}
		ends_close(&ends);
	}
}

static void check_values(void)
{
	struct ends ends;

	for (size_t i = 0; i < values_count; i++) {
		const struct values *values = &values_table[i];
		bool refusable = values->refusable && (ends_row->flags & ENCODING_LOSSY);

		CHECK(ends_open(&ends, "13x77", MEMORY_REUSED));
		for (int round = 0; round < 4 && !test_why[0]; round++) {
			ends_draw(&ends, values);
			(void)ends_exchange(&ends, &way_usual, refusable);
		}
		ends_close(&ends);
		CHECK_MSG(!test_why[0], "%s", values->name);
	}
}

static const size_t capacities[] = {1024, 1025, MESSAGE_BLOCK_BYTES};
static const size_t pieces[] = {1, 2, 3, 7, 1000, SIZE_MAX};

/* Every way of a carrier with every other. */
static void check_ways(void)
{
	struct ends ends;

	CHECK(ends_open(&ends, "5x7x29", MEMORY_REUSED));
	for (unsigned i = 0; i < 2 * 2 * 2 * 3 * 6 && !test_why[0]; i++) {
		struct way way = {
			.fill = i & 1,
			.place = i & 2,
			.unknown = i & 4,
			.capacity = capacities[i / 8 % 3],
			.piece = pieces[i / 24],
		};

		ends_draw(&ends, i & 8 ? VALUES_NORMAL : VALUES_SHORT);
		(void)ends_exchange(&ends, &way, false);
	}
	ends_close(&ends);
}

static void check_rounds(enum memory memory, bool foreign)
{
	struct ends ends = {0};

	CHECK(setup_init(&ends.give_setup, "3x700", memory));
	ends.give_setup.foreign_peer = foreign;
	ends.take_setup = ends.give_setup;
	CHECK(ends_start(&ends));
	for (int round = 0; round < 5 && !test_why[0]; round++) {
		ends_draw(&ends, VALUES_NORMAL);
		(void)ends_exchange(&ends, &way_usual, false);
	}
	ends_close(&ends);
}

static void check_reused(void)
{
	check_rounds(MEMORY_REUSED, false);
}

static void check_fresh(void)
{
	check_rounds(MEMORY_FRESH, false);
}

static void check_foreign(void)
{
	check_rounds(MEMORY_REUSED, true);
	check_rounds(MEMORY_FRESH, true);
}

/* Every dtype that it carries, in every way of a carrier. */
static void check_dtype(enum dtype dtype)
{
	static const char *const shapes[] = {"1",     "7",         "2x0x3", "0",
					     "13x77", "3x1x5x1x3", "2x9001"};

	ends_dtype = dtype;
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]) && !test_why[0]; i++) {
		struct ends ends;

		CHECK(ends_open(&ends, shapes[i], i & 1 ? MEMORY_FRESH : MEMORY_REUSED));
		for (unsigned k = 0; k < 8 * 3 && !test_why[0]; k++) {
			const struct way way = {
				.fill = k & 1,
				.place = k & 2,
				.unknown = k & 4,
				.capacity = MESSAGE_BLOCK_BYTES,
				.piece = k < 8 ? SIZE_MAX : k < 16 ? 1000 : i < 5 ? 1 : 7,
			};

			ends_draw(&ends, VALUES_NORMAL);
			(void)ends_exchange(&ends, &way, false);
		}
		ends_close(&ends);
	}
}

static void check_dtypes(void)
{
	CHECK(!(ends_row->dtypes & ~DTYPE_BITS_ALL));
	CHECK(ends_row->dtypes == DTYPE_BITS_ALL || (ends_row->cannot && ends_row->cannot[0]));
	for (unsigned i = 0; i < DTYPE_COUNT && !test_why[0]; i++)
		if (ends_row->dtypes & DTYPE_BIT(i))
			check_dtype((enum dtype)i);
}

static void check_measure(void)
{
	static const char *const shapes[] = {"7", "0", "2x0x3", "40x33x11"};
	struct ends ends;

	for (size_t i = 0; i < 4 && !test_why[0]; i++) {
		struct message message = {0};
		struct give *give = &ends.encoder.give;
		struct err err = {0};
		int status;

		CHECK(ends_open(&ends, shapes[i], MEMORY_REUSED));
		ends_draw(&ends, VALUES_NORMAL);
		status = encoder_begin(&ends.encoder, &ends.array, &err);
		if (status == 0)
			status = give->measure(give, &err);
		if (status == 0)
			status = message_pull(give, &way_usual, &message, &err);
		if (status != 0 || give->length_bytes != message.bytes)
			TEST_FAIL("%s: %" PRIu64 " measured, %zu given: %s", shapes[i],
				  give->length_bytes, message.bytes, err.message);
		else if (!ends_takes(&ends, &way_usual, &message, message.bytes))
			TEST_FAIL("%s: a measured message is refused", shapes[i]);
		else
			(void)ends_agrees(&ends);
		ends_close_captured(&ends, &message);
	}
}

/* encode may be called again to start over, whatever has been pulled. */
static void check_restart(void)
{
	struct ends ends;
	struct message message;
	struct err err = {0};
	enum memory memories[] = {MEMORY_REUSED, MEMORY_FRESH};

	for (int i = 0; i < 2 && !test_why[0]; i++) {
		CHECK(ends_open(&ends, "3x50", memories[i]));
		ends_draw(&ends, VALUES_NORMAL);
		if (encoder_begin(&ends.encoder, &ends.array, &err) != 0)
			TEST_FAIL("%s", err.message);
		if (ends_capture(&ends, &message)) {
			message_free(&message);
			(void)ends_exchange(&ends, &way_usual, false);
		}
		ends_close(&ends);
	}
}

/* Spans say that they last: their bytes must be the same when all are pulled. */
static void check_spans_last(void)
{
	struct ends ends;
	struct span spans[64];
	struct message message = {0};
	struct err err = {0};
	size_t count = 0;
	size_t done = 0;

	if (!ends_row->span)
		return;
	CHECK(ends_open(&ends, "3x700", MEMORY_REUSED));
	ends_draw(&ends, VALUES_NORMAL);
	if (encoder_begin(&ends.encoder, &ends.array, &err) != 0)
		TEST_FAIL("%s", err.message);
	do {
		if (ends_row->span(ends.encoder.state, &spans[count], &err) != 0)
			TEST_FAIL("%s", err.message);
		message_add(&message, spans[count].data, spans[count].bytes);
		if (spans[count].bytes && !spans[count].lasting)
			TEST_FAIL("span %zu does not last", count);
	} while (!test_why[0] && spans[count].bytes && ++count < 64);
	for (size_t i = 0; i < count && !test_why[0]; i++) {
		if (memcmp(message.data + done, spans[i].data, spans[i].bytes) != 0)
			TEST_FAIL("span %zu changed", i);
		done += spans[i].bytes;
	}
	ends_close_captured(&ends, &message);
}

static void check_destination(void)
{
	bool by_reference = ends_row->flags & ENCODING_BY_REFERENCE;
	struct ends ends;

	CHECK(ends_open(&ends, "2x3", MEMORY_REUSED));
	if (by_reference != !ends.decoder.destination)
		TEST_FAIL("a destination that the flags do not tell of");
	ends_draw(&ends, VALUES_NORMAL);
	(void)ends_exchange(&ends, &way_usual, false);
	if (by_reference && ends.decoder.destination)
		TEST_FAIL("by reference, but with a destination");
	ends_close(&ends);
}

/* What nobody was handed is the server's to remove; so is everything at its close. */
static void check_undelivered(void)
{
	struct ends ends;
	struct message message;
	enum memory memories[] = {MEMORY_REUSED, MEMORY_FRESH};

	for (int i = 0; i < 4 && !test_why[0]; i++) {
		CHECK(ends_open(&ends, "2x3", memories[i & 1]));
		if (!ends_capture(&ends, &message)) {
			ends_close(&ends);
			return;
		}
		if (i & 2)
			encoder_end(&ends.encoder, false);
		message_free(&message);
		ends_close(&ends); /* for i < 2, in the middle of a message */
	}
}

static const struct test properties[] = {
	{"row", check_row},
	{"need", check_need},
	{"need of the largest", check_need_largest},
	{"shapes", check_shapes},
	{"values", check_values},
	{"ways of carriers", check_ways},
	{"memory reused", check_reused},
	{"memory fresh", check_fresh},
	{"foreign peer", check_foreign},
	{"dtypes", check_dtypes},
	{"measure", check_measure},
	{"restart", check_restart},
	{"spans last", check_spans_last},
	{"destination", check_destination},
	{"undelivered", check_undelivered},
};

ENDS_MAIN(properties)
