/* SPDX-License-Identifier: MIT */
/* libwebsockets' server, for the ws and lws carriers: a context and a thread for each client. */
#ifndef TRANSPORTS_CARRIERS_WS_LWS_SERVER_H
#define TRANSPORTS_CARRIERS_WS_LWS_SERVER_H

#include "transports/carrier.h"
#include "transports/net/stream.h"

/* server_open of both carriers, over a struct stream_server; the rest is stream_run and so on. */
int lws_server_open(void *state, const struct server_setup *setup,
		    char address[CARRIER_ADDRESS_BYTES], struct err *err);

#endif
