/* SPDX-License-Identifier: MIT */
/*
 * Connections that have shown no ticket yet. A server's port is open to everybody
 * on this machine, and clients that connect and say nothing of use must not take
 * the room of those that do. There may be STRANGERS_MAX of them: when one more
 * comes, the one that has been there longest is hung up on.
 */
#ifndef TRANSPORTS_NET_STRANGERS_H
#define TRANSPORTS_NET_STRANGERS_H

#include <pthread.h>
#include <stddef.h>

/*
 * Far more than clients ever shake hands at once. Even with the handful of
 * descriptors that libwebsockets takes for each, below the usual limit of 1024.
 */
#define STRANGERS_MAX 128

struct stranger {
	struct stranger *older, *newer;
	int fd; /* borrowed, open while in the list; -1: not in it */
};

struct strangers {
	pthread_mutex_t lock;
	struct stranger *oldest, *newest;
	size_t count;
};

void strangers_init(struct strangers *strangers);
/* The list must be empty by now. */
void strangers_fini(struct strangers *strangers);

/* A connection has come. */
void strangers_enter(struct strangers *strangers, struct stranger *stranger, int fd);

/* It has shown its ticket, or is about to be closed. Harmless when repeated. */
void strangers_leave(struct strangers *strangers, struct stranger *stranger);

/* Hangs up on the one that has been there longest, if there is one. Its thread will notice. */
void strangers_evict(struct strangers *strangers);

#endif
