/* SPDX-License-Identifier: MIT */
/*
 * f16: float64 and float32 cast to float16, little-endian and without a header; cast back where
 * they are taken. Rounds to the nearest, to infinity from 65520 on.
 */
#include <inttypes.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/narrow_rows.h"
#include "transports/unused.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "halves travel as they lie in memory");

#define HALF_BYTES 2

struct f16_encoder {
	narrow_row *round;
	const char *next;
	size_t element_bytes;
	size_t left; /* elements */
};

struct f16_decoder {
	narrow_row *widen;
	char *next;
	size_t element_bytes;
	size_t count, left; /* elements */
	unsigned char held[HALF_BYTES]; /* the first byte of a half that a piece has cut */
	bool holds;
};

static bool is_wide(const struct array_type *type)
{
	return type->dtype == DTYPE_FLOAT64;
}

static struct encoding_need f16_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static int f16_encoder_open(void *state, const struct encoding_setup *setup, struct err *err UNUSED)
{
	const struct narrow_path *path = narrow_fastest();
	struct f16_encoder *encoder = state;

	encoder->round = is_wide(&setup->type) ? path->float16_round64 : path->float16_round32;
	encoder->element_bytes = dtype_table[setup->type.dtype].bytes;
	return 0;
}

static int f16_encode(void *state, const struct array *array, uint64_t *length_bytes,
		      struct err *err UNUSED)
{
	struct f16_encoder *encoder = state;

	encoder->next = array->data;
	encoder->left = array->count;
	*length_bytes = (uint64_t)array->count * HALF_BYTES;
	return 0;
}

static int f16_fill(void *state, void *buffer, size_t capacity, size_t *filled,
		    struct err *err UNUSED)
{
	struct f16_encoder *encoder = state;
	const size_t most = capacity / HALF_BYTES;
	const size_t count = encoder->left < most ? encoder->left : most;

	*filled = count * HALF_BYTES;
	if (count == 0)
		return 0;
	encoder->round(encoder->next, buffer, count);
	encoder->next += count * encoder->element_bytes;
	encoder->left -= count;
	return 0;
}

static int f16_decoder_open(void *state, const struct encoding_setup *setup, struct err *err UNUSED)
{
	const struct narrow_path *path = narrow_fastest();
	struct f16_decoder *decoder = state;

	decoder->widen = is_wide(&setup->type) ? path->float16_widen64 : path->float16_widen32;
	decoder->element_bytes = dtype_table[setup->type.dtype].bytes;
	return 0;
}

static int f16_decode(void *state, struct array *destination, uint64_t length_bytes,
		      struct err *err)
{
	struct f16_decoder *decoder = state;
	const uint64_t wanted = (uint64_t)destination->count * HALF_BYTES;

	if (length_bytes != MESSAGE_LENGTH_UNKNOWN && length_bytes != wanted)
		return err_set(err, ERR_WRONG,
			       "the reply has %" PRIu64 " bytes, the array as float16 %" PRIu64,
			       length_bytes, wanted);
	decoder->next = destination->data;
	decoder->count = destination->count;
	decoder->left = destination->count;
	decoder->holds = false;
	return 0;
}

static void f16_take(struct f16_decoder *decoder, const void *halves, size_t count)
{
	if (count == 0)
		return;
	decoder->widen(halves, decoder->next, count);
	decoder->next += count * decoder->element_bytes;
	decoder->left -= count;
}

static int f16_accept(void *state, const void *data, size_t bytes, struct err *err)
{
	struct f16_decoder *decoder = state;
	const unsigned char *from = data;

	if (bytes > decoder->left * HALF_BYTES - decoder->holds)
		return err_set(err, ERR_WRONG,
			       "the reply is longer than the array's %zu bytes as float16",
			       decoder->count * HALF_BYTES);
	if (decoder->holds && bytes) {
		decoder->held[1] = *from++;
		bytes--;
		decoder->holds = false;
		f16_take(decoder, decoder->held, 1);
	}
	f16_take(decoder, from, bytes / HALF_BYTES);
	decoder->holds |= bytes % HALF_BYTES;
	if (bytes % HALF_BYTES)
		decoder->held[0] = from[bytes - 1];
	return 0;
}

static int f16_decode_end(void *state, struct array *destination UNUSED, struct err *err)
{
	struct f16_decoder *decoder = state;

	if (decoder->left == 0)
		return 0;
	return err_set(err, ERR_WRONG,
		       "the reply ends after %zu of the array's %zu bytes as float16",
		       (decoder->count - decoder->left) * HALF_BYTES + decoder->holds,
		       decoder->count * HALF_BYTES);
}

/* Half of a last place: of eleven bits, and of what lies below the normal numbers. */
static struct encoding_loss f16_loss(enum dtype dtype UNUSED)
{
	return (struct encoding_loss){
		.tolerance = 0x1p-11,
		.tolerance_near_0 = 0x1p-25,
		.largest = 65504,
		.what = "cast to float16: 11 bits are left, of numbers below 6.1e-05 fewer, "
			"and none above 65504",
	};
}

const struct encoding encoding_f16 = {
	.name = "f16",
	.title = "cast to float16 and back",
	.flags = ENCODING_LOSSY,
	.dtypes = DTYPE_BIT(DTYPE_FLOAT64) | DTYPE_BIT(DTYPE_FLOAT32),
	.cannot = "a cast to float16 is for wider floats",
	.media_type = "application/octet-stream",
	.form = FORM_ANY,
	.cost = {
		.ns_per_byte = 0.2, .fresh_ns_per_byte = 0.3, .wire_per_byte = 0.25,
		.foreign = {
			.ns_per_byte = 1.4,
			.fresh_ns_per_byte = 0.6,
			.private_copies = 4,
		},
	},
	.encoder_size = sizeof(struct f16_encoder),
	.decoder_size = sizeof(struct f16_decoder),
	.loss = f16_loss,
	.need = f16_need,
	.encoder_open = f16_encoder_open,
	.encode = f16_encode,
	.fill = f16_fill,
	.decoder_open = f16_decoder_open,
	.decode = f16_decode,
	.accept = f16_accept,
	.decode_end = f16_decode_end,
};
