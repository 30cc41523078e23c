/* SPDX-License-Identifier: MIT */
/* What the kernel gave a socket. Which one carries data, carriers say: contract_carrier.c. */
#include <sys/socket.h>
#include <unistd.h>

#include "bench/machine/sockets.h"
#include "tests/support/test.h"

static void test_buffers(void)
{
	struct socket_buffers buffers;
	int bytes = 50000;
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
	CHECK(setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)) == 0);
	CHECK(setsockopt(ends[0], SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes)) == 0);
	buffers = socket_buffers_of(ends[0]);
	CHECK_MSG(buffers.send == 100000 && buffers.receive == 100000, "%llu and %llu",
		  (unsigned long long)buffers.send, (unsigned long long)buffers.receive);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void test_none(void)
{
	int ends[2];

	CHECK(socket_buffers_of(-1).send == 0 && socket_buffers_of(-1).receive == 0);
	CHECK(pipe(ends) == 0);
	CHECK(socket_buffers_of(ends[0]).send == 0);
	CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static const struct test tests[] = {
	{"socket buffers are the kernel's", test_buffers},
	{"socket buffers of no socket are unknown", test_none},
};

TEST_MAIN(tests)
