/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes http's client: any bytes are the answer to a request of its own, over a
 * real connection. The first byte chooses the encoding that takes the body.
 */
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "transports/carriers/http/http.h"
#include "transports/codec.h"
#include "transports/net/io.h"

extern const struct encoding encoding_json;
extern const struct encoding encoding_bytes;
extern const struct encoding encoding_base64;
extern const struct encoding encoding_pickle;

static const struct encoding *const encodings[] = {
	&encoding_json, &encoding_bytes, &encoding_base64, &encoding_pickle,
};

static int listen_once(char address[CARRIER_ADDRESS_BYTES])
{
	static const struct server_setup setup = {0};
	int fd = io_listen_tcp(&setup, "http", address, NULL);

	must(fd >= 0);
	return fd;
}

/* A connection whose other end has answered, whatever will be asked, and hung up. */
static int answered(const uint8_t *data, size_t size, char address[CARRIER_ADDRESS_BYTES],
		    int *server)
{
	static char listening[CARRIER_ADDRESS_BYTES];
	static int listener = -1;
	int fd;

	if (listener < 0)
		listener = listen_once(listening);
	memcpy(address, listening, CARRIER_ADDRESS_BYTES);
	fd = io_connect_ahead(address, NULL);
	must(fd >= 0);
	*server = fuzz_accept(listener, data, size);
	return fd;
}

/* What failed says so in words that may be printed. */
static void check_words(const struct err *err)
{
	must(err->kind != ERR_NONE && err->message[0]);
	for (const char *p = err->message; *p; p++)
		must(*p >= ' ' && *p <= '~');
}

static void exchange(struct http_client *client, struct decoder *decoder)
{
	struct err err = {0};
	struct wire_bytes wire = {0};

	if (http_client_exchange(client, NULL, &decoder->take, &wire, &err) != 0)
		check_words(&err);
	else
		must(err.kind == ERR_NONE && decoder->array.data && wire.reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct shape shape = {.dimensions = 2, .extents = {2, 3}};
	struct encoding_setup setup = {.foreign_peer = true};
	struct http_client client = {0};
	struct decoder decoder;
	char address[CARRIER_ADDRESS_BYTES];
	int server;
	int fd;

	if (size < 1 || size > FUZZ_STREAM_BYTES_MAX)
		return 0;
	setup.type = (struct array_type){shape, DTYPE_FLOAT64};
	must(decoder_open(&decoder, encodings[data[0] % 4], &setup, NULL) == 0);
	fd = answered(data + 1, size - 1, address, &server);
	must(http_client_adopt(&client, fd, address, NULL) == 0);
	exchange(&client, &decoder);
	http_client_close(&client);
	decoder_close(&decoder);
	(void)close(server);
	return 0;
}
