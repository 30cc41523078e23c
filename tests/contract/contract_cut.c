/* SPDX-License-Identifier: MIT */
/*
 * Holds every carrier's client to its contract when the connection does not
 * hold: a relay between the two ends lets so many of the server's bytes through
 * and then ends the stream, for every number of bytes that a small reply and
 * its handshake take.
 */
#include "tests/support/carrier_relay.h"
#include "tests/support/carrier_toy.h"

#define CUT_BYTES_MAX 20000 /* handshakes and a small reply: some hundreds */

/* One exchange through the relay. True if the client has the reply, whole and right. */
static bool cut_exchange(struct toy_server *server, struct relay *relay)
{
	struct toy_plan plan = {.bytes = 40, .offset = relay->limit, .fail_at = TOY_NEVER};
	struct toy_client client;
	size_t slot = relay->limit % TOY_SLOTS;
	bool whole = false;

	/* The server may not have noticed yet that its last client is gone. */
	toy_await(server, &server->slots[slot].left,
		  toy_count(server, &server->slots[slot].admitted));
	plan.kind = relay->limit % 2 ? TOY_SPANS : TOY_FILL;
	if (toy_client_open_as(&client, relay->address, server->slots[slot].ticket) == 0)
		whole = toy_exchange(&client, server, slot, &plan, TOY_WHOLE);
	if (!whole && (client.err.kind == ERR_NONE || !client.err.message[0]))
		TEST_FAIL("cut after %zu bytes: no words; %s", relay->limit, client.why);
	toy_client_close(&client);
	return whole;
}

/* Returns whether the reply came. */
static bool cut_at(struct toy_server *server, enum cut cut, size_t limit)
{
	struct relay relay;
	bool whole = false;

	if (relay_open(&relay, server->address)) {
		relay.cut = cut;
		relay.limit = limit;
		if (pthread_create(&relay.thread, NULL, relay_main, &relay) == 0) {
			whole = cut_exchange(server, &relay);
			(void)pthread_join(relay.thread, NULL);
		}
		if (whole && relay.passed < 40)
			TEST_FAIL("a whole reply out of %zu bytes", relay.passed);
	} else {
		TEST_FAIL("no relay");
	}
	relay_close(&relay);
	return whole;
}

static void check_cut(enum cut cut)
{
	struct toy_server server;
	size_t limit = 0;

	CHECK(toy_server_start(&server, false));
	while (limit < CUT_BYTES_MAX && !test_why[0] && !cut_at(&server, cut, limit))
		limit++;
	if (limit < 40 || limit == CUT_BYTES_MAX)
		TEST_FAIL("the reply came with %zu bytes", limit);
	if (!test_why[0])
		(void)toy_lives(&server, 1);
	toy_server_end(&server);
}

static void check_closed(void)
{
	check_cut(CUT_CLOSED);
}

static void check_half_closed(void)
{
	check_cut(CUT_HALF_CLOSED);
}

static const struct test properties[] = {
	{"closed after every byte", check_closed},
	{"half closed after every byte", check_half_closed},
};

TOY_MAIN(properties)
