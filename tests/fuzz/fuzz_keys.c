/* SPDX-License-Identifier: MIT */
/* Fuzzes keys.conf. */
#include <stdlib.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_keymap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = exact_text(data, size);
	char complaints[256] = "";
	struct keymap keymap;

	drive_keymap(&keymap, text, complaints, sizeof(complaints));
	free(text);
	return 0;
}
