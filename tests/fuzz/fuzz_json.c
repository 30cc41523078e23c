/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the json decoder. The first two bytes choose shape and dtype, and how the
 * rest, the document, is cut; the outcome must not depend on the latter, and
 * what is taken must survive another way there and back.
 */
#include <string.h>

#include "bench/worker/elements.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"

extern const struct encoding encoding_json;

static const char *const shapes[] = {"1", "2x3", "2x0x3", "3x1x1", "1x2x2x4", "0", "16"};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void encode_again(const struct encoding_setup *setup, const struct array *array)
{
	struct decoder decoder;
	char text[1024];
	uint64_t announced;
	size_t bytes =
		codec_text(&encoding_json, setup, array->data, text, sizeof(text), &announced);

	must(decoder_open(&decoder, &encoding_json, setup, NULL) == 0);
	must(codec_feed(&decoder.take, text, bytes, (struct feeding){0}, NULL) == 0);
	for (size_t i = 0; i < array->count; i++) {
		const struct elements *row = elements_table[array->type.dtype];
		const size_t size = dtype_table[array->type.dtype].bytes;
		double want = row->value(array->data, i);
		double got = row->value(decoder.array.data, i);

		must(want == want ? memcmp((char *)decoder.array.data + i * size,
					   (char *)array->data + i * size, size) == 0 :
				    got != got);
	}
	decoder_close(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup;
	struct decoder decoder;

	if (size < 2)
		return 0;
	setup = codec_setup(shapes[data[0] % SHAPES]);
	setup.type.dtype = (enum dtype)(data[0] / SHAPES % DTYPE_COUNT);
	must(decoder_open(&decoder, &encoding_json, &setup, NULL) == 0);
	if (fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u) == 0)
		encode_again(&setup, &decoder.array);
	decoder_close(&decoder);
	return 0;
}
