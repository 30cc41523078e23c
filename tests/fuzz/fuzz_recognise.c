/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what is said of refused messages. The first two bytes choose what was wanted, of which
 * shape, and whether the length is known: the words are one printable line.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"
#include "transports/recognise.h"

static const char *const shapes[] = {"1", "2x3", "0", "2x5", "1x3x8"};

static uint64_t same_bytes(uint64_t array_bytes)
{
	return array_bytes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup;
	struct seen seen = {0};
	struct err err = {0};
	void *copy;

	if (size < 2)
		return 0;
	setup = codec_setup(shapes[data[1] % (sizeof(shapes) / sizeof(shapes[0]))]);
	seen.bytes = size - 2 < SEEN_BYTES_MAX ? size - 2 : SEEN_BYTES_MAX;
	copy = exact_copy(data + 2, seen.bytes);
	seen.data = copy;
	seen.length_bytes = data[0] & 0x80 ? MESSAGE_LENGTH_UNKNOWN : size - 2;
	seen.wanted = (enum form)((data[0] & 0x7f) % (FORM_UNKNOWN + 1));
	seen.type = data[1] & 0x80 ? NULL : &setup.type;
	seen.message_bytes = data[1] & 0x40 ? same_bytes : NULL;
	(void)err_set(&err, ERR_WRONG, "refused");
	(void)recognise_add(&seen, &err);
	must(strncmp(err.message, "refused", 7) == 0);
	for (const char *p = err.message; *p; p++)
		must(*p >= ' ' && *p <= '~');
	free(copy);
	return 0;
}
