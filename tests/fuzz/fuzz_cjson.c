/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the cjson decoder, which hands whole documents to cJSON. The first two bytes choose
 * the shape and how the rest is cut; the outcome must not depend on the latter.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"

extern const struct encoding encoding_cjson;

static const char *const shapes[] = {"1", "2x3", "2x0x3", "3x1x1", "0"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup;
	struct decoder decoder;

	if (size < 2)
		return 0;
	setup = codec_setup(shapes[data[0] % (sizeof(shapes) / sizeof(shapes[0]))]);
	must(decoder_open(&decoder, &encoding_cjson, &setup, NULL) == 0);
	(void)fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u);
	decoder_close(&decoder);
	return 0;
}
