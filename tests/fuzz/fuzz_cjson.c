/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes the cjson decoder, which hands whole documents to cJSON. The first two bytes choose
 * shape and dtype, and how the rest is cut; the outcome must not depend on the latter. What it
 * takes for float64, json takes, and the other way round, but for what is not finite. Of other
 * dtypes json is stricter, which reads no double on the way.
 */
#include <math.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/codec_feed.h"

extern const struct encoding encoding_cjson;
extern const struct encoding encoding_json;

#define SPACE_BYTES_MAX 4096 /* of white space cjson takes less than json, who keeps none */

static const char *const shapes[] = {"1", "2x3", "2x0x3", "3x1x1", "0"};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static bool is_finite(const struct array *array)
{
	const double *values = array->data;

	for (size_t i = 0; i < array->count; i++)
		if (!isfinite(values[i]))
			return false;
	return true;
}

/* cjson has decoded the document, or refused it (array NULL). */
static void check_json(const struct encoding_setup *setup, const uint8_t *data, size_t size,
		       const struct array *array)
{
	struct decoder decoder;
	bool taken;

	must(decoder_open(&decoder, &encoding_json, setup, NULL) == 0);
	taken = codec_feed(&decoder.take, data, size, (struct feeding){.unknown = true}, NULL) == 0;
	if (array)
		must(taken && (array->count == 0 ||
			       memcmp(decoder.array.data, array->data, array->bytes) == 0));
	else
		must(!taken || size > SPACE_BYTES_MAX || !is_finite(&decoder.array));
	decoder_close(&decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct encoding_setup setup;
	struct decoder decoder;
	bool taken;

	if (size < 2)
		return 0;
	setup = codec_setup(shapes[data[0] % SHAPES]);
	setup.type.dtype = (enum dtype)(data[0] / SHAPES % DTYPE_COUNT);
	must(decoder_open(&decoder, &encoding_cjson, &setup, NULL) == 0);
	taken = fuzz_decode(&decoder, data + 2, size - 2, data[1] + 1u) == 0;
	if (setup.type.dtype == DTYPE_FLOAT64)
		check_json(&setup, data + 2, size - 2, taken ? &decoder.array : NULL);
	decoder_close(&decoder);
	return 0;
}
