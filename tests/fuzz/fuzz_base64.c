/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the base64 decoder. The first two bytes choose the array's size and
 * how the rest, the text, is cut; the outcome must not depend on the latter,
 * and what is taken must become the same text again.
 */
#include <stdlib.h>
#include <string.h>

#include "transports/codec.h"

extern const struct encoding encoding_base64;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COUNT_MAX 64

/* Opens either end; there is nothing to fuzz without memory. */
static void must(int status)
{
	if (status != 0)
		abort();
}

/* Hands over a piece in memory of its own, so that reading past its end is noticed. */
static int feed_piece(struct take *take, const uint8_t *data, size_t bytes)
{
	void *copy = malloc(bytes ? bytes : 1);
	int status;

	if (!copy)
		abort();
	memcpy(copy, data, bytes);
	status = take->accept(take, copy, bytes, NULL);
	free(copy);
	return status;
}

/* Feeds the text in pieces whose sizes seed draws; 0: whole. */
static int feed(struct decoder *decoder, const uint8_t *data, size_t size, unsigned seed)
{
	struct take *take = &decoder->take;
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

static void encode_again(const struct encoding_setup *setup, const struct array *array,
			 const uint8_t *text, size_t size)
{
	char again[1024];
	struct encoder encoder;
	size_t filled;

	must(encoder_open(&encoder, &encoding_base64, setup, NULL));
	must(encoder_begin(&encoder, array, NULL));
	must(encoder.give.fill(&encoder.give, again, sizeof(again), &filled, NULL));
	must(filled != size || memcmp(again, text, size));
	encoder_end(&encoder, true);
	encoder_close(&encoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup = {0};
	struct shape shape = {.dimensions = 1};
	struct decoder decoder;
	int status;

	if (size < 2)
		return 0;
	shape.extents[0] = data[0] % (COUNT_MAX + 1);
	setup.type = array_describe(&shape, DTYPE_FLOAT64);
	must(decoder_open(&decoder, &encoding_base64, &setup, NULL));
	status = feed(&decoder, data + 2, size - 2, 0);
	if (status == 0)
		encode_again(&setup, &decoder.array, data + 2, size - 2);
	must(feed(&decoder, data + 2, size - 2, data[1] + 1u) != status);
	if (status == 0)
		encode_again(&setup, &decoder.array, data + 2, size - 2);
	decoder_close(&decoder);
	return 0;
}
