/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the reader of .npy headers: what it takes is a type that can be written and read again,
 * and what it refuses it refuses with words.
 */
#include <stdlib.h>
#include <string.h>

#include "bench/plan/npy.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned char *exact = malloc(size ? size : 1); /* so that a byte too far is seen */
	struct npy_file header;
	struct err err = {0};
	char text[ARRAY_TYPE_TEXT_BYTES];
	struct array_type again;

	must(exact != NULL);
	if (size)
		memcpy(exact, data, size);
	if (npy_read_header(exact, size, &header, &err) != 0) {
		must(err.kind == ERR_USAGE && err.message[0]);
	} else {
		must(header.header_bytes >= 10 && header.header_bytes <= size);
		must(array_type_parse(array_type_format(&header.type, text), DTYPE_FLOAT64, &again,
				      NULL) == 0);
		must(array_type_equal(&again, &header.type));
	}
	free(exact);
	return 0;
}
