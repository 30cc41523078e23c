/* SPDX-License-Identifier: MIT */
/*
 * The framing of `unix` and `tcp`, since not every encoding knows its length:
 * a message is chunks, each a 32-bit little-endian length and so many bytes;
 * length 0 ends the message.
 *
 *   client: one chunk with its ticket    server: 0 if the ticket is good, else hangs up
 *   client: the request's chunks, and 0      server: the reply's chunks, and 0
 *
 * An empty request, and an acknowledgement, are 0 alone.
 */
#ifndef TRANSPORTS_NET_CHUNKS_H
#define TRANSPORTS_NET_CHUNKS_H

#include "transports/carrier.h"
#include "transports/net/io.h"

/* Serves one client until it hangs up: stream_open's `serve`. */
int chunks_serve(struct io_peer peer, struct service *service, struct err *err);

/* The client of either carrier. */
struct chunks_client {
	struct io_peer peer; /* owned, while open */
	bool open;
};

/*
 * Takes fd (-1: the connect failed, err is filled); presents the ticket and waits for
 * its acceptance.
 */
int chunks_client_open(struct chunks_client *client, int fd, const struct client_setup *setup,
		       struct err *err);

/* A carrier's client_exchange, client_descriptor and client_close, over a struct chunks_client. */
int chunks_client_exchange(void *state, struct give *give, struct take *take,
			   struct wire_bytes *wire, struct err *err);
int chunks_client_descriptor(const void *state);
void chunks_client_close(void *state);

#endif
