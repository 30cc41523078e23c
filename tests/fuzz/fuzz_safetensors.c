/* SPDX-License-Identifier: MIT */
/* Fuzzes the decoder of files in safetensors. */
#include "tests/fuzz/fuzz.h"

extern const struct encoding encoding_safetensors;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_typed(&encoding_safetensors, data, size);
	return 0;
}
