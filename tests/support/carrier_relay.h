/* SPDX-License-Identifier: MIT */
/*
 * A relay between a carrier's two ends: ends the stream after so many of the server's bytes, or
 * keeps what goes through.
 */
#ifndef TESTS_SUPPORT_CARRIER_RELAY_H
#define TESTS_SUPPORT_CARRIER_RELAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#include "transports/carrier.h"

/* How the stream ends. */
enum cut { CUT_CLOSED, CUT_HALF_CLOSED, CUT_KINDS };

struct relay {
	pthread_t thread;
	struct server_setup setup;
	char directory[64];
	char address[CARRIER_ADDRESS_BYTES];
	const char *behind; /* the server's */
	int listener;
	enum cut cut;
	size_t limit;  /* so many of the server's bytes pass */
	size_t passed;
	/* What went through, the client's bytes and the server's; NULL: it is not kept. */
	FILE *seen[2];
};

/* Listens in the toy row's manner, in front of the server at that address. */
bool relay_open(struct relay *relay, const char *behind);

/* Passes one connection on: a thread's main function, over a struct relay. */
void *relay_main(void *arg);

/* Fails the test if something stays. */
void relay_close(struct relay *relay);

#endif
