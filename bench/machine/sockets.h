/* SPDX-License-Identifier: MIT */
/* What the kernel gave a socket. */
#ifndef BENCH_MACHINE_SOCKETS_H
#define BENCH_MACHINE_SOCKETS_H

#include <stdint.h>

/* In bytes, as SO_SNDBUF and SO_RCVBUF tell them: on Linux with its own bookkeeping, twice. */
struct socket_buffers {
	uint64_t send, receive; /* 0: unknown */
};

/* Of a carrier's descriptor, which may be -1. A TCP buffer grows while it is used: ask again. */
struct socket_buffers socket_buffers_of(int fd);

#endif
