/* SPDX-License-Identifier: MIT */
/* What the kernel gave this process's data socket, whoever opened it. */
#ifndef BENCH_MACHINE_SOCKETS_H
#define BENCH_MACHINE_SOCKETS_H

#include <stdint.h>

/* In bytes, as SO_SNDBUF and SO_RCVBUF tell them: on Linux with its own bookkeeping, twice. */
struct socket_buffers {
	uint64_t send, receive; /* 0: unknown */
};

/*
 * Of the first of our connected stream sockets that has an address at either end: a
 * carrier's. Those of the control plane, and those with which libraries wake
 * themselves, are socketpairs and have none. Walks /proc/self/fd, some 10 us: outside
 * the clock only. A TCP buffer grows while it is used, so ask again.
 */
struct socket_buffers sockets_find(void);

#endif
