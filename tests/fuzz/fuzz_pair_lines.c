/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes what a foreign program says: as one line, and as bytes that come in
 * pieces of which the first byte decides the size.
 */
#include "tests/fuzz/fuzz.h"
#include "tests/support/drive_pair_line.h"

static void fuzz_pieces(const uint8_t *data, size_t size, size_t piece)
{
	static struct pair_lines lines;
	struct pair_line line;
	struct err err = {0};
	int status = 0;

	lines.used = 0;
	while (size && status >= 0) {
		size_t bytes = drive_pair_add(&lines, data, piece < size ? piece : size);

		data += bytes;
		size -= bytes;
		while ((status = drive_pair_lines(&lines, &line, &err)) == 1)
			;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pair_line line;
	struct err err = {0};

	(void)drive_pair_line(&line, data, size, &err);
	if (size)
		fuzz_pieces(data + 1, size - 1, data[0] + 1u);
	return 0;
}
