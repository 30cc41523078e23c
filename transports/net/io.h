/* SPDX-License-Identifier: MIT */
/*
 * Stream sockets: whole sends and receives, listening and connecting. A call
 * returns when it is done, and waits until then as it was told to. Descriptors
 * are blocking and close-on-exec. SIGPIPE is assumed ignored.
 */
#ifndef TRANSPORTS_NET_IO_H
#define TRANSPORTS_NET_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "transports/carrier.h"
#include "transports/err.h"
#include "transports/wait.h"

/* The other end of a connection: borrowed. */
struct io_peer {
	int fd;
	enum wait_mode wait; /* how we wait for it */
};

/*
 * Sends all the vectors in pieces of MESSAGE_PIECE_BYTES, so that source and
 * socket buffer stay in the L2 cache. Uses up the vectors.
 */
int io_send(struct io_peer peer, struct iovec *vectors, int count, struct err *err);

/* Receives at least one byte. Returns how many, or -1; the end of the stream is ERR_CLOSED. */
ssize_t io_receive_some(struct io_peer peer, struct iovec *vectors, int count, struct err *err);

/* Receives exactly bytes, in pieces. */
int io_receive(struct io_peer peer, void *data, size_t bytes, struct err *err);

/*
 * Receives the next bytes of a message into the places that its taker names, until
 * `bytes` have come. Fails if the taker expects fewer.
 */
int io_take(struct io_peer peer, struct take *take, uint64_t bytes, struct err *err);

/* Listens on setup's address and port; writes "scheme://address:port". Returns the descriptor. */
int io_listen_tcp(const struct server_setup *setup, const char *scheme,
		  char address[CARRIER_ADDRESS_BYTES], struct err *err);

/* Listens on a new socket file (mode 0600) in setup's directory; writes "scheme://path". */
int io_listen_unix(const struct server_setup *setup, const char *scheme,
		   char address[CARRIER_ADDRESS_BYTES], struct err *err);

/* Whether the address begins with "scheme://", in capitals or not. */
bool io_is_scheme(const char *address, const char *scheme);

/* Whether it is of a scheme that means TLS: "https", "wss", or another of ours with an s. */
bool io_is_tls(const char *address);

/* Checks an address that a user wrote. Fails with what is wrong with it. */
int io_check_address(const char *address, bool socket_file, struct err *err);

/*
 * Adds to err how the stream begins that was taken for a protocol which it does not speak: the
 * bytes that have been received, and what else has come.
 */
int io_add_beginning(int fd, const void *data, size_t bytes, struct err *err);

/*
 * Connects to "scheme://host[:port][/path]" with TCP_NODELAY, or to "scheme:///path"
 * if unix. The host may be a name; http and ws have port 80 where none is given.
 */
int io_connect_tcp(const char *address, struct err *err);
int io_connect_unix(const char *address, struct err *err);

/*
 * As io_connect_tcp, for a library that calls connect() itself: that call returns 0
 * at once. The socket does not block.
 */
int io_connect_ahead(const char *address, struct err *err);

/* Switches Nagle's algorithm off. Harmless on other sockets. */
void io_set_nodelay(int fd);

/* Closes *fd if it is open, and marks it closed (-1). */
void io_close(int *fd);

#endif
