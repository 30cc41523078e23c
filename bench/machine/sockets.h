/* SPDX-License-Identifier: MIT */
/* What the kernel gave a socket. */
#ifndef BENCH_MACHINE_SOCKETS_H
#define BENCH_MACHINE_SOCKETS_H

#include <stdint.h>

/* In bytes, as SO_SNDBUF and SO_RCVBUF tell them: Linux doubles them, for its bookkeeping. */
struct socket_buffers {
	uint64_t send, receive; /* 0: unknown */
};

/* Asks a carrier's descriptor, which may be -1. A TCP buffer grows in use: ask again. */
struct socket_buffers socket_buffers_of(int fd);

#endif
