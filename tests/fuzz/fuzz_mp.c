/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes mp: what a client says to a server with a key and without, what a server says to a
 * client, and the challenges of either kind.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/service.h"
#include "transports/carriers/mp/mp_auth.h"
#include "transports/net/stream.h"

extern const struct carrier carrier_mp;
extern const struct encoding encoding_bytes;

/* mp's protocol is its own; its server shows it. */
static stream_serve *mp_serve(void)
{
	static stream_serve *serve;
	struct stream_server server = {0};
	struct server_setup setup = {0};
	char address[CARRIER_ADDRESS_BYTES];

	if (!serve) {
		must(carrier_mp.server_open(&server, &setup, address, NULL) == 0);
		serve = server.serve;
		carrier_mp.server_close(&server);
	}
	return serve;
}

static void fuzz_server(const uint8_t *data, size_t size, bool with_ticket)
{
	struct fuzz_service service;
	struct err err = {0};
	int other;
	struct io_peer peer = {.fd = fuzz_stream(data, size, &other)};

	fuzz_service_open(&service, with_ticket);
	if (mp_serve()(peer, &service.service, &err) != 0)
		must(err.message[0] != '\0');
	/* Nobody guesses 40 random bytes. */
	must(!with_ticket || service.requests == 0);
	fuzz_service_close(&service);
	io_close(&peer.fd);
	io_close(&other);
}

/* One exchange over loopback, since only the carrier makes its client's connection. */
static void fuzz_client(const uint8_t *data, size_t size)
{
	static int listener = -1;
	static char address[CARRIER_ADDRESS_BYTES];
	static uint64_t state[64];
	struct client_setup setup = {.ticket = ""};
	struct server_setup server = {0};
	struct encoding_setup encoding = fuzz_setup();
	struct decoder decoder;
	struct err err = {0};
	struct wire_bytes wire = {0};
	int fd;

	must(carrier_mp.client_size <= sizeof(state));
	if (listener < 0)
		listener = io_listen_tcp(&server, "mp", address, NULL);
	must(listener >= 0 && decoder_open(&decoder, &encoding_bytes, &encoding, NULL) == 0);
	memset(state, 0, sizeof(state));
	must(carrier_mp.client_open(state, &setup, address, NULL) == 0);
	fd = fuzz_accept(listener, data, size);
	if (carrier_mp.client_exchange(state, NULL, &decoder.take, &wire, &err) != 0)
		must(err.message[0] != '\0');
	else
		must(wire.reply > decoder.array.bytes && wire.reply <= size);
	io_close(&fd);
	carrier_mp.client_close(state);
	decoder_close(&decoder);
}

static struct mp_auth_message message_of(const uint8_t *data, size_t size)
{
	struct mp_auth_message message = {
		.bytes = size < MP_AUTH_MESSAGE_MAX ? size : MP_AUTH_MESSAGE_MAX,
	};

	if (size)
		memcpy(message.data, data, message.bytes);
	return message;
}

/* An answer to any challenge is right for its key, and for no other. */
static void fuzz_challenge(const uint8_t *data, size_t size)
{
	struct mp_auth_message challenge = message_of(data, size);
	struct mp_auth_message answer = {0};
	struct err err = {0};

	if (mp_auth_answer("key", &challenge, &answer, &err) != 0) {
		must(err.message[0] != '\0');
		return;
	}
	must(mp_auth_verify("key", &challenge, &answer));
	must(!mp_auth_verify("kez", &challenge, &answer));
	answer.data[answer.bytes - 1] ^= 1;
	must(!mp_auth_verify("key", &challenge, &answer));
}

static void fuzz_dialogue(const uint8_t *data, size_t size)
{
	struct err err = {0};
	int other;
	int fd = fuzz_stream(data, size, &other);

	must(mp_auth_connect(fd, "key", &err) != 0 && err.message[0]);
	io_close(&fd);
	io_close(&other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > FUZZ_STREAM_BYTES_MAX)
		return 0;
	fuzz_challenge(data, size);
	fuzz_dialogue(data, size);
	fuzz_server(data, size, false);
	fuzz_server(data, size, true);
	fuzz_client(data, size);
	return 0;
}
