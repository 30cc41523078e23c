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
	const struct encoding_loss loss = encoding_loss_of(encoding, DTYPE_FLOAT64);
	const double *got = a->data;
	const double *want = b->data;

	for (size_t i = 0; i < ELEMENTS; i++)
		if (fabs(got[i] - want[i]) > loss.tolerance * fabs(want[i]) + loss.tolerance_near_0)
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

/* Two slots, a client's and a server's: an exchange of theirs, with what each records of it. */
static void exchange_ends(struct slot *client, struct slot *server, bool delivered)
{
	struct give *request = NULL;
	struct give *reply = NULL;
	struct take *wanted = slot_begin(client);
	struct err err = {0};

	CHECK((wanted != NULL) == client->takes);
	CHECK_MSG(slot_give(client, &request, &err) == 0, "%s", err.message);
	CHECK((request != NULL) == server->takes);
	if (request)
		CHECK_MSG(carry(request, slot_request(server, &err), &err) == 0, "%s",
			  err.message);
	CHECK_MSG(slot_reply(server, &reply, &err) == 0, "%s", err.message);
	CHECK((reply != NULL) == client->takes);
	if (reply)
		CHECK_MSG(carry(reply, wanted, &err) == 0, "%s", err.message);
	if (server->takes) {
		slot_read(server);
		CHECK(same_elements(&server->decoder.array, &client->array));
	}
	if (client->takes) {
		slot_read(client);
		CHECK(same_elements(&client->decoder.array, &server->array));
	}
	if (client->gives && server->gives)
		CHECK(!same_elements(&client->array, &server->array));
	CHECK(slot_replied(server, delivered, &err) == 0);
	CHECK(slot_replied(client, delivered, &err) == 0);
	CHECK(client->record.detailed && client->record.exchange == server->record.exchange);
	CHECK(client->takes || client->record.decode_ns == 0);
	CHECK(server->takes || server->record.decode_ns == 0);
	CHECK(client->gives || client->record.encode_ns == 0);
	CHECK(server->gives || server->record.encode_ns == 0);
}

/* Every encoding, direction and source: both ends go through the same exchanges. */
static void test_ends(void)
{
	const struct array_type type = (struct array_type){shape, DTYPE_FLOAT64};

	for (size_t i = 0; encoding_table[i] && !test_why[0]; i++) {
		for (unsigned way = 1; way < 8 && !test_why[0]; way++) {
			const struct array_type *request = way & 1 ? &type : NULL;
			const struct array_type *reply = way & 2 ? &type : NULL;
			struct slot_setup setup;
			struct slot client, server;

			encoding = encoding_table[i];
			if (!request && !reply)
				continue;
			setup = slot_setup_of(reply, request);
			setup.stream.kind = way & 4 ? SOURCE_FRESH : SOURCE_READY;
			CHECK(slot_open(&server, &setup, NULL) == 0);
			setup.gives = request;
			setup.takes = reply;
			setup.asks = true;
			CHECK(slot_open(&client, &setup, NULL) == 0);
			exchange_ends(&client, &server, true);
			exchange_ends(&client, &server, false); /* which comes again, */
			exchange_ends(&client, &server, true);
			CHECK(client.exchange == 2 && server.exchange == 2);
			if (test_why[0])
				(void)fprintf(stderr, "in %s, way %u\n", encoding->name, way);
			slot_close(&client);
			slot_close(&server);
		}
	}
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
	{"slots at both ends", test_ends},
	{"slot speaks of requests", test_words},
};

TEST_MAIN(tests)
