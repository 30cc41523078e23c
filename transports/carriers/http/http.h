/* SPDX-License-Identifier: MIT */
/*
 * The two ends of the http and uhttp carriers: libmicrohttpd's server and libcurl's client.
 * transports/carrier.h has each function's contract; http.c and uhttp.c have the rows of them.
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
	char path[CARRIER_ADDRESS_BYTES]; /* of the socket file, removed at close; "" if none */
	enum wait_mode wait;
	bool open;
};

/*
 * Makes a server of a listener, which it takes (-1: there is none, and err says why). path is the
 * socket file to remove at close, or "".
 */
int http_server_open(struct http_server *server, const struct server_setup *setup, int listener,
		     const char *path, struct err *err);

/* server_run, server_stop and server_close of http and uhttp. */
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
	bool over_unix;          /* the connection is a Unix socket's */
	bool opened;             /* libcurl has asked for its socket */
	bool again;              /* libcurl has had to connect again */
	bool begun;              /* take->begin was called */
	bool failed;             /* give or take refused, and err says why */
	void *headers;           /* of requests with a message, libcurl's list, owned; or NULL */
	uint64_t body_bytes;     /* over_unix: of a body in chunks, with their marks */
	uint64_t received_bytes; /* on this connection, before the reply under way */
	uint64_t unwanted_bytes; /* of a reply that is not the message */
	char complaint[HTTP_COMPLAINT_BYTES]; /* the head of those */
	char url[HTTP_URL_BYTES];
	char *curl_text;         /* libcurl's own words on a failure, owned */
};

/* client_open of http, and of uhttp: its address is a path. */
int http_client_open(void *state, const struct client_setup *setup, const char *address,
		     struct err *err);
int http_client_open_unix(void *state, const struct client_setup *setup, const char *address,
			  struct err *err);

/* The other functions of both rows. */
int http_client_exchange(void *state, struct give *give, struct take *take,
			 struct wire_bytes *wire, struct err *err);
int http_client_descriptor(const void *state);
void http_client_close(void *state);
const char *http_client_remark(const void *state);
void http_libraries(bool server, char *text, size_t size);

/*
 * Prepares a zeroed client that will speak on fd. Takes fd in every case: it comes
 * from io_connect_ahead, or is another socket on which connect() succeeds.
 * http_client_open begins with this.
 */
int http_client_adopt(struct http_client *client, int fd, const char *url, struct err *err);

#endif
