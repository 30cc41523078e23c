/* SPDX-License-Identifier: MIT */
/* unix: messages in chunks over a Unix stream socket. */
#include <string.h>

#include "transports/carrier.h"
#include "transports/net/chunks.h"
#include "transports/net/io.h"
#include "transports/net/stream.h"

static int unix_server_open(void *state, const struct server_setup *setup,
			    char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	int listener = io_listen_unix(setup, "unix", address, err);

	if (listener < 0)
		return -1;
	return stream_open(state, setup, listener, strstr(address, "://") + 3,
			   chunks_serve, err);
}

static int unix_client_open(void *state, const struct client_setup *setup, const char *address,
			   struct err *err)
{
	return chunks_client_open(state, io_connect_unix(address, err), setup, err);
}

const struct carrier carrier_unix = {
	.name = "unix",
	.title = "Unix socket stream in chunks",
	.scheme = "unix",
	.flags = CARRIER_SOCKET_FILE,
	.waits = WAIT_ALL,
	.exchange_ns = 20000,
	.ns_per_byte = 0.2,
	.server_size = sizeof(struct stream_server),
	.client_size = sizeof(struct chunks_client),
	.server_open = unix_server_open,
	.server_run = stream_run,
	.server_stop = stream_stop,
	.server_close = stream_close,
	.client_open = unix_client_open,
	.client_exchange = chunks_client_exchange,
	.client_descriptor = chunks_client_descriptor,
	.client_close = chunks_client_close,
};
