/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the decoder of float16. The first two bytes choose the array's size and dtype, and how
 * the rest is cut; what is taken must become the same halves again, but for what is no number.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"

extern const struct encoding encoding_f16;

#define COUNT_MAX 64

static void encode_again(const struct encoding_setup *setup, const struct array *array,
			 const uint8_t *halves)
{
	char again[1024];
	uint64_t announced;

	must(codec_text(&encoding_f16, setup, array->data, again, sizeof(again), &announced) ==
	     2 * array->count);
	for (size_t i = 0; i < array->count; i++) {
		uint16_t half;

		memcpy(&half, halves + 2 * i, sizeof(half));
		must((half & 0x7fff) > 0x7c00 || memcmp(again + 2 * i, &half, sizeof(half)) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup = {0};
	struct shape shape = {.dimensions = 1};
	struct decoder decoder;

	if (size < 2)
		return 0;
	shape.extents[0] = data[0] % (COUNT_MAX + 1);
	setup.type = (struct array_type){shape, data[0] & 0x80 ? DTYPE_FLOAT32 : DTYPE_FLOAT64};
	must(decoder_open(&decoder, &encoding_f16, &setup, NULL) == 0);
	if (fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u) == 0)
		encode_again(&setup, &decoder.array, data + 2);
	decoder_close(&decoder);
	return 0;
}
