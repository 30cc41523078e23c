/* SPDX-License-Identifier: MIT */
/*
 * The pickle decoder over arbitrary bytes, whole and split anywhere: it must
 * come to the same end both ways, and the encoder's bytes must come back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "transports/encoding.h"

extern const struct encoding encoding_pickle;

static const char *const shapes[] = {"2x3", "0x3", "1", "32", "2x2x2x2", "1x6"};

struct outcome {
	int status;
	struct err err;
	struct array array;
};

/* How many bytes the next piece has: seed 0 is as many as fit. */
static size_t piece(uint32_t *seed)
{
	if (*seed == 0)
		return SIZE_MAX;
	*seed = *seed * 1664525u + 1013904223u;
	*seed |= 1u << 31; /* never 0 */
	return 1 + (*seed >> 8) % 19;
}

static int feed(void *state, const uint8_t *data, size_t bytes, uint32_t seed, struct err *err)
{
	while (bytes) {
		size_t limit = piece(&seed);
		struct space space;

		if (encoding_pickle.place(state, &space, err) != 0)
			return -1;
		if (space.bytes == 0)
			return err_set(err, ERR_WRONG, "the reply has more after its array");
		if (space.bytes > limit)
			space.bytes = limit;
		if (space.bytes > bytes)
			space.bytes = bytes;
		memcpy(space.data, data, space.bytes);
		data += space.bytes;
		bytes -= space.bytes;
		if (encoding_pickle.arrived(state, space.bytes, err) != 0)
			return -1;
	}
	return 0;
}

static struct outcome decode(const struct array *type, const uint8_t *data, size_t bytes,
			     uint64_t length, uint32_t seed)
{
	struct outcome outcome = {.array = *type};
	void *state = calloc(1, encoding_pickle.decoder_size);

	outcome.array.data = calloc(1, type->bytes);
	if (!state || (type->bytes && !outcome.array.data))
		abort();
	outcome.status = encoding_pickle.decode(state, &outcome.array, length, &outcome.err);
	if (outcome.status == 0)
		outcome.status = feed(state, data, bytes, seed, &outcome.err);
	if (outcome.status == 0)
		outcome.status = encoding_pickle.decode_end(state, &outcome.array, &outcome.err);
	free(state);
	return outcome;
}

/* An array that was read, written and read again is the same. */
static void check_round_trip(const struct array *array)
{
	void *state = calloc(1, encoding_pickle.encoder_size);
	uint8_t text[2048];
	size_t used = 0;
	uint64_t length = 0;
	struct span span;
	struct outcome outcome;

	if (!state || encoding_pickle.encode(state, array, &length, NULL) != 0)
		abort();
	while (encoding_pickle.span(state, &span, NULL) == 0 && span.bytes) {
		memcpy(text + used, span.data, span.bytes);
		used += span.bytes;
	}
	outcome = decode(array, text, used, length, 0);
	if (outcome.status != 0 ||
	    (array->bytes && memcmp(outcome.array.data, array->data, array->bytes) != 0))
		abort();
	free(outcome.array.data);
	free(state);
}

static void check_same(const struct outcome *a, const struct outcome *b)
{
	if (a->status != b->status || a->err.kind != b->err.kind ||
	    (a->status == 0 && a->array.bytes &&
	     memcmp(a->array.data, b->array.data, a->array.bytes) != 0))
		abort();
}

/* The first byte selects the shape, the next two how the rest is split. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	struct shape shape;
	struct array type;
	struct outcome whole;
	struct outcome split;
	uint32_t seed;

	if (bytes < 3 ||
	    shape_parse(shapes[data[0] % (sizeof(shapes) / sizeof(shapes[0]))], &shape, NULL) != 0)
		return 0;
	seed = 1u + data[1] + 256u * data[2];
	type = array_describe(&(struct array_type){shape, DTYPE_FLOAT64});
	whole = decode(&type, data + 3, bytes - 3, bytes - 3, 0);
	split = decode(&type, data + 3, bytes - 3, bytes == 3 ? 0 : MESSAGE_LENGTH_UNKNOWN, seed);
	check_same(&whole, &split);
	if (whole.status == 0)
		check_round_trip(&whole.array);
	free(whole.array.data);
	free(split.array.data);
	return 0;
}
