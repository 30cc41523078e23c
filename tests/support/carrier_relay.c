/* SPDX-License-Identifier: MIT */
/* A relay between a carrier's two ends. */
#include "tests/support/carrier_relay.h"

#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/carrier_toy.h"
#include "transports/net/io.h"

static bool is_unix(void)
{
	return toy_row->flags & CARRIER_SOCKET_FILE;
}

bool relay_open(struct relay *relay, const char *behind)
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

void relay_close(struct relay *relay)
{
	io_close(&relay->listener);
	if (is_unix())
		(void)unlink(strstr(relay->address, "://") + 3);
	if (rmdir(relay->directory) != 0)
		TEST_FAIL("the relay's directory stays");
}

/* Moves what there is. False at the stream's end, or where it is cut. */
static bool relay_move(int from, int to, size_t *left, size_t *passed, FILE *seen)
{
	char block[4096];
	ssize_t got = read(from, block, sizeof(block) < *left ? sizeof(block) : *left);
	struct iovec vector = {.iov_base = block};

	if (got <= 0)
		return false;
	vector.iov_len = (size_t)got;
	*left -= (size_t)got;
	*passed += (size_t)got;
	if (seen)
		(void)fwrite(block, 1, (size_t)got, seen);
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
			open = relay_move(server, client, &left, &relay->passed, relay->seen[1]);
		else if (polled[0].revents)
			open = relay_move(client, server, &endless, &ignored, relay->seen[0]);
	}
	(void)shutdown(client, relay->cut == CUT_HALF_CLOSED ? SHUT_WR : SHUT_RDWR);
	/* Half closed: the client can still write, unread, until it gives up. */
	while (relay->cut == CUT_HALF_CLOSED && poll(polled, 1, -1) > 0 &&
	       relay_move(client, server, &endless, &ignored, relay->seen[0]))
		;
}

void *relay_main(void *arg)
{
	struct relay *relay = arg;
	int client = accept(relay->listener, NULL, NULL);
	int server = is_unix() ? io_connect_unix(relay->behind, NULL) :
				 io_connect_tcp(relay->behind, NULL);

	/* A client that tries again finds no server, and never waits in the queue of one. */
	(void)shutdown(relay->listener, SHUT_RDWR);
	if (client >= 0 && server >= 0)
		relay_pass(relay, client, server);
	io_close(&client);
	io_close(&server);
	return NULL;
}
