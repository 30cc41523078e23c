/* SPDX-License-Identifier: MIT */
/*
 * What peers.py puts before PEERS/c/raw.c, after its bench.h, so that the peers
 * do between exchanges what verification does here, and the same is compared:
 * both ends read their array in full, and the client asks again when the server
 * has. The loops under the clock stay as they are.
 *
 * Macros with arguments change where a function is defined and called; the
 * peers' table names functions without parentheses and so gets what is made of
 * them here. Small pages, and the CPUs that `ipctop run --pin split` takes.
 * The environment: PEERS_SIZES, in bytes with commas, and PEERS_EXCHANGES.
 */
#ifndef TESTS_SPEED_PEERS_SETTLE_H
#define TESTS_SPEED_PEERS_SETTLE_H

#include <linux/futex.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static _Atomic uint32_t *peers_settled; /* exchanges after which the server has read its array */
static int peers_cpus[2];
static volatile uint64_t peers_sum;

/* Before the first fork: where the ends run, and on which pages. */
static void peers_prepare(void)
{
	cpu_set_t set;
	int found = 0;

	(void)prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	(void)sched_getaffinity(0, sizeof(set), &set);
	for (int i = 0; i < CPU_SETSIZE && found < 2; i++)
		if (CPU_ISSET(i, &set))
			peers_cpus[found++] = i;
	peers_settled = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (found < 2 || peers_settled == MAP_FAILED) {
		(void)fprintf(stderr, "two CPUs and a page to share are needed\n");
		exit(1);
	}
}

/* The server's, each time that it is about to wait for a request. */
static void peers_settle(const uint64_t *source, size_t bytes)
{
	static uint32_t served; /* the parent's stays 0: each forked server counts from there */
	uint64_t sum = 0;

	for (size_t i = 0; i < bytes / sizeof(*source); i++)
		sum += source[i];
	peers_sum = sum;
	atomic_store(peers_settled, served++);
	(void)syscall(SYS_futex, peers_settled, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void peers_await(uint64_t exchange)
{
	uint32_t settled;

	while ((settled = atomic_load(peers_settled)) != (uint32_t)exchange)
		(void)syscall(SYS_futex, peers_settled, FUTEX_WAIT, settled, NULL, NULL, 0);
}

static bool peers_size_wanted(size_t bytes)
{
	const char *at = getenv("PEERS_SIZES");

	while (at && *at) {
		char *end;

		if (strtoull(at, &end, 10) == bytes)
			return true;
		at = *end ? end + 1 : end;
	}
	return false;
}

static int peers_exchanges(void)
{
	const char *text = getenv("PEERS_EXCHANGES");

	return text ? (int)strtol(text, NULL, 10) : 20;
}

#define csv_header() (peers_prepare(), csv_header())
#define pin(cpu) pin(peers_cpus[1 - (cpu)])
#define max_size() (peers_size_wanted(ALL_SIZES[i]) ? SIZE_MAX : 0)
#define iters_for(size) peers_exchanges()
#define check(peer, array, bytes, exchange, full) \
	(check(peer, array, bytes, exchange, 1), peers_await(exchange))

#define PEERS_WAIT(name, bare, none) \
	bare(none); \
	static uint32_t name(none) \
	{ \
		peers_settle(src, size); \
		return bare(); \
	} \
	static uint32_t bare(none)
#define wait_sock(none) PEERS_WAIT(wait_sock, wait_sock_bare, none)
#define wait_futex(none) PEERS_WAIT(wait_futex, wait_futex_bare, none)

/* Rows that read the array inside the clock are compared less that: it is read after it. */
#define c_fresh_read(request) \
	c_fresh_read(request) \
	{ \
		return c_fresh(s); \
	} \
	__attribute__((unused)) static const uint64_t *c_fresh_then_read(request)

#endif
