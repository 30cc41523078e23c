/* SPDX-License-Identifier: MIT */
/* uhttp: what http is, over a Unix socket. */
#include <string.h>

#include "transports/carrier.h"
#include "transports/carriers/http/http.h"
#include "transports/net/io.h"

static int uhttp_server_open(void *state, const struct server_setup *setup,
			     char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	int listener = io_listen_unix(setup, "uhttp", address, err);

	if (listener < 0)
		return -1;
	return http_server_open(state, setup, listener, strstr(address, "://") + 3, err);
}

const struct carrier carrier_uhttp = {
	.name = "uhttp",
	.title = "HTTP/1.1 over a Unix socket",
	.scheme = "uhttp",
	.flags = CARRIER_SOCKET_FILE,
	.waits = WAIT_ALL,
	.exchange_ns = 60000,
	.ns_per_byte = 0.27,
	.server_size = sizeof(struct http_server),
	.client_size = sizeof(struct http_client),
	.libraries = http_libraries,
	.server_open = uhttp_server_open,
	.server_run = http_server_run,
	.server_stop = http_server_stop,
	.server_close = http_server_close,
	.client_open = http_client_open_unix,
	.client_exchange = http_client_exchange,
	.client_descriptor = http_client_descriptor,
	.client_close = http_client_close,
	.client_remark = http_client_remark,
};
