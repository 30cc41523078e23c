/* SPDX-License-Identifier: MIT */
/* What fuzzers share. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/codec_feed.h"

int fuzz_decode(struct decoder *decoder, const uint8_t *data, size_t size, unsigned seed)
{
	const struct array *array = &decoder->array;
	struct err err = {0};
	struct err err_of_pieces = {0};
	int status = codec_feed(&decoder->take, data, size, (struct feeding){0}, &err);
	void *whole = status == 0 ? exact_copy(array->data, array->bytes) : NULL;
	const struct feeding pieces = {.drawn = seed, .unknown = seed & 1};

	must(codec_feed(&decoder->take, data, size, pieces, &err_of_pieces) == status);
	must(err.kind == err_of_pieces.kind);
	if (status == 0 && array->bytes)
		must(memcmp(whole, array->data, array->bytes) == 0);
	free(whole);
	return status;
}

/* An array that was read, written and read again is the same. */
static void take_again(const struct encoding *encoding, struct decoder *decoder)
{
	void *array = exact_copy(decoder->array.data, decoder->array.bytes);
	char text[2048];
	uint64_t announced;
	size_t used = codec_text(encoding, decoder->setup, array, text, sizeof(text), &announced);

	must(used == announced);
	must(codec_feed(&decoder->take, text, used, (struct feeding){0}, NULL) == 0);
	if (decoder->array.bytes)
		must(memcmp(array, decoder->array.data, decoder->array.bytes) == 0);
	free(array);
}

void fuzz_typed(const struct encoding *encoding, const uint8_t *data, size_t size)
{
	static const char *const shapes[] = {"2x3", "0x3", "1", "32", "2x2x2x2", "1x6"};
	struct encoding_setup setup;
	struct decoder decoder;

	if (size < 3)
		return;
	setup = codec_setup(shapes[data[0] % (sizeof(shapes) / sizeof(shapes[0]))]);
	setup.type.dtype = (enum dtype)(data[1] % DTYPE_COUNT);
	if (!(encoding->dtypes & DTYPE_BIT(setup.type.dtype)))
		return;
	must(decoder_open(&decoder, encoding, &setup, NULL) == 0);
	if (fuzz_decode(&decoder, data + 3, size - 3, data[2] + 1u) == 0)
		take_again(encoding, &decoder);
	decoder_close(&decoder);
}

int fuzz_stream(const uint8_t *data, size_t size, int *other)
{
	int ends[2];

	must(size <= FUZZ_STREAM_BYTES_MAX);
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	must(size == 0 || write(ends[0], data, size) == (ssize_t)size);
	must(shutdown(ends[0], SHUT_WR) == 0);
	*other = ends[0];
	return ends[1];
}

int fuzz_accept(int listener, const uint8_t *data, size_t size)
{
	static const struct linger reset = {.l_onoff = 1};
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);

	must(fd >= 0 && size <= FUZZ_STREAM_BYTES_MAX);
	must(setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) == 0);
	must(size == 0 || send(fd, data, size, 0) == (ssize_t)size);
	must(shutdown(fd, SHUT_WR) == 0);
	return fd;
}
