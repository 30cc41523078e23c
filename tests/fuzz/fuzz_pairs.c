/* SPDX-License-Identifier: MIT */
/* Fuzzes the reader of pairs files. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_pairs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pairs pairs;
	struct err err = {0};

	memset(&pairs, 0, sizeof(pairs));
	(void)drive_pairs(&pairs, data, size, &err);
	pairs_fini(&pairs);
	return 0;
}
