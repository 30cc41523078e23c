/* SPDX-License-Identifier: MIT */
/*
 * Holds every encoding of the table to its contract: what its row says, and
 * that arrays come over whole in every way that a carrier may choose. What
 * must not come over is in contract_refusal.c.
 */
#include <inttypes.h>

#include "tests/pair.h"

/* Properties of the row itself. */

static void check_row(void)
{
	bool lossy = pair_row->flags & ENCODING_LOSSY;

	CHECK(pair_row->name && pair_row->name[0] && pair_row->title && pair_row->title[0]);
	CHECK(pair_row->media_type && strchr(pair_row->media_type, '/'));
	CHECK(pair_row->dtypes & (1u << DTYPE_FLOAT64));
	CHECK(pair_row->need && pair_row->encode && pair_row->decode && pair_row->decode_end);
	CHECK(!pair_row->span != !pair_row->fill);
	CHECK(!pair_row->accept != !pair_row->place && !pair_row->arrived == !pair_row->place);
	CHECK(lossy == (pair_row->tolerance > 0) && lossy == (pair_row->lost != NULL));
	CHECK(!(pair_row->flags & ENCODING_BY_REFERENCE) || pair_row->release);
}

static bool need_is_sane(const struct encoding_need *need, uint64_t bytes)
{
	uint64_t total = need->server_bytes + need->client_bytes + need->shared_bytes;

	if (need->impossible)
		return need->impossible[0] && bytes >= 1u << 30;
	if (pair_row->flags & ENCODING_BY_REFERENCE ? need->shared_bytes < bytes
					       : need->client_bytes < bytes || need->shared_bytes)
		return false;
	return total <= 64 * bytes + (1u << 20);
}

static void check_need(void)
{
	static const char *const shapes[] = {"0", "1", "7", "2x0x3", "1x3x224x224", "128x1024x1024"};
	struct encoding_setup setup;
	struct encoding_need need;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		CHECK(setup_init(&setup, shapes[i], MEMORY_REUSED));
		need = pair_row->need(&setup.type);
		CHECK_MSG(need_is_sane(&need, setup.type.bytes), "%s", shapes[i]);
	}
}

static void check_need_largest(void)
{
	struct encoding_setup setup;
	struct encoding_need need;

	CHECK(setup_init(&setup, "1152921504606846975", MEMORY_REUSED));
	need = pair_row->need(&setup.type);
	CHECK(need.impossible || need.client_bytes >= setup.type.bytes ||
	      need.shared_bytes >= setup.type.bytes);
	CHECK(setup_init(&setup, "1073741823x1073741823x0", MEMORY_REUSED));
	need = pair_row->need(&setup.type);
	CHECK(need.impossible || need.client_bytes + need.shared_bytes <= 1u << 20);
}

/* Properties of exchanges. */

static void check_shapes(void)
{
	static const char *const shapes[] = {
		"1", "7", "2x3", "1x3x224x224", "2x0x3", "0", "0x3", "3x1x1", "1000x1", "4x3x2x5",
		"1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1",
		"1x2x1x2x1x2x1x2x1x2x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x1x2x1x2x1x2",
	};
	struct pair pair;

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]) && !test_why[0]; i++) {
		struct way way = {.capacity = MESSAGE_BLOCK_BYTES, .piece = MESSAGE_PIECE_BYTES};

		CHECK(pair_open(&pair, shapes[i], MEMORY_REUSED));
		pair_draw(&pair, VALUES_NORMAL);
		for (int sides = 0; sides < 4 && !test_why[0]; sides++) {
			way.fill = sides & 1;
			way.place = sides & 2;
			(void)pair_exchange(&pair, &way, false);
		}
		pair_close(&pair);
	}
}

static void check_values(void)
{
	struct pair pair;

	for (size_t i = 0; i < values_count; i++) {
		const struct values *values = &values_table[i];
		bool refusable = values->refusable && (pair_row->flags & ENCODING_LOSSY);

		CHECK(pair_open(&pair, "13x77", MEMORY_REUSED));
		for (int round = 0; round < 4 && !test_why[0]; round++) {
			pair_draw(&pair, values);
			(void)pair_exchange(&pair, &way_usual, refusable);
		}
		pair_close(&pair);
		CHECK_MSG(!test_why[0], "%s", values->name);
	}
}

static const size_t capacities[] = {1024, 1025, MESSAGE_BLOCK_BYTES};
static const size_t pieces[] = {1, 2, 3, 7, 1000, SIZE_MAX};

/* Every way of a carrier with every other. */
static void check_ways(void)
{
	struct pair pair;

	CHECK(pair_open(&pair, "5x7x29", MEMORY_REUSED));
	for (unsigned i = 0; i < 2 * 2 * 2 * 3 * 6 && !test_why[0]; i++) {
		struct way way = {
			.fill = i & 1,
			.place = i & 2,
			.unknown = i & 4,
			.capacity = capacities[i / 8 % 3],
			.piece = pieces[i / 24],
		};

		pair_draw(&pair, i & 8 ? VALUES_NORMAL : VALUES_SHORT);
		(void)pair_exchange(&pair, &way, false);
	}
	pair_close(&pair);
}

static void check_rounds(enum memory memory, bool foreign)
{
	struct pair pair = {0};

	CHECK(setup_init(&pair.give_setup, "3x700", memory));
	pair.give_setup.foreign_peer = foreign;
	pair.take_setup = pair.give_setup;
	CHECK(pair_start(&pair));
	for (int round = 0; round < 5 && !test_why[0]; round++) {
		pair_draw(&pair, VALUES_NORMAL);
		(void)pair_exchange(&pair, &way_usual, false);
	}
	pair_close(&pair);
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

static void check_measure(void)
{
	static const char *const shapes[] = {"7", "0", "2x0x3", "40x33x11"};
	struct pair pair;

	for (size_t i = 0; i < 4 && !test_why[0]; i++) {
		struct message message = {0};
		struct give *give = &pair.encoder.give;
		struct err err = {0};
		int status;

		CHECK(pair_open(&pair, shapes[i], MEMORY_REUSED));
		pair_draw(&pair, VALUES_NORMAL);
		status = encoder_begin(&pair.encoder, &pair.array, &err);
		if (status == 0)
			status = give->measure(give, &err);
		if (status == 0)
			status = message_pull(give, &way_usual, &message, &err);
		if (status != 0 || give->length_bytes != message.bytes)
			TEST_FAIL("%s: %" PRIu64 " measured, %zu given: %s", shapes[i],
				  give->length_bytes, message.bytes, err.message);
		else if (!pair_takes(&pair, &way_usual, &message, message.bytes))
			TEST_FAIL("%s: a measured message is refused", shapes[i]);
		else
			(void)pair_agrees(&pair);
		pair_close_captured(&pair, &message);
	}
}

/* encode may be called again to start over, whatever has been pulled. */
static void check_restart(void)
{
	struct pair pair;
	struct message message;
	struct err err = {0};
	enum memory memories[] = {MEMORY_REUSED, MEMORY_FRESH};

	for (int i = 0; i < 2 && !test_why[0]; i++) {
		CHECK(pair_open(&pair, "3x50", memories[i]));
		pair_draw(&pair, VALUES_NORMAL);
		if (encoder_begin(&pair.encoder, &pair.array, &err) != 0)
			TEST_FAIL("%s", err.message);
		if (pair_capture(&pair, &message)) {
			message_free(&message);
			(void)pair_exchange(&pair, &way_usual, false);
		}
		pair_close(&pair);
	}
}

/* Spans say that they last: their bytes must be the same when all are pulled. */
static void check_spans_last(void)
{
	struct pair pair;
	struct span spans[64];
	struct message message = {0};
	struct err err = {0};
	size_t count = 0;
	size_t done = 0;

	if (!pair_row->span)
		return;
	CHECK(pair_open(&pair, "3x700", MEMORY_REUSED));
	pair_draw(&pair, VALUES_NORMAL);
	if (encoder_begin(&pair.encoder, &pair.array, &err) != 0)
		TEST_FAIL("%s", err.message);
	do {
		if (pair_row->span(pair.encoder.state, &spans[count], &err) != 0)
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
	pair_close_captured(&pair, &message);
}

static void check_destination(void)
{
	bool by_reference = pair_row->flags & ENCODING_BY_REFERENCE;
	struct pair pair;

	CHECK(pair_open(&pair, "2x3", MEMORY_REUSED));
	if (by_reference != !pair.decoder.destination)
		TEST_FAIL("a destination that the flags do not tell of");
	pair_draw(&pair, VALUES_NORMAL);
	(void)pair_exchange(&pair, &way_usual, false);
	if (by_reference && pair.decoder.destination)
		TEST_FAIL("by reference, but with a destination");
	pair_close(&pair);
}

/* What nobody was handed is the server's to remove; so is everything at its close. */
static void check_undelivered(void)
{
	struct pair pair;
	struct message message;
	enum memory memories[] = {MEMORY_REUSED, MEMORY_FRESH};

	for (int i = 0; i < 4 && !test_why[0]; i++) {
		CHECK(pair_open(&pair, "2x3", memories[i & 1]));
		if (!pair_capture(&pair, &message)) {
			pair_close(&pair);
			return;
		}
		if (i & 2)
			encoder_end(&pair.encoder, false);
		message_free(&message);
		pair_close(&pair); /* for i < 2, in the middle of a message */
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
	{"measure", check_measure},
	{"restart", check_restart},
	{"spans last", check_spans_last},
	{"destination", check_destination},
	{"undelivered", check_undelivered},
};

PAIR_MAIN(properties)
