/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the cjson decoder, which hands whole documents to cJSON. The first two bytes choose
 * the shape and how the rest is cut; the outcome must not depend on the latter.
 */
#include "tests/fuzz/fuzz.h"
#include "transports/codec.h"

extern const struct encoding encoding_cjson;

static const struct shape shapes[] = {
	{.dimensions = 1, .extents = {1}},       {.dimensions = 2, .extents = {2, 3}},
	{.dimensions = 3, .extents = {2, 0, 3}}, {.dimensions = 3, .extents = {3, 1, 1}},
	{.dimensions = 1, .extents = {0}},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup = {0};
	struct decoder decoder;

	if (size < 2)
		return 0;
	setup.type = (struct array_type){shapes[data[0] % (sizeof(shapes) / sizeof(shapes[0]))],
					 DTYPE_FLOAT64};
	must(decoder_open(&decoder, &encoding_cjson, &setup, NULL) == 0);
	(void)fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u);
	decoder_close(&decoder);
	return 0;
}
