/* SPDX-License-Identifier: MIT */
/*
 * shm: the array lies in POSIX shared memory, and the message is the object's
 * name. memory reused: one object, mapped once by each end; the giver removes
 * it at the end. memory fresh: an object for every message. That of a reply the
 * taker removes; that of a request the giver does, once it is answered. Foreign
 * programs know only fresh ones, so we do that with them.
 */
#include <inttypes.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/recognise_size.h"
#include "transports/segment.h"
#include "transports/unused.h"

struct shm_encoder {
	const struct encoding_setup *setup;
	bool fresh;
	struct segment segment;        /* of a reused object */
	char name[SEGMENT_NAME_BYTES]; /* of the object that is ours to remove, or "" */
	struct span span;
};

struct shm_decoder {
	const struct encoding_setup *setup;
	bool fresh;
	struct segment segment;
	char mapped[SEGMENT_NAME_BYTES]; /* the name of segment */
	char name[SEGMENT_NAME_BYTES];   /* as it arrives */
	size_t arrived;
	uint64_t length_bytes;
};

static struct encoding_need shm_need(const struct array_type *type)
{
	return (struct encoding_need){.shared_bytes = segment_bytes(array_type_bytes(type))};
}

static bool shm_is_fresh(const struct encoding_setup *setup)
{
	return setup->memory == MEMORY_FRESH || setup->foreign_peer;
}

static int shm_encoder_open(void *state, const struct encoding_setup *setup, struct err *err)
{
	struct shm_encoder *encoder = state;

	encoder->setup = setup;
	encoder->fresh = shm_is_fresh(setup);
	if (encoder->fresh)
		return 0;
	if (segment_create(setup->segment_prefix, array_type_bytes(&setup->type), setup->pages,
			   encoder->name, &encoder->segment, err) != 0) {
		encoder->name[0] = '\0';
		return -1;
	}
	return 0;
}

static void shm_encoder_drop(struct shm_encoder *encoder)
{
	if (encoder->name[0])
		(void)segment_unlink(encoder->name, NULL); /* else a sweep of /dev/shm will */
	encoder->name[0] = '\0';
}

static int shm_put_fresh(struct shm_encoder *encoder, const struct array *array, struct err *err)
{
	shm_encoder_drop(encoder);
	if (segment_create_filled(encoder->setup->segment_prefix, array->data, array->bytes,
				  encoder->name, err) == 0)
		return 0;
	encoder->name[0] = '\0';
	return -1;
}

static int shm_put_reused(struct shm_encoder *encoder, const struct array *array, struct err *err)
{
	if (array->bytes > encoder->segment.bytes)
		return err_set(err, ERR_RANGE, "the segment has %zu bytes, the array %zu",
			       encoder->segment.bytes, array->bytes);
	if (array->bytes)
		memcpy(encoder->segment.data, array->data, array->bytes);
	return 0;
}

static int shm_encode(void *state, const struct array *array, uint64_t *length_bytes,
		      struct err *err)
{
	struct shm_encoder *encoder = state;
	int status = encoder->fresh ? shm_put_fresh(encoder, array, err)
				    : shm_put_reused(encoder, array, err);

	if (status != 0)
		return -1;
	*length_bytes = strlen(encoder->name);
	encoder->span = (struct span){
		.data = encoder->name,
		.bytes = (size_t)*length_bytes,
		.lasting = true,
	};
	return 0;
}

static int shm_span(void *state, struct span *span, struct err *err UNUSED)
{
	struct shm_encoder *encoder = state;

	*span = encoder->span;
	encoder->span.bytes = 0;
	return 0;
}

static void shm_encode_end(void *state, bool delivered)
{
	struct shm_encoder *encoder = state;

	if (!encoder->fresh)
		return;
	if (delivered && !encoder->setup->requests)
		encoder->name[0] = '\0'; /* the taker's now */
	shm_encoder_drop(encoder);
}

static void shm_encoder_close(void *state)
{
	struct shm_encoder *encoder = state;

	segment_close(&encoder->segment);
	shm_encoder_drop(encoder);
}

static int shm_decoder_open(void *state, const struct encoding_setup *setup, struct err *err UNUSED)
{
	struct shm_decoder *decoder = state;

	decoder->setup = setup;
	decoder->fresh = shm_is_fresh(setup);
	return 0;
}

/* Unmaps what is mapped, and removes the object if it is ours to remove. */
static int shm_decoder_drop(struct shm_decoder *decoder, struct err *err)
{
	int status = 0;

	if (!decoder->segment.data)
		return 0;
	segment_close(&decoder->segment);
	if (decoder->fresh && !decoder->setup->requests)
		status = segment_unlink(decoder->mapped, err);
	decoder->mapped[0] = '\0';
	return status;
}

static int shm_decode(void *state, struct array *destination UNUSED, uint64_t length_bytes,
		      struct err *err)
{
	struct shm_decoder *decoder = state;

	if (length_bytes == 0 ||
	    (length_bytes > SEGMENT_NAME_MAX && length_bytes != MESSAGE_LENGTH_UNKNOWN))
		return err_set(err, ERR_WRONG, "the reply has %" PRIu64 " bytes, a segment's name "
			       "1 to %d", length_bytes, SEGMENT_NAME_MAX);
	decoder->length_bytes = length_bytes;
	decoder->arrived = 0;
	return 0;
}

static int shm_accept(void *state, const void *data, size_t bytes, struct err *err)
{
	struct shm_decoder *decoder = state;

	if (bytes > SEGMENT_NAME_MAX - decoder->arrived)
		return err_set(err, ERR_WRONG,
			       "the reply is longer than a segment's name, %d bytes",
			       SEGMENT_NAME_MAX);
	memcpy(decoder->name + decoder->arrived, data, bytes);
	decoder->arrived += bytes;
	return 0;
}

/* A reused object keeps its name, and so its mapping. */
static int shm_map(struct shm_decoder *decoder, size_t bytes, struct err *err)
{
	if (decoder->segment.data && !decoder->fresh &&
	    strcmp(decoder->mapped, decoder->name) == 0)
		return 0;
	if (shm_decoder_drop(decoder, err) != 0)
		return -1;
	if (segment_open(decoder->name, bytes, decoder->setup->pages, !decoder->fresh,
			 &decoder->segment, err) != 0) {
		(void)size_add_words(&decoder->setup->type, NULL, decoder->segment.bytes, err);
		decoder->segment = (struct segment){0};
		return -1;
	}
	memcpy(decoder->mapped, decoder->name, sizeof(decoder->mapped));
	return 0;
}

static int shm_decode_end(void *state, struct array *destination, struct err *err)
{
	struct shm_decoder *decoder = state;

	if (decoder->length_bytes != MESSAGE_LENGTH_UNKNOWN &&
	    decoder->length_bytes != decoder->arrived)
		return err_set(err, ERR_WRONG, "the reply ends after %zu of %" PRIu64 " bytes",
			       decoder->arrived, decoder->length_bytes);
	if (memchr(decoder->name, '\0', decoder->arrived))
		return err_set(err, ERR_WRONG, "the reply is no name of a segment: it holds a NUL");
	decoder->name[decoder->arrived] = '\0';
	if (shm_map(decoder, destination->bytes, err) != 0)
		return -1;
	destination->data = decoder->segment.data;
	return 0;
}

static int shm_release(void *state, struct err *err)
{
	struct shm_decoder *decoder = state;

	return decoder->fresh ? shm_decoder_drop(decoder, err) : 0;
}

static void shm_decoder_close(void *state)
{
	(void)shm_decoder_drop(state, NULL); /* else a sweep of /dev/shm will */
}

const struct encoding encoding_shm = {
	.name = "shm",
	.title = "the name of shared memory that holds the array",
	.flags = ENCODING_TEXT | ENCODING_BY_REFERENCE,
	.dtypes = DTYPE_BITS_ALL,
	.media_type = "text/plain",
	.form = FORM_NAME,
	.cost = {
		.ns_per_byte = 0.065, .fresh_ns_per_byte = 0.75,
		.foreign = {
			.ns_per_byte = 0.5,
			.fresh_ns_per_byte = 0.9,
			.private_copies = 2,
			.shared_copies = 1,
		},
	},
	.encoder_size = sizeof(struct shm_encoder),
	.decoder_size = sizeof(struct shm_decoder),
	.need = shm_need,
	.encoder_open = shm_encoder_open,
	.encode = shm_encode,
	.span = shm_span,
	.encode_end = shm_encode_end,
	.encoder_close = shm_encoder_close,
	.decoder_open = shm_decoder_open,
	.decode = shm_decode,
	.accept = shm_accept,
	.decode_end = shm_decode_end,
	.release = shm_release,
	.decoder_close = shm_decoder_close,
};
