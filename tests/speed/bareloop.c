/* SPDX-License-Identifier: MIT */
/*
 * Request to reply over a bare socket: what a carrier of small messages stands
 * beside. Four bytes ask, N bytes answer, an end on each of two CPUs, the same
 * as `ipctop run --pin split` takes. Between exchanges both ends read their
 * bytes in full and the client waits until the server has, as verification does.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/machine/clock.h"

#define WARMUP 50u
#define EXCHANGES_MAX 1000000u
#define BYTES_MAX (1u << 20)

/* What the server says between exchanges. */
struct shared {
	_Atomic uint32_t settled; /* exchanges that it is done with: a futex */
	uint64_t sum;             /* of the bytes of the last reply */
};

struct loop {
	int fds[2]; /* the server's, the client's */
	bool spin;
	size_t bytes;
	size_t exchanges;
	struct shared *shared;
	uint64_t *words; /* each process has its own from the fork on */
};

static void die(const char *what)
{
	(void)fprintf(stderr, "bareloop: %s: %s\n", what, strerror(errno));
	exit(1);
}

static inline void pause_cpu(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#else
	atomic_signal_fence(memory_order_seq_cst);
#endif
}

static void receive_all(const struct loop *loop, int fd, void *data, size_t bytes)
{
	char *at = data;

	while (bytes) {
		ssize_t got = recv(fd, at, bytes, loop->spin ? MSG_DONTWAIT : 0);

		if (got > 0) {
			at += got;
			bytes -= (size_t)got;
		} else if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
			pause_cpu();
		} else {
			die("receiving");
		}
	}
}

static void send_all(const struct loop *loop, int fd, const void *data, size_t bytes)
{
	const char *at = data;

	while (bytes) {
		ssize_t sent = send(fd, at, bytes, loop->spin ? MSG_DONTWAIT : 0);

		if (sent >= 0) {
			at += sent;
			bytes -= (size_t)sent;
		} else if (errno == EAGAIN || errno == EINTR) {
			pause_cpu();
		} else {
			die("sending");
		}
	}
}

static uint64_t sum_of(const uint64_t *words, size_t bytes)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < bytes / sizeof(*words); i++)
		sum += words[i];
	return sum;
}

static void serve(const struct loop *loop)
{
	const int fd = loop->fds[0];

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (uint32_t i = 0; i < WARMUP + loop->exchanges; i++) {
		uint32_t request;

		receive_all(loop, fd, &request, sizeof(request));
		send_all(loop, fd, loop->words, loop->bytes);
		loop->shared->sum = sum_of(loop->words, loop->bytes);
		for (size_t at = 0; at < loop->bytes; at += 4096)
			loop->words[at / sizeof(*loop->words)] += i + 1;
		atomic_store(&loop->shared->settled, i + 1);
		(void)syscall(SYS_futex, &loop->shared->settled, FUTEX_WAKE, 1, NULL, NULL, 0);
	}
	_exit(0);
}

static void await_settled(const struct loop *loop, uint32_t exchange)
{
	uint32_t settled;

	while ((settled = atomic_load(&loop->shared->settled)) <= exchange)
		(void)syscall(SYS_futex, &loop->shared->settled, FUTEX_WAIT, settled, NULL, NULL,
			      0);
}

static uint64_t exchange_once(const struct loop *loop, uint32_t exchange)
{
	uint64_t start_ns = clock_now_ns();
	uint64_t spent_ns;

	send_all(loop, loop->fds[1], &exchange, sizeof(exchange));
	receive_all(loop, loop->fds[1], loop->words, loop->bytes);
	spent_ns = clock_now_ns() - start_ns;
	await_settled(loop, exchange);
	if (sum_of(loop->words, loop->bytes) != loop->shared->sum) {
		errno = EBADMSG;
		die("comparing");
	}
	return spent_ns;
}

static int compare_times(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t ask(const struct loop *loop)
{
	uint64_t *times = calloc(loop->exchanges, sizeof(*times));
	uint64_t median;

	if (!times)
		die("remembering times");
	for (uint32_t i = 0; i < WARMUP + loop->exchanges; i++) {
		const uint64_t ns = exchange_once(loop, i);

		if (i >= WARMUP)
			times[i - WARMUP] = ns;
	}
	qsort(times, loop->exchanges, sizeof(*times), compare_times);
	median = times[loop->exchanges / 2];
	free(times);
	return median;
}

static void open_unix(int fds[2])
{
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) != 0)
		die("a socket pair");
}

static void open_tcp(int fds[2])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t length = sizeof(address);
	const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	const int one = 1;

	fds[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0 || fds[1] < 0 ||
	    bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0 ||
	    getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
	    connect(fds[1], (struct sockaddr *)&address, length) != 0)
		die("connecting over loopback");
	fds[0] = accept(listener, NULL, NULL);
	if (fds[0] < 0 || setsockopt(fds[0], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0 ||
	    setsockopt(fds[1], IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)) != 0)
		die("accepting over loopback");
	(void)close(listener);
}

/* The index'th CPU of those that this process had at its start. */
static void pin(const cpu_set_t *allowed, unsigned index)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	for (unsigned i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, allowed) && index-- == 0)
			CPU_SET(i, &set);
	if (sched_setaffinity(0, sizeof(set), &set) != 0)
		die("pinning: two CPUs are needed");
}

static void *map(size_t bytes, int sharing)
{
	void *data = mmap(NULL, bytes, PROT_READ | PROT_WRITE, sharing | MAP_ANONYMOUS, -1, 0);

	if (data == MAP_FAILED)
		die("mapping");
	memset(data, 1, bytes);
	return data;
}

static uint64_t run(struct loop *loop)
{
	cpu_set_t allowed;
	uint64_t median_ns;
	pid_t server;

	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		die("asking for CPUs");
	loop->shared = map(sizeof(*loop->shared), MAP_SHARED);
	atomic_store(&loop->shared->settled, 0);
	loop->words = map(loop->bytes, MAP_PRIVATE);
	server = fork();
	if (server < 0)
		die("forking");
	pin(&allowed, server == 0 ? 0 : 1);
	if (server == 0)
		serve(loop);
	median_ns = ask(loop);
	(void)waitpid(server, NULL, 0);
	return median_ns;
}

int main(int argc, char **argv)
{
	struct loop loop = {0};

	if (argc == 5) {
		loop.bytes = strtoul(argv[2], NULL, 10) / sizeof(uint64_t) * sizeof(uint64_t);
		loop.spin = strcmp(argv[3], "spin") == 0;
		loop.exchanges = strtoul(argv[4], NULL, 10);
	}
	if (loop.bytes == 0 || loop.bytes > BYTES_MAX || loop.exchanges == 0 ||
	    loop.exchanges > EXCHANGES_MAX) {
		(void)fprintf(stderr, "usage: bareloop unix|tcp BYTES block|spin EXCHANGES; "
				      "prints the median in ns\n");
		return 2;
	}
	(strcmp(argv[1], "unix") == 0 ? open_unix : open_tcp)(loop.fds);
	(void)printf("%" PRIu64 "\n", run(&loop));
	return 0;
}
