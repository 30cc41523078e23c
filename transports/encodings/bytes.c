/* SPDX-License-Identifier: MIT */
/* bytes: the array's memory as it is, little-endian, without a header. */
#include <inttypes.h>

#include "transports/encoding.h"
#include "transports/unused.h"

struct bytes_encoder {
	struct span span;
};

struct bytes_decoder {
	struct space space;
};

static struct encoding_need bytes_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static uint64_t bytes_message_bytes(uint64_t array_bytes)
{
	return array_bytes;
}

static int bytes_encode(void *state, const struct array *array, uint64_t *length_bytes,
			struct err *err UNUSED)
{
	struct bytes_encoder *encoder = state;

	encoder->span = (struct span){.data = array->data, .bytes = array->bytes, .lasting = true};
	*length_bytes = array->bytes;
	return 0;
}

static int bytes_span(void *state, struct span *span, struct err *err UNUSED)
{
	struct bytes_encoder *encoder = state;

	*span = encoder->span;
	encoder->span.bytes = 0;
	return 0;
}

static int bytes_decode(void *state, struct array *destination, uint64_t length_bytes,
			struct err *err)
{
	struct bytes_decoder *decoder = state;

	if (length_bytes != MESSAGE_LENGTH_UNKNOWN && length_bytes != destination->bytes)
		return err_set(err, ERR_WRONG, "the reply has %" PRIu64 " bytes, the array %zu",
			       length_bytes, destination->bytes);
	decoder->space = (struct space){.data = destination->data, .bytes = destination->bytes};
	return 0;
}

static int bytes_place(void *state, struct space *space, struct err *err UNUSED)
{
	*space = ((struct bytes_decoder *)state)->space;
	return 0;
}

static int bytes_arrived(void *state, size_t bytes, struct err *err UNUSED)
{
	struct bytes_decoder *decoder = state;

	decoder->space.data = (char *)decoder->space.data + bytes;
	decoder->space.bytes -= bytes;
	return 0;
}

static int bytes_decode_end(void *state, struct array *destination, struct err *err)
{
	struct bytes_decoder *decoder = state;

	if (decoder->space.bytes)
		return err_set(err, ERR_WRONG, "the reply is %zu bytes short of the array's %zu",
			       decoder->space.bytes, destination->bytes);
	return 0;
}

const struct encoding encoding_bytes = {
	.name = "bytes",
	.title = "the array's memory as it is",
	.dtypes = DTYPE_BITS_ALL,
	.media_type = "application/octet-stream",
	.form = FORM_ANY,
	.message_bytes = bytes_message_bytes,
	.cost = ENCODING_COST_BYTES,
	.encoder_size = sizeof(struct bytes_encoder),
	.decoder_size = sizeof(struct bytes_decoder),
	.need = bytes_need,
	.encode = bytes_encode,
	.span = bytes_span,
	.decode = bytes_decode,
	.place = bytes_place,
	.arrived = bytes_arrived,
	.decode_end = bytes_decode_end,
};
