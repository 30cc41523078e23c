/* SPDX-License-Identifier: MIT */
/*
 * The two ends of the http carrier: libmicrohttpd's server and libcurl's client.
 * transports/carrier.h has each function's contract, http.c the row of them.
 */
#ifndef TRANSPORTS_CARRIERS_HTTP_HTTP_H
#define TRANSPORTS_CARRIERS_HTTP_HTTP_H

#include <stdbool.h>
#include <stdint.h>

#include "transports/carrier.h"
#include "transports/net/strangers.h"
#include "transports/wait.h"

#define HTTP_URL_BYTES (CARRIER_ADDRESS_BYTES + CARRIER_TICKET_BYTES + 1)

struct http_server {
	struct service *service;
	struct strangers strangers; /* connections without a slot */
	int listener;   /* owned until server_run, libmicrohttpd's from there on */
	int stop_event; /* eventfd, owned */
	enum wait_mode wait;
	bool open;
};

int http_server_open(void *state, const struct server_setup *setup,
		     char address[CARRIER_ADDRESS_BYTES], struct err *err);
int http_server_run(void *state, struct err *err);
void http_server_stop(void *state);
void http_server_close(void *state);

#define HTTP_COMPLAINT_BYTES 200
#define HTTP_CODING_BYTES 32

struct http_client {
	bool open;               /* the members below are set */
	void *curl;              /* libcurl's easy handle, owned */
	void *multi;             /* libcurl's loop around it, owned; it keeps the connection */
	struct wait wait;        /* for the server's next sign of life */
	struct give *give;       /* the request's message of the exchange under way, or NULL */
	uint64_t given_bytes;    /* of it, so far */
	struct take *take;       /* where its reply goes; NULL: it has to be empty */
	struct err *err;         /* of the call under way */
	bool headed;             /* the reply's headers have come to their end */
	char coding[HTTP_CODING_BYTES]; /* of the reply's body, as its headers have it; or "" */
	int fd;                  /* connected, until libcurl takes it; else -1 */
	bool again;              /* libcurl has had to connect again */
	bool begun;              /* take->begin was called */
	bool failed;             /* give or take refused, and err says why */
	void *headers;           /* of requests with a message, libcurl's list, owned; or NULL */
	uint64_t received_bytes; /* on this connection, before the reply under way */
	uint64_t unwanted_bytes; /* of a reply that is not the message */
	char complaint[HTTP_COMPLAINT_BYTES]; /* the head of those */
	char url[HTTP_URL_BYTES];
	char *curl_text;         /* libcurl's own words on a failure, owned */
};

int http_client_open(void *state, const struct client_setup *setup, const char *address,
		     struct err *err);
int http_client_exchange(void *state, struct give *give, struct take *take,
			 struct wire_bytes *wire, struct err *err);
int http_client_descriptor(const void *state);
void http_client_close(void *state);
const char *http_client_remark(const void *state);

/*
 * Prepares a zeroed client that will speak on fd. Takes fd in every case: it comes
 * from io_connect_ahead, or is another socket on which connect() succeeds.
 * http_client_open begins with this.
 */
int http_client_adopt(struct http_client *client, int fd, const char *url, struct err *err);

#endif
