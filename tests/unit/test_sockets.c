/* SPDX-License-Identifier: MIT */
/* Which of our sockets is the one that carries data, and what the kernel gave it. */
#include <sys/socket.h>
#include <unistd.h>

#include "bench/machine/sockets.h"
#include "tests/support/test.h"
#include "transports/net/io.h"

/* What libraries and the control plane have: connected, but without addresses. */
static void test_socketpair(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	CHECK(sockets_find().send == 0 && sockets_find().receive == 0);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void find_connected(int listener, int (*connect_to)(const char *, struct err *),
			   const char *address)
{
	struct err err = {0};
	struct socket_buffers buffers;
	int bytes = 50000;
	int client = connect_to(address, &err);
	int server = accept(listener, NULL, NULL);

	CHECK_MSG(client >= 0 && server >= 0, "%s", err.message);
	CHECK(setsockopt(server, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)) == 0);
	CHECK(setsockopt(server, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) == 0);
	CHECK(close(client) == 0); /* its peer keeps the address */
	buffers = sockets_find();
	CHECK_MSG(buffers.send == 100000 && buffers.receive == 100000, "%llu and %llu",
		  (unsigned long long)buffers.send, (unsigned long long)buffers.receive);
	CHECK(close(server) == 0 && close(listener) == 0);
	CHECK(sockets_find().send == 0);
}

static void test_tcp(void)
{
	char address[CARRIER_ADDRESS_BYTES];
	struct server_setup setup = {0};
	struct err err = {0};
	int listener = io_listen_tcp(&setup, "tcp", address, &err);

	CHECK_MSG(listener >= 0, "%s", err.message);
	CHECK(sockets_find().send == 0); /* it only listens */
	find_connected(listener, io_connect_tcp, address);
}

static void test_unix(void)
{
	char folder[] = "/tmp/test-sockets-XXXXXX";
	char address[CARRIER_ADDRESS_BYTES];
	struct server_setup setup = {.directory = mkdtemp(folder)};
	struct err err = {0};
	int listener = setup.directory ? io_listen_unix(&setup, "unix", address, &err) : -1;

	CHECK_MSG(listener >= 0, "%s", err.message);
	find_connected(listener, io_connect_unix, address);
	CHECK(unlink(strstr(address, folder)) == 0 && rmdir(folder) == 0);
}

static const struct test tests[] = {
	{"sockets without an address carry no data", test_socketpair},
	{"sockets of tcp", test_tcp},
	{"sockets of unix", test_unix},
};

TEST_MAIN(tests)
