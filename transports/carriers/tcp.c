/* SPDX-License-Identifier: MIT */
/* tcp: messages in chunks over a TCP connection. */
#include "transports/carrier.h"
#include "transports/net/chunks.h"
#include "transports/net/io.h"
#include "transports/net/stream.h"

static int tcp_server_open(void *state, const struct server_setup *setup,
			   char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	int listener = io_listen_tcp(setup, "tcp", address, err);

	if (listener < 0)
		return -1;
	return stream_open(state, setup, listener, "", chunks_serve, err);
}

static int tcp_client_open(void *state, const struct client_setup *setup, const char *address,
			   struct err *err)
{
	return chunks_client_open(state, io_connect_tcp(address, err), setup, err);
}

const struct carrier carrier_tcp = {
	.name = "tcp",
	.title = "TCP stream in chunks",
	.scheme = "tcp",
	.waits = WAIT_ALL,
	.exchange_ns = 30000,
	.ns_per_byte = 0.23,
	.server_size = sizeof(struct stream_server),
	.client_size = sizeof(struct chunks_client),
	.server_open = tcp_server_open,
	.server_run = stream_run,
	.server_stop = stream_stop,
	.server_close = stream_close,
	.client_open = tcp_client_open,
	.client_exchange = chunks_client_exchange,
	.client_descriptor = chunks_client_descriptor,
	.client_close = chunks_client_close,
};
