/* SPDX-License-Identifier: MIT */
/* What fuzzers share: the entry that libFuzzer and replay.c call, and the ways to hand bytes in. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "transports/codec.h"
#include "transports/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for every input; the fuzzer reports where it does not. */
static inline void must(bool condition)
{
	if (!condition)
		abort();
}

/* A copy of the bytes in memory of its own, so that reading past it is noticed. free() it. */
void *fuzz_copy(const void *data, size_t size);

/* The same with a NUL behind it. */
char *fuzz_text(const uint8_t *data, size_t size);

/*
 * Feeds one message in pieces of up to 10 bytes whose sizes seed draws, their number announced
 * or not; whole if seed is 0. Returns what the taker says, 0 or -1.
 */
int fuzz_feed(struct take *take, const uint8_t *data, size_t size, unsigned seed);

/*
 * Decodes one message whole, and then in pieces as above, which must come to the same. Returns 0
 * with the array in decoder, or -1.
 */
int fuzz_decode(struct decoder *decoder, const uint8_t *data, size_t size, unsigned seed);

/*
 * A stream that brings the bytes and then ends. What is sent into it goes nowhere and must
 * stay below what a socket holds. Returns a descriptor to close. size is at most
 * FUZZ_STREAM_BYTES_MAX.
 */
#define FUZZ_STREAM_BYTES_MAX 32768u
int fuzz_stream(const uint8_t *data, size_t size, int *other);

/*
 * As the server of a connection that the client has begun: says the bytes, whatever it is asked,
 * and no more. Its close resets the connection, so that no port is kept for it.
 */
int fuzz_accept(int listener, const uint8_t *data, size_t size);

#endif
