/* SPDX-License-Identifier: MIT */
/* A socket's buffers. */
#include "bench/machine/sockets.h"

#include <sys/socket.h>

static uint64_t socket_option(int fd, int option)
{
	int value = 0;
	socklen_t bytes = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, option, &value, &bytes) != 0 || value < 0)
		return 0;
	return (uint64_t)value;
}

struct socket_buffers socket_buffers_of(int fd)
{
	if (fd < 0)
		return (struct socket_buffers){0};
	return (struct socket_buffers){
		.send = socket_option(fd, SO_SNDBUF),
		.receive = socket_option(fd, SO_RCVBUF),
	};
}
