/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the json decoder. The first two bytes choose the shape and how the
 * rest, the document, is cut; the outcome must not depend on the latter, and
 * what is taken must survive another way there and back.
 */
#include <stdlib.h>
#include <string.h>

#include "transports/codec.h"

extern const struct encoding encoding_json;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define COUNT_MAX 16

static const struct shape shapes[] = {
	{.dimensions = 1, .extents = {1}},
	{.dimensions = 2, .extents = {2, 3}},
	{.dimensions = 3, .extents = {2, 0, 3}},
	{.dimensions = 3, .extents = {3, 1, 1}},
	{.dimensions = 4, .extents = {1, 2, 2, 4}},
	{.dimensions = 1, .extents = {0}},
	{.dimensions = 1, .extents = {16}},
};

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

/* Feeds the document in pieces whose sizes seed draws; 0: whole. */
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

static void encode_again(const struct encoding_setup *setup, const struct array *array)
{
	struct encoder encoder;
	struct decoder decoder;
	char text[1024];
	size_t filled;

	must(encoder_open(&encoder, &encoding_json, setup, NULL));
	must(decoder_open(&decoder, &encoding_json, setup, NULL));
	must(encoder_begin(&encoder, array, NULL));
	must(encoder.give.fill(&encoder.give, text, sizeof(text), &filled, NULL));
	must(feed(&decoder, (const uint8_t *)text, filled, 0));
	for (size_t i = 0; i < array->count; i++) {
		double want = ((double *)array->data)[i];
		double got = ((double *)decoder.array.data)[i];

		must(want == want ? memcmp(&got, &want, sizeof(got)) : got == got);
	}
	encoder_end(&encoder, true);
	encoder_close(&encoder);
	decoder_close(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup = {0};
	struct decoder decoder;
	double whole[COUNT_MAX] = {0};
	size_t bytes;
	int status;

	if (size < 2)
		return 0;
	setup.type = array_describe(&shapes[data[0] % (sizeof(shapes) / sizeof(shapes[0]))],
				    DTYPE_FLOAT64);
	bytes = setup.type.bytes;
	must(decoder_open(&decoder, &encoding_json, &setup, NULL));
	status = feed(&decoder, data + 2, size - 2, 0);
	if (status == 0 && bytes)
		memcpy(whole, decoder.array.data, bytes);
	if (status == 0)
		encode_again(&setup, &decoder.array);
	must(feed(&decoder, data + 2, size - 2, data[1] + 1u) != status);
	if (status == 0 && bytes)
		must(memcmp(whole, decoder.array.data, bytes));
	decoder_close(&decoder);
	return 0;
}
