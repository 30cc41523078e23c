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
