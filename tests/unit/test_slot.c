/* SPDX-License-Identifier: MIT */
/* A server's slot: requests and replies with and without an array, in every encoding. */
#include "bench/worker/slot.h"
#include "tests/support/test.h"
#include "transports/registry.h"

#define ELEMENTS 15

static const struct shape shape = {.dimensions = 2, .extents = {3, 5}};
static const struct encoding *encoding; /* under test */
static char text[4096];

/* The other end: what a client has. */
struct client {
	struct encoding_setup setup;
	struct array array; /* what it gives */
	double elements[ELEMENTS];
	struct encoder encoder;
	struct decoder decoder;
};

static struct encoding_setup ends(void)
{
	return (struct encoding_setup){
		.memory = MEMORY_REUSED,
		.segment_prefix = "ipctop-test-slot",
	};
}

static struct slot_setup slot_setup_of(const struct array_type *gives,
					const struct array_type *takes)
{
	return (struct slot_setup){
		.encoding = encoding,
		.ends = ends(),
		.stream = {.kind = SOURCE_READY, .seed = 7, .client = 2},
		.gives = gives,
		.takes = takes,
	};
}

static bool client_open(struct client *client, const struct array_type *type)
{
	*client = (struct client){.setup = ends(), .array = array_describe(type)};
	client->setup.type = *type;
	for (size_t i = 0; i < ELEMENTS; i++)
		client->elements[i] = 0.5 * (double)i - 3;
	client->array.data = client->elements;
	return encoder_open(&client->encoder, encoding, &client->setup, NULL) == 0 &&
	       decoder_open(&client->decoder, encoding, &client->setup, NULL) == 0;
}

static void client_close(struct client *client)
{
	encoder_close(&client->encoder);
	decoder_close(&client->decoder);
}

/* A message from a giver to a taker, as a carrier would move it. */
static int carry(struct give *give, struct take *take, struct err *err)
{
	size_t used = 0;
	size_t filled = 1;

	while (filled) {
		if (give->fill(give, text + used, sizeof(text) - used, &filled, err) != 0)
			return -1;
		used += filled;
	}
	if (take->begin(take, MESSAGE_LENGTH_UNKNOWN, err) != 0 ||
	    (used && take->accept(take, text, used, err) != 0))
		return -1;
	return take->end(take, err);
}

static bool same_elements(const struct array *a, const struct array *b)
{
	for (size_t i = 0; i < ELEMENTS; i++)
		if (fabs(((double *)a->data)[i] - ((double *)b->data)[i]) > 1e-12)
			return false;
	return true;
}

static void pull_once(struct slot *slot, struct client *client)
{
	struct give *give = NULL;
	struct err err = {0};

	CHECK_MSG(slot_reply(slot, &give, &err) == 0 && give, "%s", err.message);
	CHECK_MSG(carry(give, &client->decoder.take, &err) == 0, "%s", err.message);
	CHECK(same_elements(&client->decoder.array, &slot->array));
	CHECK(decoder_release(&client->decoder, &err) == 0);
	CHECK(slot_replied(slot, true, &err) == 0);
}

static void push_once(struct slot *slot, struct client *client)
{
	struct take *take = NULL;
	struct give *give = NULL;
	struct err err = {0};

	client->elements[3] += 1;
	CHECK(encoder_begin(&client->encoder, &client->array, &err) == 0);
	take = slot_request(slot, &err);
	CHECK(take && strcmp(take->what, "request") == 0);
	CHECK_MSG(carry(&client->encoder.give, take, &err) == 0, "%s", err.message);
	CHECK(same_elements(&slot->decoder.array, &client->array));
	CHECK(slot_reply(slot, &give, &err) == 0);
	CHECK((give != NULL) == slot->gives);
	if (give) {
		CHECK_MSG(carry(give, &client->decoder.take, &err) == 0, "%s", err.message);
		CHECK(same_elements(&client->decoder.array, &slot->array));
		CHECK(decoder_release(&client->decoder, &err) == 0);
	}
	encoder_end(&client->encoder, true);
	CHECK(slot_replied(slot, true, &err) == 0);
}

static void for_every_encoding(bool gives, bool takes, void (*exchange)(struct slot *,
								       struct client *))
{
	const struct array_type type = (struct array_type){shape, DTYPE_FLOAT64};

	for (size_t i = 0; encoding_table[i] && !test_why[0]; i++) {
		struct slot_setup setup;
		struct client client;
		struct slot slot;
		struct err err = {0};

		encoding = encoding_table[i];
		setup = slot_setup_of(gives ? &type : NULL, takes ? &type : NULL);
		CHECK_MSG(slot_open(&slot, &setup, &err) == 0, "%s", err.message);
		CHECK(client_open(&client, &type));
		for (uint64_t n = 0; n < 3 && !test_why[0]; n++) {
			CHECK(slot.exchange == n);
			exchange(&slot, &client);
		}
		if (test_why[0])
			(void)fprintf(stderr, "in %s\n", encoding->name);
		client_close(&client);
		slot_close(&slot);
	}
}

static void test_pull(void)
{
	for_every_encoding(true, false, pull_once);
}

static void test_push(void)
{
	for_every_encoding(false, true, push_once);
}

static void test_both(void)
{
	for_every_encoding(true, true, push_once);
}

/* What an encoding says of a reply is said of a request in its name. */
static void test_words(void)
{
	const struct array_type type = (struct array_type){shape, DTYPE_FLOAT64};
	struct slot_setup setup;
	struct slot slot;

	for (size_t i = 0; encoding_table[i] && !test_why[0]; i++) {
		struct take *take;
		struct err err = {0};
		int status;

		encoding = encoding_table[i];
		setup = slot_setup_of(NULL, &type);
		CHECK(slot_open(&slot, &setup, NULL) == 0);
		take = slot_request(&slot, &err);
		status = take->begin(take, MESSAGE_LENGTH_UNKNOWN, &err);
		if (status == 0)
			status = take->accept(take, "!", 1, &err);
		if (status == 0)
			status = take->end(take, &err);
		CHECK_MSG(status != 0, "%s takes \"!\"", encoding->name);
		CHECK_MSG(!strstr(err.message, "the reply"), "%s: %s", encoding->name, err.message);
		CHECK(slot_replied(&slot, false, NULL) == 0);
		CHECK(slot.exchange == 0);
		slot_close(&slot);
	}
}

static const struct test tests[] = {
	{"slot gives arrays", test_pull},
	{"slot takes arrays and acknowledges", test_push},
	{"slot takes and gives", test_both},
	{"slot speaks of requests", test_words},
};

TEST_MAIN(tests)
