/* SPDX-License-Identifier: MIT */
/* A WebSocket client's handshake as it comes. */
#include "transports/carriers/ws/ws_handshake.h"

#include <errno.h>
#include <sys/socket.h>

#include "transports/carriers/ws/ws_offers.h"
#include "transports/net/io.h"

/* Looks at what has come without taking it. Sleeps until something has, or the client hangs up. */
static ssize_t ws_peek(int fd, void *data, size_t bytes)
{
	ssize_t seen;

	do
		seen = recv(fd, data, bytes, MSG_PEEK);
	while (seen < 0 && errno == EINTR);
	return seen;
}

int ws_receive_handshake(int fd, char *head, size_t *bytes)
{
	const struct io_peer peer = {.fd = fd, .wait = WAIT_BLOCK};
	size_t end = 0;

	*bytes = 0;
	while (!end && *bytes < WS_REQUEST_HEAD_BYTES) {
		ssize_t seen = ws_peek(fd, head + *bytes, WS_REQUEST_HEAD_BYTES - *bytes);
		size_t come = *bytes + (size_t)seen;

		if (seen <= 0)
			return -1;
		if (!ws_head_may_get(head, come))
			return 0;
		end = ws_head_end(head, come);
		come = end ? end : come;
		if (io_receive(peer, head + *bytes, come - *bytes, NULL) != 0)
			return -1;
		*bytes = come;
	}
	if (end)
		*bytes = ws_remove_offers(head, end);
	return 0;
}
