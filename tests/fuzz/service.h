/* SPDX-License-Identifier: MIT */
/*
 * A service for fuzzers of carriers: one slot whose reply is a small array as `bytes`. It
 * answers a few requests and refuses more, so that what a server sends fits into a socket
 * that nobody reads.
 */
#ifndef TESTS_FUZZ_SERVICE_H
#define TESTS_FUZZ_SERVICE_H

#include "transports/carrier.h"
#include "transports/codec.h"

#define FUZZ_TICKET "token/0"
#define FUZZ_REQUESTS_MAX 16
#define FUZZ_ELEMENTS 3

struct fuzz_service {
	struct service service; /* first */
	struct encoding_setup setup;
	struct encoder encoder;
	double values[FUZZ_ELEMENTS];
	struct array array;
	bool admitted;  /* and not left */
	bool answering; /* between request and replied */
	unsigned requests;
};

/* with_ticket: FUZZ_TICKET alone is good; else anybody is admitted. */
void fuzz_service_open(struct fuzz_service *service, bool with_ticket);
/* Fails the fuzzer where the carrier has not left, or not said how a reply went. */
void fuzz_service_close(struct fuzz_service *service);

/* What the replies hold, and room for it: an array of FUZZ_ELEMENTS. */
struct encoding_setup fuzz_setup(void);

#endif
