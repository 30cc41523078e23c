/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the json decoder. The first two bytes choose the shape and how the
 * rest, the document, is cut; the outcome must not depend on the latter, and
 * what is taken must survive another way there and back.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "transports/codec.h"

extern const struct encoding encoding_json;

static const struct shape shapes[] = {
	{.dimensions = 1, .extents = {1}},
	{.dimensions = 2, .extents = {2, 3}},
	{.dimensions = 3, .extents = {2, 0, 3}},
	{.dimensions = 3, .extents = {3, 1, 1}},
	{.dimensions = 4, .extents = {1, 2, 2, 4}},
	{.dimensions = 1, .extents = {0}},
	{.dimensions = 1, .extents = {16}},
};

static void encode_again(const struct encoding_setup *setup, const struct array *array)
{
	struct encoder encoder;
	struct decoder decoder;
	char text[1024];
	size_t filled;

	must(encoder_open(&encoder, &encoding_json, setup, NULL) == 0);
	must(decoder_open(&decoder, &encoding_json, setup, NULL) == 0);
	must(encoder_begin(&encoder, array, NULL) == 0);
	must(encoder.give.fill(&encoder.give, text, sizeof(text), &filled, NULL) == 0);
	must(fuzz_feed(&decoder.take, (const uint8_t *)text, filled, 0) == 0);
	for (size_t i = 0; i < array->count; i++) {
		double want = ((double *)array->data)[i];
		double got = ((double *)decoder.array.data)[i];

		must(want == want ? memcmp(&got, &want, sizeof(got)) == 0 : got != got);
	}
	encoder_end(&encoder, true);
	encoder_close(&encoder);
	decoder_close(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup = {0};
	struct decoder decoder;

	if (size < 2)
		return 0;
	setup.type = (struct array_type){shapes[data[0] % (sizeof(shapes) / sizeof(shapes[0]))],
					 DTYPE_FLOAT64};
	must(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	if (fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u) == 0)
		encode_again(&setup, &decoder.array);
	decoder_close(&decoder);
	return 0;
}
