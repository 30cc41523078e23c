/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the framing of `unix` and `tcp`: what a client says to the server, and what a server
 * says to the client, which must agree with a reading of the frames that is done here.
 */
#include <endian.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/service.h"
#include "transports/net/chunks.h"

extern const struct encoding encoding_bytes;

static void fuzz_server(const uint8_t *data, size_t size)
{
	struct fuzz_service service;
	struct err err = {0};
	int other;
	struct io_peer peer = {.fd = fuzz_stream(data, size, &other)};

	fuzz_service_open(&service, data[0] & 1);
	if (chunks_serve(peer, &service.service, &err) != 0)
		must(err.message[0] != '\0');
	fuzz_service_close(&service);
	io_close(&peer.fd);
	io_close(&other);
}

/* Reads one reply by the book: whether it is whole and exactly an array; *used, what it took. */
static bool reply_is_right(const uint8_t *data, size_t size, uint8_t *array, size_t *used)
{
	size_t total = 0;
	uint32_t bytes;

	for (*used = 0; size - *used >= sizeof(bytes);) {
		memcpy(&bytes, data + *used, sizeof(bytes));
		bytes = le32toh(bytes);
		*used += sizeof(bytes);
		if (bytes == 0)
			return total == FUZZ_ELEMENTS * sizeof(double);
		if (bytes > size - *used || bytes > FUZZ_ELEMENTS * sizeof(double) - total)
			return false;
		memcpy(array + total, data + *used, bytes);
		total += bytes;
		*used += bytes;
	}
	return false;
}

static void check_replies(struct chunks_client *client, struct decoder *decoder,
			  const uint8_t *data, size_t size)
{
	uint8_t array[FUZZ_ELEMENTS * sizeof(double)];
	struct err err = {0};
	bool going = true;

	for (unsigned i = 0; going && i < FUZZ_REQUESTS_MAX; i++) {
		struct wire_bytes wire = {0};
		size_t used;

		going = chunks_client_exchange(client, NULL, &decoder->take, &wire, &err) == 0;
		must(going == reply_is_right(data, size, array, &used));
		if (!going)
			break;
		must(wire.reply == used && memcmp(decoder->array.data, array, sizeof(array)) == 0);
		must(decoder_release(decoder, NULL) == 0);
		data += used;
		size -= used;
	}
	must(going || err.message[0]);
}

static void fuzz_client(const uint8_t *data, size_t size)
{
	static const uint8_t accepted[4];
	struct client_setup setup = {.ticket = FUZZ_TICKET};
	struct encoding_setup encoding = fuzz_setup();
	struct chunks_client client;
	struct decoder decoder;
	int other;
	int fd = fuzz_stream(data, size, &other);
	bool welcome = size >= sizeof(accepted) && memcmp(data, accepted, sizeof(accepted)) == 0;

	must((chunks_client_open(&client, fd, &setup, NULL) == 0) == welcome);
	must(decoder_open(&decoder, &encoding_bytes, &encoding, NULL) == 0);
	if (welcome)
		check_replies(&client, &decoder, data + sizeof(accepted), size - sizeof(accepted));
	decoder_close(&decoder);
	chunks_client_close(&client);
	io_close(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1 || size > FUZZ_STREAM_BYTES_MAX)
		return 0;
	fuzz_server(data, size);
	fuzz_client(data, size);
	return 0;
}
