/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what the shm decoder takes for the name of a segment, whole and cut. Memory is reused,
 * where it removes nothing, so that no object of this machine can come to harm.
 */
#include "tests/fuzz/fuzz.h"
#include "transports/codec.h"

extern const struct encoding encoding_shm;

#define ELEMENTS 104729 /* no object here is of just this size */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct shape shape = {.dimensions = 1, .extents = {ELEMENTS}};
	struct encoding_setup setup = {
		.type = (struct array_type){shape, DTYPE_FLOAT64},
		.memory = MEMORY_REUSED,
	};
	struct decoder decoder;

	if (size < 1)
		return 0;
	must(decoder_open(&decoder, &encoding_shm, &setup, NULL) == 0);
	(void)fuzz_decode(&decoder, data + 1, size - 1, data[0] + 1u);
	decoder_close(&decoder);
	return 0;
}
