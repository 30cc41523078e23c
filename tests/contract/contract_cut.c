/* SPDX-License-Identifier: MIT */
/*
 * Holds every carrier's client to its contract when the connection does not
 * hold: a relay between the two ends lets so many of the server's bytes through
 * and then ends the stream, for every number of bytes that a small reply and
 * its handshake take.
 */
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/carrier_toy.h"
#include "transports/net/io.h"

#define CUT_BYTES_MAX 20000 /* handshakes and a small reply: some hundreds */

/* How the stream ends. */
enum cut { CUT_CLOSED, CUT_HALF_CLOSED, CUT_KINDS };

struct relay {
	pthread_t thread;
	struct server_setup setup;
	char directory[64];
	char address[CARRIER_ADDRESS_BYTES];
	const char *behind; /* the server's */
	int listener;
	enum cut cut;
	size_t limit;  /* so many of the server's bytes pass */
	size_t passed;
};

static bool is_unix(void)
{
	return toy_row->flags & CARRIER_SOCKET_FILE;
}

static bool relay_open(struct relay *relay, const char *behind)
{
	*relay = (struct relay){.behind = behind, .listener = -1};
	(void)snprintf(relay->directory, sizeof(relay->directory), "/tmp/ipctop-relay-XXXXXX");
	if (!mkdtemp(relay->directory))
		return false;
	relay->setup.directory = relay->directory;
	relay->listener = is_unix() ?
		io_listen_unix(&relay->setup, toy_row->scheme, relay->address, NULL) :
		io_listen_tcp(&relay->setup, toy_row->scheme, relay->address, NULL);
	return relay->listener >= 0;
}

static void relay_close(struct relay *relay)
{
	io_close(&relay->listener);
	if (is_unix())
		(void)unlink(strstr(relay->address, "://") + 3);
	if (rmdir(relay->directory) != 0)
		TEST_FAIL("the relay's directory stays");
}

/* Moves what there is. False at the stream's end, or where it is cut. */
static bool relay_move(int from, int to, size_t *left, size_t *passed)
{
	char block[4096];
	ssize_t got = read(from, block, sizeof(block) < *left ? sizeof(block) : *left);
	struct iovec vector = {.iov_base = block};

	if (got <= 0)
		return false;
	vector.iov_len = (size_t)got;
	*left -= (size_t)got;
	*passed += (size_t)got;
	return io_send((struct io_peer){.fd = to}, &vector, 1, NULL) == 0 && *left;
}

/* One connection: the client's bytes all pass, the server's as far as they may. */
static void relay_pass(struct relay *relay, int client, int server)
{
	struct pollfd polled[] = {
		{.fd = client, .events = POLLIN},
		{.fd = server, .events = POLLIN},
	};
	size_t endless = SIZE_MAX;
	size_t ignored = 0;
	size_t left = relay->limit;
	bool open = left > 0;

	while (open && poll(polled, 2, -1) > 0) {
		if (polled[1].revents)
			open = relay_move(server, client, &left, &relay->passed);
		else if (polled[0].revents)
			open = relay_move(client, server, &endless, &ignored);
	}
	(void)shutdown(client, relay->cut == CUT_HALF_CLOSED ? SHUT_WR : SHUT_RDWR);
	/* Half closed: the client can still write, to nobody, until it gives up. */
	while (relay->cut == CUT_HALF_CLOSED && poll(polled, 1, -1) > 0 &&
	       relay_move(client, server, &endless, &ignored))
		;
}

static void *relay_main(void *arg)
{
	struct relay *relay = arg;
	int client = accept(relay->listener, NULL, NULL);
	int server = is_unix() ? io_connect_unix(relay->behind, NULL) :
				 io_connect_tcp(relay->behind, NULL);

	if (client >= 0 && server >= 0)
		relay_pass(relay, client, server);
	io_close(&client);
	io_close(&server);
	/* A client that tries again finds nobody. */
	(void)shutdown(relay->listener, SHUT_RDWR);
	return NULL;
}

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
