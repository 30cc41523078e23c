/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the cjson decoder, which hands whole documents to cJSON. The first two bytes choose
 * the shape and how the rest is cut; the outcome must not depend on the latter.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "transports/codec.h"

extern const struct encoding encoding_cjson;

#define COUNT_MAX 6

static const struct shape shapes[] = {
	{.dimensions = 1, .extents = {1}},       {.dimensions = 2, .extents = {2, 3}},
	{.dimensions = 3, .extents = {2, 0, 3}}, {.dimensions = 3, .extents = {3, 1, 1}},
	{.dimensions = 1, .extents = {0}},
};

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
	must(decoder_open(&decoder, &encoding_cjson, &setup, NULL) == 0);
	status = fuzz_feed(&decoder.take, data + 2, size - 2, 0);
	if (status == 0 && bytes)
		memcpy(whole, decoder.array.data, bytes);
	must(fuzz_feed(&decoder.take, data + 2, size - 2, data[1] + 1u) == status);
	if (status == 0 && bytes)
		must(memcmp(whole, decoder.array.data, bytes) == 0);
	decoder_close(&decoder);
	return 0;
}
