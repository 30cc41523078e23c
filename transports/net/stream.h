/* SPDX-License-Identifier: MIT */
/*
 * A server on a listening stream socket with a thread for each client, which every
 * carrier but http has. The protocol is the carrier's.
 */
#ifndef TRANSPORTS_NET_STREAM_H
#define TRANSPORTS_NET_STREAM_H

#include <pthread.h>
#include <stdbool.h>

#include "transports/carrier.h"
#include "transports/net/io.h"
#include "transports/net/strangers.h"
#include "transports/wait.h"

struct stream_client;

/*
 * Speaks with one client until it hangs up (return 0) or breaks the protocol
 * (-1, err filled: complained of in the log). Never closes peer.fd.
 */
typedef int stream_serve(struct io_peer peer, struct service *service, struct err *err);

struct stream_server {
	struct service *service;
	stream_serve *serve;
	enum wait_mode wait;
	int listener;                  /* owned */
	int stop_event;                /* eventfd, owned */
	char path[CARRIER_ADDRESS_BYTES]; /* of the socket file, removed at close; "" if none */
	pthread_mutex_t lock;          /* over clients */
	pthread_cond_t idle;           /* clients became empty */
	struct stream_client *clients;
	struct strangers strangers;    /* those of them that no slot was given to yet */
	bool open;
};

/*
 * A carrier's state may begin with a struct stream_server. Takes the listener. path is
 * the socket file to remove at close, or "".
 */
int stream_open(struct stream_server *server, const struct server_setup *setup, int listener,
		const char *path, stream_serve *serve, struct err *err);

/* A carrier's server_run, server_stop and server_close, over a struct stream_server. */
int stream_run(void *state, struct err *err);
void stream_stop(void *state);
void stream_close(void *state);

#endif
