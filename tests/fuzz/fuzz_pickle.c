/* SPDX-License-Identifier: MIT */
/*
 * The pickle decoder over arbitrary bytes, whole and split anywhere: it must
 * come to the same end both ways, and the encoder's bytes must come back.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"
#include "tests/support/drive_pickle.h"

static const char *const shapes[] = {"2x3", "0x3", "1", "32", "2x2x2x2", "1x6"};
/* All that numpy has. */
static const enum dtype dtypes[] = {
	DTYPE_FLOAT64, DTYPE_FLOAT32, DTYPE_FLOAT16, DTYPE_INT8,   DTYPE_INT16,  DTYPE_INT32,
	DTYPE_INT64,   DTYPE_UINT8,   DTYPE_UINT16,  DTYPE_UINT32, DTYPE_UINT64, DTYPE_BOOL,
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))
#define DTYPES (sizeof(dtypes) / sizeof(dtypes[0]))

struct outcome {
	int status;
	struct err err;
	struct array array; /* its data owned */
};

static struct outcome decode(const struct array *type, const uint8_t *data, size_t bytes,
			     uint64_t length, uint32_t drawn)
{
	const struct pickle_pieces pieces = {.drawn = drawn};
	struct outcome outcome = {.array = *type};

	outcome.array.data = calloc(1, type->bytes);
	must(type->bytes == 0 || outcome.array.data);
	outcome.status = drive_pickle(&outcome.array, data, bytes, length, pieces, &outcome.err);
	return outcome;
}

static bool same_data(const struct array *a, const struct array *b)
{
	return a->bytes == 0 || memcmp(a->data, b->data, a->bytes) == 0;
}

/* An array that was read, written and read again is the same. */
static void check_round_trip(const struct array *array)
{
	uint8_t text[2048];
	unsigned lasting;
	size_t used = drive_pickle_encode(array, text, sizeof(text), &lasting);
	struct outcome outcome = decode(array, text, used, used, 0);

	must(outcome.status == 0 && same_data(&outcome.array, array));
	free(outcome.array.data);
}

/* The first byte selects shape and dtype, the next two how the rest is split. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct encoding_setup setup;
	struct array type;
	struct outcome whole;
	struct outcome split;

	if (bytes < 3)
		return 0;
	setup = codec_setup(shapes[data[0] % SHAPES]);
	setup.type.dtype = dtypes[data[0] / SHAPES % DTYPES];
	type = array_describe(&setup.type);
	whole = decode(&type, data + 3, bytes - 3, bytes - 3, 0);
	split = decode(&type, data + 3, bytes - 3, bytes == 3 ? 0 : MESSAGE_LENGTH_UNKNOWN,
		       1u + data[1] + 256u * data[2]);
	must(whole.status == split.status && whole.err.kind == split.err.kind);
	must(whole.status != 0 || same_data(&whole.array, &split.array));
	if (whole.status == 0)
		check_round_trip(&whole.array);
	free(whole.array.data);
	free(split.array.data);
	return 0;
}
