/* SPDX-License-Identifier: MIT */
/* A message that is a header, which says the array's type, and then the array's bytes. */
#include "transports/encodings/headed/headed.h"

#include <inttypes.h>
#include <string.h>

#include "transports/unused.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "elements travel as they lie in memory");


int headed_encode(struct headed_encoder *encoder, const struct headed_format *format,
		  const struct array *array, uint64_t *length_bytes)
{
	const size_t bytes = format->write(&array->type, encoder->header);

	encoder->spans[0] = (struct span){encoder->header, bytes, true};
	encoder->spans[1] = (struct span){array->data, array->bytes, true};
	encoder->next = 0;
	*length_bytes = bytes + array->bytes;
	return 0;
}

int headed_span(void *state, struct span *span, struct err *err UNUSED)
{
	struct headed_encoder *encoder = state;

	*span = (struct span){0};
	if (encoder->next < 2)
		*span = encoder->spans[encoder->next++];
	return 0;
}

int headed_decode(struct headed_decoder *decoder, const struct headed_format *format,
		  struct array *destination, uint64_t length_bytes, struct err *err)
{
	unsigned char ours[HEADED_WRITE_MAX];

	if (length_bytes == 0)
		return err_set(err, ERR_WRONG, "the reply is empty");
	decoder->format = format;
	decoder->destination = destination;
	decoder->length_bytes = length_bytes;
	decoder->usual_bytes = format->write(&destination->type, ours);
	decoder->header_bytes = 0;
	decoder->head_bytes = 0;
	decoder->filled = 0;
	decoder->in_elements = false;
	decoder->big_endian = false;
	return 0;
}

/*
 * Until it is known how long the header is, we ask for as many bytes as one of ours has, so that
 * one call will do; a shorter one brings some of the elements along.
 */
int headed_place(void *state, struct space *space, struct err *err UNUSED)
{
	struct headed_decoder *decoder = state;
	size_t want = decoder->header_bytes;

	if (decoder->in_elements) {
		*space = (struct space){(char *)decoder->destination->data + decoder->filled,
					decoder->destination->bytes - decoder->filled};
		return 0;
	}
	if (!want)
		want = decoder->head_bytes < decoder->usual_bytes ? decoder->usual_bytes :
								    decoder->head_bytes + 1;
	*space = (struct space){decoder->head + decoder->head_bytes, want - decoder->head_bytes};
	return 0;
}

static int headed_measure(struct headed_decoder *decoder, struct err *err)
{
	uint64_t bytes = 0;

	if (decoder->format->measure(decoder->head, decoder->head_bytes, &bytes, err) != 0)
		return -1;
	if (bytes > HEADED_READ_MAX)
		return err_set(err, ERR_PROTOCOL,
			       "the reply says that its header has %" PRIu64
			       " bytes, and no more than %u are read",
			       bytes, HEADED_READ_MAX);
	decoder->header_bytes = (size_t)bytes;
	return 0;
}

/* The header is whole. What came behind it are elements. */
static int headed_check(struct headed_decoder *decoder, struct err *err)
{
	struct array *array = decoder->destination;
	const size_t more = decoder->head_bytes - decoder->header_bytes;
	const uint64_t left = decoder->length_bytes - decoder->header_bytes;

	if (decoder->format->check(decoder->head, decoder->header_bytes, &array->type,
				   &decoder->big_endian, err) != 0)
		return -1;
	if (decoder->length_bytes != MESSAGE_LENGTH_UNKNOWN && left != array->bytes)
		return err_set(err, ERR_WRONG,
			       "the reply has %" PRIu64 " bytes of elements, the array %zu", left,
			       array->bytes);
	if (more > array->bytes)
		return err_set(err, ERR_WRONG, "the reply has more after its array");
	if (more)
		memcpy(array->data, decoder->head + decoder->header_bytes, more);
	decoder->filled = more;
	decoder->in_elements = true;
	return 0;
}

int headed_arrived(void *state, size_t bytes, struct err *err)
{
	struct headed_decoder *decoder = state;

	if (decoder->in_elements) {
		decoder->filled += bytes;
		return 0;
	}
	decoder->head_bytes += bytes;
	if (!decoder->header_bytes && headed_measure(decoder, err) != 0)
		return -1;
	if (!decoder->header_bytes || decoder->head_bytes < decoder->header_bytes)
		return 0;
	return headed_check(decoder, err);
}

int headed_decode_end(void *state, struct array *destination, struct err *err)
{
	struct headed_decoder *decoder = state;

	if (!decoder->in_elements)
		return err_set(err, ERR_WRONG, "the reply ends after %zu bytes, within its header",
			       decoder->head_bytes);
	if (decoder->filled != destination->bytes)
		return err_set(err, ERR_WRONG, "the reply ends after %zu of the array's %zu bytes",
			       decoder->filled, destination->bytes);
	if (decoder->big_endian)
		array_swap_bytes(destination);
	return 0;
}
