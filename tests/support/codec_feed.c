/* SPDX-License-Identifier: MIT */
/* Messages into a taker, and out of an encoder. */
#include "tests/support/codec_feed.h"

#include <stdlib.h>

#include "tests/support/must.h"

struct encoding_setup codec_setup(const char *text)
{
	struct shape shape;

	must(shape_parse(text, &shape, NULL) == 0);
	return (struct encoding_setup){.type = {shape, DTYPE_FLOAT64}};
}

static int feed_piece(struct take *take, const void *data, size_t size, struct err *err)
{
	void *copy = exact_copy(data, size);
	int status = take->accept(take, copy, size, err);

	free(copy);
	return status;
}

/* How many bytes come next, at most. */
static size_t piece_next(struct feeding *feeding)
{
	size_t bytes = (feeding->drawn >> 8) % 11;

	if (!feeding->drawn)
		return feeding->piece ? feeding->piece : SIZE_MAX;
	feeding->drawn = feeding->drawn * 1103515245 + 12345;
	return bytes;
}

int codec_feed(struct take *take, const void *data, size_t size, struct feeding feeding,
	       struct err *err)
{
	const char *at = data;
	int status = take->begin(take, feeding.unknown ? MESSAGE_LENGTH_UNKNOWN : size, err);

	while (status == 0 && size) {
		size_t bytes = piece_next(&feeding);

		bytes = bytes < size ? bytes : size;
		status = feed_piece(take, at, bytes, err);
		at += bytes;
		size -= bytes;
	}
	return status == 0 ? take->end(take, err) : status;
}

size_t codec_text(const struct encoding *encoding, const struct encoding_setup *setup,
		  const void *values, char *text, size_t room, uint64_t *announced)
{
	struct array array = array_describe(&setup->type);
	struct encoder encoder;
	size_t used = 0;
	size_t filled;

	array.data = (void *)values;
	must(encoder_open(&encoder, encoding, setup, NULL) == 0);
	must(encoder_begin(&encoder, &array, NULL) == 0);
	*announced = encoder.give.length_bytes;
	do {
		must(encoder.give.fill(&encoder.give, text + used, room - used, &filled,
				       NULL) == 0);
		used += filled;
		must(used <= room);
	} while (filled && encoder.give.by_span);
	encoder_end(&encoder, true);
	encoder_close(&encoder);
	return used;
}
