/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the base64 decoder. The first two bytes choose the array's size and
 * how the rest, the text, is cut; the outcome must not depend on the latter,
 * and what is taken must become the same text again.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"

extern const struct encoding encoding_base64;

#define COUNT_MAX 64

static void encode_again(const struct encoding_setup *setup, const struct array *array,
			 const uint8_t *text, size_t size)
{
	char again[1024];
	uint64_t announced;

	must(codec_text(&encoding_base64, setup, array->data, again, sizeof(again), &announced) ==
	     size);
	must(announced == size && memcmp(again, text, size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup = {0};
	struct shape shape = {.dimensions = 1};
	struct decoder decoder;

	if (size < 2)
		return 0;
	shape.extents[0] = data[0] % (COUNT_MAX + 1);
	setup.type = (struct array_type){shape, DTYPE_FLOAT64};
	must(decoder_open(&decoder, &encoding_base64, &setup, NULL) == 0);
	if (fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u) == 0)
		encode_again(&setup, &decoder.array, data + 2, size - 2);
	decoder_close(&decoder);
	return 0;
}
