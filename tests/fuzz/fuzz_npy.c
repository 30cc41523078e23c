/* SPDX-License-Identifier: MIT */
/* Fuzzes the decoder of .npy files. */
#include "tests/fuzz/fuzz.h"

extern const struct encoding encoding_npy;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_typed(&encoding_npy, data, size);
	return 0;
}
