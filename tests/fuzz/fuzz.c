/* SPDX-License-Identifier: MIT */
/* What fuzzers share. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void *fuzz_copy(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	must(copy != NULL);
	if (size)
		memcpy(copy, data, size);
	return copy;
}

char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	must(text != NULL);
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

static int feed_piece(struct take *take, const uint8_t *data, size_t size)
{
	void *copy = fuzz_copy(data, size);
	int status = take->accept(take, copy, size, NULL);

	free(copy);
	return status;
}

int fuzz_feed(struct take *take, const uint8_t *data, size_t size, unsigned seed)
{
	int status = take->begin(take, seed & 1 ? MESSAGE_LENGTH_UNKNOWN : size, NULL);

	while (status == 0 && size) {
		size_t bytes = seed ? (seed >> 8) % 11 : size;

		bytes = bytes < size ? bytes : size;
		status = feed_piece(take, data, bytes);
		data += bytes;
		size -= bytes;
		seed = seed * 1103515245 + 12345;
	}
	return status == 0 ? take->end(take, NULL) : status;
}

int fuzz_decode(struct decoder *decoder, const uint8_t *data, size_t size, unsigned seed)
{
	const struct array *array = &decoder->array;
	int status = fuzz_feed(&decoder->take, data, size, 0);
	void *whole = status == 0 ? fuzz_copy(array->data, array->bytes) : NULL;

	must(fuzz_feed(&decoder->take, data, size, seed) == status);
	if (status == 0 && array->bytes)
		must(memcmp(whole, array->data, array->bytes) == 0);
	free(whole);
	return status;
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
