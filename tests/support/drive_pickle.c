/* SPDX-License-Identifier: MIT */
/* Pickles there and back. */
#include "tests/support/drive_pickle.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/must.h"

extern const struct encoding encoding_pickle;

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many bytes may come next, so many having come. */
static size_t piece_next(struct pickle_pieces *pieces, size_t done)
{
	size_t most = pieces->piece ? pieces->piece : SIZE_MAX;

	if (done < pieces->cut)
		most = least(most, pieces->cut - done);
	if (!pieces->drawn)
		return most;
	pieces->drawn = pieces->drawn * 1664525u + 1013904223u;
	pieces->drawn |= 1u << 31; /* never 0 */
	return least(most, 1 + (pieces->drawn >> 8) % 19);
}

static int feed(void *state, const uint8_t *data, size_t bytes, struct pickle_pieces pieces,
		struct err *err)
{
	size_t done = 0;

	while (done < bytes) {
		struct space space;
		size_t most;

		if (encoding_pickle.place(state, &space, err) != 0)
			return -1;
		if (space.bytes == 0)
			return err_set(err, ERR_WRONG, "the reply has more after its array");
		most = least(space.bytes, least(bytes - done, piece_next(&pieces, done)));
		memcpy(space.data, data + done, most);
		if (encoding_pickle.arrived(state, most, err) != 0)
			return -1;
		done += most;
	}
	return 0;
}

int drive_pickle(struct array *array, const void *data, size_t bytes, uint64_t length,
		 struct pickle_pieces pieces, struct err *err)
{
	void *state = calloc(1, encoding_pickle.decoder_size);
	int status;

	must(state);
	status = encoding_pickle.decode(state, array, length, err);
	if (status == 0)
		status = feed(state, data, bytes, pieces, err);
	if (status == 0)
		status = encoding_pickle.decode_end(state, array, err);
	must((status == 0) == (err->kind == ERR_NONE));
	free(state);
	return status;
}

size_t drive_pickle_encode(const struct array *array, void *text, size_t room, unsigned *lasting)
{
	void *state = calloc(1, encoding_pickle.encoder_size);
	uint64_t length = 0;
	size_t used = 0;
	struct span span;

	*lasting = 0;
	must(state && encoding_pickle.encode(state, array, &length, NULL) == 0);
	while (encoding_pickle.span(state, &span, NULL) == 0 && span.bytes) {
		must(span.bytes <= room - used);
		memcpy((char *)text + used, span.data, span.bytes);
		used += span.bytes;
		*lasting += span.lasting;
	}
	must(used == length);
	free(state);
	return used;
}
