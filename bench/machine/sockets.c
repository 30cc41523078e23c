/* SPDX-License-Identifier: MIT */
/* The buffers of our data socket. */
#include "bench/machine/sockets.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

/* How many bytes of an address follow its family; -1: there is no such end. */
static int address_bytes(int (*ask)(int, struct sockaddr *, socklen_t *), int fd)
{
	struct sockaddr_storage address;
	socklen_t bytes = sizeof(address);

	if (ask(fd, (struct sockaddr *)&address, &bytes) != 0)
		return -1;
	return (int)bytes - (int)sizeof(address.ss_family);
}

static int ask_own(int fd, struct sockaddr *address, socklen_t *bytes)
{
	return getsockname(fd, address, bytes);
}

static int ask_peer(int fd, struct sockaddr *address, socklen_t *bytes)
{
	return getpeername(fd, address, bytes);
}

static uint64_t socket_option(int fd, int option)
{
	int value = 0;
	socklen_t bytes = sizeof(value);

	if (getsockopt(fd, SOL_SOCKET, option, &value, &bytes) != 0 || value < 0)
		return 0;
	return (uint64_t)value;
}

static bool socket_carries_data(int fd)
{
	int peer = address_bytes(ask_peer, fd);

	return socket_option(fd, SO_TYPE) == SOCK_STREAM && peer >= 0 &&
	       (peer > 0 || address_bytes(ask_own, fd) > 0);
}

struct socket_buffers sockets_find(void)
{
	struct socket_buffers buffers = {0};
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;

	while (folder && !buffers.send && (entry = readdir(folder))) {
		int fd = (int)strtol(entry->d_name, NULL, 10); /* "." is 0, which is no socket */

		if (socket_carries_data(fd))
			buffers = (struct socket_buffers){socket_option(fd, SO_SNDBUF),
							  socket_option(fd, SO_RCVBUF)};
	}
	if (folder)
		(void)closedir(folder); /* only read from */
	return buffers;
}
