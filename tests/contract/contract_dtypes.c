/* SPDX-License-Identifier: MIT */
/*
 * The whole product: arrays of every dtype, by every encoding that carries it, over every
 * carrier, between a server and a client in one process. Every second array has one element
 * spoilt on its way into the message, which has to be seen at the other end.
 */
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

#include "bench/worker/source.h"
#include "tests/support/test.h"
#include "transports/codec.h"
#include "transports/registry.h"
#include "transports/unused.h"

#define TICKET "0123456789abcdef/0"

/* The server's one slot, and what the client knows of it. */
struct product {
	struct service service; /* first */
	const struct carrier *carrier;
	void *server;
	void *client;
	char address[CARRIER_ADDRESS_BYTES];
	char directory[64];
	char prefix[64];
	pthread_t thread;
	sem_t replied; /* an exchange is over at the server, too */
	struct encoder encoder;
	struct array array; /* to send */
};

static void *product_admit(struct service *service, const char *ticket UNUSED, int fd UNUSED,
			   struct err *err UNUSED)
{
	return service;
}

static const char *product_ticket(struct service *service UNUSED, size_t index)
{
	return index ? NULL : TICKET;
}

static int product_reply(void *slot, struct give **give, struct err *err)
{
	struct product *product = slot;

	*give = &product->encoder.give;
	return encoder_begin(&product->encoder, &product->array, err);
}

static void product_replied(void *slot, bool delivered)
{
	struct product *product = slot;

	encoder_end(&product->encoder, delivered);
	(void)sem_post(&product->replied);
}

static void product_leave(void *slot UNUSED)
{
}

static void product_complain(struct service *service UNUSED, const char *text UNUSED)
{
}

static void *product_serve(void *argument)
{
	struct product *product = argument;
	struct err err = {0};

	(void)product->carrier->server_run(product->server, &err);
	return NULL;
}

static int product_connect(struct product *product, struct err *err)
{
	const struct client_setup setup = {.ticket = TICKET, .wait = WAIT_BLOCK};

	return product->carrier->client_open(product->client, &setup, product->address, err);
}

static bool product_open(struct product *product, const struct carrier *carrier)
{
	const struct server_setup setup = {
		.service = &product->service, .directory = product->directory, .wait = WAIT_BLOCK};
	struct err err = {0};

	*product = (struct product){
		.service = {.admit = product_admit,
			    .admit_any = !(carrier->flags & CARRIER_KEYED),
			    .ticket = product_ticket,
			    .reply = product_reply,
			    .replied = product_replied,
			    .leave = product_leave,
			    .complain = product_complain},
		.carrier = carrier,
		.server = calloc(1, carrier->server_size + 1),
		.client = calloc(1, carrier->client_size + 1),
	};
	(void)sem_init(&product->replied, 0, 0);
	(void)snprintf(product->prefix, sizeof(product->prefix), "ipctop-dtypes-%d", (int)getpid());
	(void)snprintf(product->directory, sizeof(product->directory), "/tmp/ipctop-dtypes-XXXXXX");
	if (!mkdtemp(product->directory) ||
	    carrier->server_open(product->server, &setup, product->address, &err) != 0 ||
	    pthread_create(&product->thread, NULL, product_serve, product) != 0) {
		TEST_FAIL("%s: no server: %s", carrier->name, err.message);
		return false;
	}
	if (product_connect(product, &err) != 0)
		TEST_FAIL("%s: no client: %s", carrier->name, err.message);
	return true;
}

static void product_close(struct product *product)
{
	product->carrier->client_close(product->client);
	product->carrier->server_stop(product->server);
	(void)pthread_join(product->thread, NULL);
	product->carrier->server_close(product->server);
	(void)rmdir(product->directory);
	(void)sem_destroy(&product->replied);
	free(product->server);
	free(product->client);
}

/* The last bit of an element's last byte: of a float its size, of an integer its sign or size. */
static size_t spoil(struct array *array)
{
	size_t bytes = dtype_table[array->type.dtype].bytes;
	size_t at = array->count / 2;

	((unsigned char *)array->data)[at * bytes + bytes - 1] ^= 1;
	return at;
}

static void compare(const struct source_stream *stream, uint64_t exchange,
		    const struct decoder *decoder, const size_t *spoilt)
{
	const struct encoding_loss loss =
		encoding_loss_of(decoder->encoding, decoder->array.type.dtype);
	struct source_difference difference =
		source_compare(stream, exchange, &decoder->array, &loss);
	size_t wrong = spoilt != NULL;

	if (difference.wrong != wrong || (spoilt && difference.first != *spoilt))
		TEST_FAIL("%zu wrong, the first at %zu: %s, not %s", difference.wrong,
			  difference.first, difference.got, difference.expected);
}

static void exchange(struct product *product, struct decoder *decoder, uint64_t number)
{
	const struct source_stream stream = {.kind = SOURCE_FRESH, .seed = 4};
	struct wire_bytes wire;
	struct err err = {0};
	size_t spoilt = 0;

	source_draw(&stream, number, &product->array);
	if (number & 1)
		spoilt = spoil(&product->array);
	if (product->carrier->client_exchange(product->client, NULL, &decoder->take, &wire,
					      &err) != 0)
		TEST_FAIL("%s", err.message);
	else
		compare(&stream, number, decoder, number & 1 ? &spoilt : NULL);
	(void)sem_wait(&product->replied);
	if (decoder_release(decoder, &err) != 0)
		TEST_FAIL("release: %s", err.message);
}

static void try_type(struct product *product, const struct encoding *encoding,
		     const struct array_type *type)
{
	const struct encoding_setup setup = {
		.type = *type, .memory = MEMORY_REUSED, .segment_prefix = product->prefix};
	struct decoder decoder = {0};
	struct err err = {0};

	product->array = array_describe(type);
	product->array.data = malloc(product->array.bytes + 1);
	if (encoder_open(&product->encoder, encoding, &setup, &err) != 0 ||
	    decoder_open(&decoder, encoding, &setup, &err) != 0)
		TEST_FAIL("%s", err.message);
	for (uint64_t number = 0; number < 4 && !test_why[0]; number++)
		exchange(product, &decoder, number);
	encoder_close(&product->encoder);
	decoder_close(&decoder);
	free(product->array.data);
}

static void try_dtypes(struct product *product, const struct encoding *encoding)
{
	static const struct shape shapes[] = {{1, {1}}, {3, {3, 5, 7}}, {2, {1, 2049}}};

	for (unsigned i = 0; i < DTYPE_COUNT; i++)
		for (size_t k = 0; k < sizeof(shapes) / sizeof(shapes[0]); k++) {
			const struct array_type type = {shapes[k], (enum dtype)i};

			if (encoding->dtypes & DTYPE_BIT(i))
				try_type(product, encoding, &type);
			CHECK_MSG(!test_why[0], "%s+%s of %s", product->carrier->name,
				  encoding->name, dtype_table[i].name);
		}
}

static const struct carrier *tried;

static void check_product(void)
{
	struct product product;

	if (!product_open(&product, tried))
		return;
	for (size_t i = 0; encoding_table[i] && !test_why[0]; i++)
		try_dtypes(&product, encoding_table[i]);
	product_close(&product);
}

int main(int argc, char **argv)
{
	int status = 0;

	for (size_t i = 0; carrier_table[i]; i++) {
		const struct test test = {carrier_table[i]->name, check_product};

		tried = carrier_table[i];
		status |= test_main(&test, 1, argc, argv);
	}
	return status;
}
