/* SPDX-License-Identifier: MIT */
/*
 * Holds every carrier of the table to its contract when something goes wrong at
 * one end, and when the server is stopped: the error arrives in words, the
 * accounts balance, and the server lives on or ends as it was told.
 */
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/carrier_toy.h"
#include "transports/net/io.h"
#include "transports/net/strangers.h"

static const struct toy_plan small = {.bytes = 5000, .fail_at = TOY_NEVER};
static const struct toy_plan large = {.bytes = TOY_LARGE_BYTES, .fail_at = TOY_NEVER};

/* Which of the two says so is the carrier's choice: opening, or the first exchange. */
static void refuse_ticket(struct toy_server *server, const char *ticket)
{
	struct toy_client client;
	struct toy_take take;
	int status = toy_client_open_as(&client, server->address, ticket);

	if (status == 0 && toy_take_open(&take, 5000, TOY_WHOLE)) {
		status = toy_client_exchange(&client, &take);
		toy_take_close(&take);
	}
	if (status == 0)
		TEST_FAIL("the ticket \"%s\" is good", ticket);
	else if (client.err.kind == ERR_NONE || !client.err.message[0])
		TEST_FAIL("the ticket \"%s\" is refused without words", ticket);
	toy_client_close(&client);
}

static void check_wrong_ticket(void)
{
	static const char *const tickets[] = {
		"wrong/0",
		"0123456789abcdef",
		"0123456789abcdef/",
		"0123456789abcdef/99",
		"x",
		"0123456789abcdef/00",
		"/0",
		"",
		"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abc/0",
	};
	struct toy_server server;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < sizeof(tickets) / sizeof(tickets[0]); i++) {
		refuse_ticket(&server, tickets[i]);
		if (!test_why[0])
			(void)toy_lives(&server, i);
	}
	toy_server_end(&server);
}

/* One exchange that must fail in words; with kind and text, in these. */
static void exchange_fails(struct toy_server *server, size_t slot, const struct toy_plan *plan,
			   const struct toy_take *wrong, const char *text)
{
	struct toy_client client;
	struct toy_take take;

	toy_plan_next(server, slot, plan);
	CHECK(toy_take_open(&take, plan->bytes, wrong->step));
	take.failure = wrong->failure;
	take.fail_at = wrong->fail_at;
	if (!toy_client_open(&client, server, slot))
		;
	else if (toy_client_exchange(&client, &take) == 0)
		TEST_FAIL("the exchange went well");
	else if (text && (client.err.kind != ERR_RANGE || strcmp(client.err.message, text) != 0))
		TEST_FAIL("the taker's error became kind %d: %s", client.err.kind,
			  client.err.message);
	if (take.violation[0])
		TEST_FAIL("%s", take.violation);
	if (take.ended && wrong->failure != TOY_END_FAILS)
		TEST_FAIL("a message that failed came to its end");
	toy_client_close(&client);
	toy_take_close(&take);
}

static void check_request_fails(void)
{
	static const struct toy_take fine = {.step = TOY_WHOLE};
	struct toy_plan plan = small;
	struct toy_server server;

	plan.refuse = true;
	CHECK(toy_server_start(&server, false));
	exchange_fails(&server, 0, &plan, &fine, NULL);
	if (!test_why[0] && toy_count(&server, &server.slots[0].refused) != 1)
		TEST_FAIL("one request became %zu", toy_count(&server, &server.slots[0].refused));
	if (!test_why[0])
		(void)toy_lives(&server, 1);
	if (!test_why[0])
		toy_await(&server, &server.complaints, 1);
	toy_server_end(&server);
}

/* After no byte, few, and more than any buffer holds. */
static void check_give_fails(void)
{
	static const size_t points[] = {0, 1, 1000, 66000, 3000000};
	static const struct toy_take fine = {.step = TOY_WHOLE};
	struct toy_server server;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < 5 * TOY_KINDS && !test_why[0]; i++) {
		struct toy_plan plan = {
			.bytes = 4000000,
			.kind = (enum toy_kind)(i % TOY_KINDS),
			.fail_at = points[i / TOY_KINDS],
		};

		exchange_fails(&server, i, &plan, &fine, NULL);
		if (!test_why[0])
			toy_await(&server, &server.slots[i].lost, 1);
	}
	if (!test_why[0])
		(void)toy_lives(&server, TOY_SLOTS - 1);
	toy_server_end(&server);
}

static void check_take_fails(void)
{
	static const struct toy_take failures[] = {
		{.failure = TOY_BEGIN_FAILS, .step = TOY_WHOLE},
		{.failure = TOY_PLACE_FAILS, .step = 700, .fail_at = 0},
		{.failure = TOY_PLACE_FAILS, .step = 700, .fail_at = 2000},
		{.failure = TOY_PLACE_FAILS, .step = TOY_WHOLE, .fail_at = 1000000},
		{.failure = TOY_ARRIVED_FAILS, .step = 700, .fail_at = 1},
		{.failure = TOY_ARRIVED_FAILS, .step = TOY_WHOLE, .fail_at = 1000000},
		{.failure = TOY_END_FAILS, .step = TOY_WHOLE},
	};
	struct toy_server server;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < 7 * TOY_KINDS && !test_why[0]; i++) {
		const struct toy_take *failure = &failures[i / TOY_KINDS];
		struct toy_plan plan = {
			.bytes = failure->fail_at > 5000 ? 4000000 : 5000,
			.kind = (enum toy_kind)(i % TOY_KINDS),
			.fail_at = TOY_NEVER,
		};

		toy_await(&server, &server.slots[i % 8].left, i / 8); /* the one before it */
		exchange_fails(&server, i % 8, &plan, failure, "the toy drops it");
	}
	if (!test_why[0])
		(void)toy_lives(&server, 9);
	toy_server_end(&server);
}

/* A space of no bytes: the carrier itself says that the reply is too long. */
static void check_no_room(void)
{
	static const struct toy_take few = {
		.failure = TOY_NO_ROOM, .step = TOY_WHOLE, .fail_at = 1234};
	struct toy_server server;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < TOY_KINDS && !test_why[0]; i++) {
		struct toy_plan plan = small;

		plan.kind = (enum toy_kind)i;
		exchange_fails(&server, i, &plan, &few, NULL);
	}
	if (!test_why[0])
		(void)toy_lives(&server, 9);
	toy_server_end(&server);
}

/* A client in a thread of its own that stops in the middle of a large reply. */
struct held {
	struct toy_client client;
	struct toy_take take;
	pthread_t thread;
	int status;
};

static void *held_main(void *arg)
{
	struct held *held = arg;

	held->status = toy_client_exchange(&held->client, &held->take);
	return NULL;
}

static bool held_start(struct held *held, struct toy_server *server, size_t slot,
		       const struct toy_plan *plan)
{
	toy_plan_next(server, slot, plan);
	if (!toy_take_open(&held->take, plan->bytes, TOY_WHOLE))
		return false;
	held->take.hold_at = 1;
	if (!toy_client_open(&held->client, server, slot) ||
	    pthread_create(&held->thread, NULL, held_main, held) != 0)
		return false;
	while (sem_wait(&held->take.held) != 0)
		;
	return true;
}

static void held_end(struct held *held)
{
	(void)sem_post(&held->take.resume);
	(void)pthread_join(held->thread, NULL);
	if (held->take.violation[0])
		TEST_FAIL("%s", held->take.violation);
	toy_client_close(&held->client);
	toy_take_close(&held->take);
}

/* A client that takes its time stops no other, and gets its reply in the end. */
static void check_slow_client(void)
{
	struct toy_server server;
	struct held held;

	for (size_t i = 0; i < TOY_KINDS && !test_why[0]; i++) {
		struct toy_plan plan = large;

		plan.kind = (enum toy_kind)i;
		CHECK(toy_server_start(&server, false));
		CHECK(held_start(&held, &server, 0, &plan));
		(void)toy_lives(&server, 1);
		held_end(&held);
		if (held.status != 0)
			TEST_FAIL("%s", held.client.err.message);
		toy_server_end(&server);
	}
}

/* The kernel closes the connection of a process that dies; here it is the client's own doing. */
static void check_client_leaves(void)
{
	static const struct toy_take gives_up = {
		.failure = TOY_PLACE_FAILS, .step = TOY_WHOLE, .fail_at = 100000};
	struct toy_server server;
	struct toy_client client;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < TOY_KINDS && !test_why[0]; i++) {
		struct toy_plan plan = large;

		plan.kind = (enum toy_kind)i;
		exchange_fails(&server, i, &plan, &gives_up, "the toy drops it");
		if (!test_why[0])
			toy_await(&server, &server.slots[i].lost, 1);
		if (!test_why[0])
			toy_await(&server, &server.slots[i].left, 1);
	}
	if (!test_why[0] && toy_client_open(&client, &server, 8))
		toy_client_close(&client); /* without a request */
	if (!test_why[0])
		(void)toy_lives(&server, 9);
	toy_server_end(&server);
}

/* The server goes in the middle of a reply: its client must hear of it. */
static void check_stop_in_reply(void)
{
	struct toy_server server;
	struct held held;

	for (size_t i = 0; i < TOY_KINDS && !test_why[0]; i++) {
		struct toy_plan plan = large;

		plan.kind = (enum toy_kind)i;
		CHECK(toy_server_start(&server, false));
		CHECK(held_start(&held, &server, 0, &plan));
		(void)toy_server_stop(&server);
		if (server.slots[0].lost != 1)
			TEST_FAIL("%zu replies lost", server.slots[0].lost);
		held_end(&held);
		if (held.status == 0)
			TEST_FAIL("the client has a whole reply");
		toy_server_end(&server);
	}
}

static void check_stop_connected(void)
{
	struct toy_server server;
	struct toy_client clients[3] = {0};
	struct toy_take take;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < 3 && !test_why[0]; i++)
		if (toy_client_open(&clients[i], &server, i) && i &&
		    !toy_exchange(&clients[i], &server, i, &small, TOY_WHOLE))
			TEST_FAIL("%s", clients[i].why);
	(void)toy_server_stop(&server);
	CHECK(toy_take_open(&take, 5000, TOY_WHOLE));
	if (!test_why[0] && toy_client_exchange(&clients[1], &take) == 0)
		TEST_FAIL("a stopped server answers");
	if (take.violation[0])
		TEST_FAIL("%s", take.violation);
	toy_take_close(&take);
	for (size_t i = 0; i < 3; i++)
		toy_client_close(&clients[i]);
	toy_server_end(&server);
}

static void check_stop_early(void)
{
	struct toy_server server;

	CHECK(toy_server_open(&server, false));
	toy_row->server_stop(server.state);
	toy_row->server_stop(server.state);
	if (toy_row->server_run(server.state, &server.err) != 0)
		TEST_FAIL("server_run: %s", server.err.message);
	toy_row->server_stop(server.state);
	toy_server_end(&server);
}

static void check_stop_idle(void)
{
	struct toy_server server;

	CHECK(toy_server_start(&server, false));
	(void)toy_lives(&server, 0);
	toy_await(&server, &server.slots[0].left, 1);
	toy_row->server_stop(server.state);
	toy_row->server_stop(server.state);
	toy_server_end(&server);
}

static int connect_raw(const char *address)
{
	if (toy_row->flags & CARRIER_SOCKET_FILE)
		return io_connect_unix(address, NULL);
	return io_connect_tcp(address, NULL);
}

#define GREETING(text) \
	{ \
		text, sizeof(text) - 1 \
	}

/* What is no client of ours: the server turns it away and lives on. */
static void check_strangers(void)
{
	static const struct {
		const char *data;
		size_t bytes;
	} greetings[] = {
		GREETING(""),
		GREETING("\1"),
		GREETING("GET / HTTP/1.1\r\n\r\n"),
		GREETING(
			"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
			"Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"),
		GREETING("POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\nshort"),
		GREETING("\377\377\377\377\377\377\377\377"),
		GREETING("\177\377\377\377"),
		GREETING("\200\0\0\0"),
		GREETING("\0\0\0\13#CHALLENGE#"),
		GREETING("\x16\x03\x01\x02\0\x01\0\x01\xfc"),
	};
	struct toy_server server;

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]) && !test_why[0]; i++) {
		int fd = connect_raw(server.address);
		char answer[4096];

		CHECK(fd >= 0);
		(void)!send(fd, greetings[i].data, greetings[i].bytes, MSG_NOSIGNAL);
		(void)shutdown(fd, SHUT_WR);
		while (read(fd, answer, sizeof(answer)) > 0)
			; /* until the server has hung up on us */
		(void)close(fd);
		(void)toy_lives(&server, i);
	}
	toy_server_end(&server);
}

/* Who stays and says nothing of use is hung up on before there is no room for clients. */
static void check_lingerers(void)
{
	static const char halves[][24] = {"", "G", "GET / HTTP/1.1\r\nHost:", "\33\0\0"};
	struct toy_server server;
	int held[STRANGERS_MAX + 60];
	size_t count = sizeof(held) / sizeof(held[0]);
	char answer[4096];

	CHECK(toy_server_start(&server, false));
	for (size_t i = 0; i < count; i++) {
		held[i] = connect_raw(server.address);
		if (held[i] < 0)
			TEST_FAIL("no connection %zu", i);
		else
			(void)!send(held[i], halves[i % 4], strlen(halves[i % 4]), MSG_NOSIGNAL);
	}
	if (!test_why[0])
		(void)toy_lives(&server, 0);
	while (!test_why[0] && read(held[0], answer, sizeof(answer)) > 0)
		; /* the longest there is the first to go */
	for (size_t i = 0; i < count; i++)
		io_close(&held[i]);
	if (!test_why[0])
		(void)toy_lives(&server, 1);
	toy_server_end(&server);
}

static const struct test properties[] = {
	{"wrong ticket", check_wrong_ticket},
	{"request fails", check_request_fails},
	{"give fails", check_give_fails},
	{"take fails", check_take_fails},
	{"no room", check_no_room},
	{"slow client", check_slow_client},
	{"client leaves", check_client_leaves},
	{"stopped in a reply", check_stop_in_reply},
	{"stopped while connected", check_stop_connected},
	{"stopped before it runs", check_stop_early},
	{"stopped while idle", check_stop_idle},
	{"strangers", check_strangers},
	{"lingerers", check_lingerers},
};

TOY_MAIN(properties)
