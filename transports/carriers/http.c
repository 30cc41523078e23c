/* SPDX-License-Identifier: MIT */
/* http: a GET and its reply on a kept connection; the reply's body is the message. */
#include "transports/carriers/http/http.h"

#include <stdio.h>

#include <curl/curl.h>
#include <microhttpd.h>

#include "transports/carrier.h"
#include "transports/net/io.h"

void http_libraries(bool server, char *text, size_t size)
{
	(void)snprintf(text, size, server ? "libcurl %s; libmicrohttpd %s" : "libcurl %s",
		       curl_version_info(CURLVERSION_NOW)->version, MHD_get_version());
}

static int http_tcp_server_open(void *state, const struct server_setup *setup,
				char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	return http_server_open(state, setup, io_listen_tcp(setup, "http", address, err), "", err);
}

const struct carrier carrier_http = {
	.name = "http",
	.title = "HTTP/1.1 over TCP",
	.scheme = "http",
	.waits = WAIT_ALL,
	.exchange_ns = 60000,
	.ns_per_byte = 0.27,
	.server_size = sizeof(struct http_server),
	.client_size = sizeof(struct http_client),
	.libraries = http_libraries,
	.server_open = http_tcp_server_open,
	.server_run = http_server_run,
	.server_stop = http_server_stop,
	.server_close = http_server_close,
	.client_open = http_client_open,
	.client_exchange = http_client_exchange,
	.client_descriptor = http_client_descriptor,
	.client_close = http_client_close,
	.client_remark = http_client_remark,
};
