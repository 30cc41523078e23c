/* SPDX-License-Identifier: MIT */
/*
 * Holds every carrier of the table to its contract where requests carry a message: of every
 * size and kind, answered by an acknowledgement or by another message; and where either end
 * fails in the middle of one.
 */
#include "tests/support/carrier_toy.h"
#include "tests/support/carrier_toy_block.h"

static const size_t sizes[] = {
	0,    1,    125,   126,   127,   1023,   1024,   1025,    4095,
	4096, 4097, 65535, 65536, 65537, 131071, 131073, 1204224, TOY_LARGE_BYTES,
};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static const struct toy_plan acknowledgement = {.fail_at = TOY_NEVER, .none = true};

/* One client, requests of every size of a kind, into spaces of a size. */
static void push_sizes(enum toy_kind kind, size_t step, bool odd, bool text)
{
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start_taking(&server));
	if (toy_client_open(&client, &server, 0)) {
		for (size_t i = 0; i < SIZES && !test_why[0]; i++) {
			struct toy_plan request = {
				.bytes = text ? sizes[i] % 2000000 : sizes[i],
				.offset = i * 4099,
				.kind = kind,
				.fail_at = TOY_NEVER,
				.odd = odd,
				.text = text,
			};

			if (!toy_exchange_both(&client, &server, 0, &request, &acknowledgement,
					       step))
				TEST_FAIL("%s", client.why);
			else if (client.wire.request < request.bytes)
				TEST_FAIL("%zu bytes took %zu on the wire", request.bytes,
					  (size_t)client.wire.request);
		}
	}
	toy_client_close(&client);
	toy_server_end(&server);
}

static void check_spans(void)
{
	push_sizes(TOY_SPANS, TOY_WHOLE, false, false);
}

static void check_filled_unknown(void)
{
	push_sizes(TOY_FILL, TOY_WHOLE, true, false);
}

static void check_filled_known(void)
{
	push_sizes(TOY_FILL_KNOWN, TOY_WHOLE, true, false);
}

static void check_small_spaces(void)
{
	for (enum toy_kind kind = TOY_SPANS; kind < TOY_KINDS && !test_why[0]; kind++)
		push_sizes(kind, 8191, false, false);
}

static void check_text(void)
{
	toy_block_make_text();
	for (enum toy_kind kind = TOY_SPANS; kind < TOY_KINDS && !test_why[0]; kind++)
		push_sizes(kind, TOY_WHOLE, false, true);
}

/* Messages both ways, each another one, with an acknowledgement now and then. */
static void check_both(void)
{
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start_taking(&server));
	if (toy_client_open(&client, &server, 3)) {
		for (size_t i = 0; i < 300 && !test_why[0]; i++) {
			struct toy_plan request = {
				.bytes = i % 50 == 49 ? 3000000 : (i * 379) % 70000,
				.offset = i * 131,
				.kind = (enum toy_kind)(i % TOY_KINDS),
				.fail_at = TOY_NEVER,
				.odd = i & 1,
			};
			struct toy_plan reply = {
				.bytes = i % 60 == 59 ? 3000000 : (i * 211) % 70000,
				.offset = i * 977,
				.kind = (enum toy_kind)(i / 3 % TOY_KINDS),
				.fail_at = TOY_NEVER,
				.odd = i & 2,
			};

			if (i % 7 == 6)
				reply = acknowledgement;
			if (!toy_exchange_both(&client, &server, 3, &request, &reply,
					       i & 2 ? 97 : TOY_WHOLE))
				TEST_FAIL("exchange %zu: %s", i, client.why);
		}
	}
	toy_client_close(&client);
	if (!test_why[0] && toy_count(&server, &server.slots[3].admitted) != 1)
		TEST_FAIL("admitted %zu times", toy_count(&server, &server.slots[3].admitted));
	toy_server_end(&server);
}

/* A server may learn that a client has gone when the next one is there. */
static void await_slot_left(struct toy_server *server)
{
	if (!test_why[0])
		toy_await(server, &server->slots[1].left,
			  toy_count(server, &server->slots[1].admitted));
}

/* A request of so many bytes that has to fail. */
static void push_fails_once(struct toy_server *server, const struct toy_plan *request,
			    const struct toy_plan *reply, struct toy_take *incoming,
			    const char *words)
{
	static struct toy_giver giver;
	struct toy_client client;

	server->slots[1].request = incoming;
	server->slots[1].request_plan = *request;
	toy_plan_next(server, 1, reply);
	if (toy_client_open(&client, server, 1)) {
		toy_giver_begin(&giver, request);
		if (toy_client_exchange_both(&client, &giver, NULL) == 0)
			TEST_FAIL("it went well");
		else if (words && !strstr(client.err.message, words))
			TEST_FAIL("said: %s", client.err.message);
	}
	toy_client_close(&client);
}

/* The same where the server has seen the request; it goes on. */
static void push_fails(struct toy_server *server, const struct toy_plan *request,
		       const struct toy_plan *reply, struct toy_take *incoming,
		       const char *words)
{
	push_fails_once(server, request, reply, incoming, words);
	/* The slot is let go of before its request is. */
	await_slot_left(server);
	server->slots[1].request = NULL;
}

/*
 * A server for each request: it may admit a client when that has gone, and be in the middle of
 * its request when the next one begins.
 */
static void give_fails(const struct toy_plan *request)
{
	struct toy_server server;
	struct toy_take incoming;

	CHECK(toy_server_start_taking(&server));
	if (toy_take_open(&incoming, request->bytes, TOY_WHOLE))
		push_fails_once(&server, request, &acknowledgement, &incoming, "the toy broke");
	else
		TEST_FAIL("no memory");
	toy_server_end(&server);
	toy_take_close(&incoming);
}

/* The client's own giver fails: the words are its words. */
static void check_give_fails(void)
{
	static const size_t fail_at[] = {0, 1, 5000, 70000, 2000000};

	for (size_t i = 0; i < sizeof(fail_at) / sizeof(fail_at[0]) * TOY_KINDS && !test_why[0];
	     i++)
		give_fails(&(struct toy_plan){
			.bytes = 3000000,
			.kind = (enum toy_kind)(i % TOY_KINDS),
			.fail_at = fail_at[i / TOY_KINDS],
		});
}

/* The server's taker fails: the client has words, if not always the taker's. */
static void check_take_fails(void)
{
	static const enum toy_failure failures[] = {
		TOY_BEGIN_FAILS, TOY_PLACE_FAILS, TOY_ARRIVED_FAILS, TOY_END_FAILS, TOY_NO_ROOM,
	};
	struct toy_server server;

	CHECK(toy_server_start_taking(&server));
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]) && !test_why[0]; i++) {
		struct toy_plan request = {.bytes = 3000000, .fail_at = TOY_NEVER};
		struct toy_take incoming;

		CHECK(toy_take_open(&incoming, request.bytes, TOY_WHOLE));
		incoming.take.what = "request";
		incoming.failure = failures[i];
		incoming.fail_at = 100000;
		push_fails(&server, &request, &acknowledgement, &incoming, NULL);
		toy_take_close(&incoming);
	}
	if (!test_why[0] && toy_count(&server, &server.complaints) == 0)
		TEST_FAIL("the server complained of nothing");
	toy_server_end(&server);
}

/* A client that expects an acknowledgement takes no message for one. */
static void check_message_for_acknowledgement(void)
{
	const struct toy_plan request = {.bytes = 5000, .fail_at = TOY_NEVER};
	const struct toy_plan reply = {.bytes = 40000, .fail_at = TOY_NEVER};
	struct toy_server server;
	struct toy_take incoming;

	CHECK(toy_server_start_taking(&server));
	CHECK(toy_take_open(&incoming, request.bytes, TOY_WHOLE));
	push_fails(&server, &request, &reply, &incoming, "acknowledgement");
	toy_take_close(&incoming);
	toy_server_end(&server);
}

/* The reply fails after the request has come: the exchange is lost once, and said to be. */
static void check_reply_fails(void)
{
	const struct toy_plan request = {.bytes = 5000, .fail_at = TOY_NEVER};
	const struct toy_plan reply = {.fail_at = TOY_NEVER, .refuse = true, .none = true};
	struct toy_server server;
	struct toy_take incoming;

	CHECK(toy_server_start_taking(&server));
	CHECK(toy_take_open(&incoming, request.bytes, TOY_WHOLE));
	push_fails(&server, &request, &reply, &incoming, NULL);
	toy_take_close(&incoming);
	toy_server_end(&server);
}

static const struct test properties[] = {
	{"push spans", check_spans},
	{"push filled, length unknown", check_filled_unknown},
	{"push filled, length known", check_filled_known},
	{"push into small spaces", check_small_spaces},
	{"push text", check_text},
	{"both ways", check_both},
	{"push: give fails", check_give_fails},
	{"push: take fails", check_take_fails},
	{"push: message for acknowledgement", check_message_for_acknowledgement},
	{"push: reply fails", check_reply_fails},
};

TOY_MAIN(properties)
