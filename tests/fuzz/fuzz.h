/* SPDX-License-Identifier: MIT */
/* What fuzzers share: the entry that libFuzzer and replay.c call, and the ways to hand bytes in. */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "tests/support/must.h"
#include "transports/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/*
 * Decodes one message whole, and then in small pieces of sizes that seed draws, its length
 * announced or not, which must come to the same, or to an error of the same kind. Returns 0 with
 * the array in decoder, or -1.
 */
int fuzz_decode(struct decoder *decoder, const uint8_t *data, size_t size, unsigned seed);

/*
 * Fuzzes the decoder of an encoding whose messages tell their array's type. The first three bytes
 * choose shape, dtype and how the rest is cut; what is taken must be the same when it is written
 * and taken again.
 */
void fuzz_typed(const struct encoding *encoding, const uint8_t *data, size_t size);

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
