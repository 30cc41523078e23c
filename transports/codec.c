/* SPDX-License-Identifier: MIT */
/* An encoder and a decoder for one client, over any encoding. */
#include "transports/codec.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "transports/recognise.h"

static struct encoder *encoder_of(struct give *give)
{
	return (struct encoder *)give; /* give is the first member */
}

static int encoder_span(struct give *give, struct span *span, struct err *err)
{
	struct encoder *encoder = encoder_of(give);
	size_t filled = 0;

	if (encoder->encoding->span)
		return encoder->encoding->span(encoder->state, span, err);
	if (encoder->encoding->fill(encoder->state, encoder->block, MESSAGE_BLOCK_BYTES, &filled,
				    err) != 0)
		return -1;
	*span = (struct span){.data = encoder->block, .bytes = filled};
	return 0;
}

static int encoder_fill(struct give *give, void *buffer, size_t capacity, size_t *filled,
			struct err *err)
{
	struct encoder *encoder = encoder_of(give);
	struct span *rest = &encoder->rest;
	size_t bytes;

	if (encoder->encoding->fill)
		return encoder->encoding->fill(encoder->state, buffer, capacity, filled, err);
	if (rest->bytes == 0 && encoder->encoding->span(encoder->state, rest, err) != 0)
		return -1;
	bytes = rest->bytes < capacity ? rest->bytes : capacity;
	*filled = bytes;
	if (bytes == 0)
		return 0;
	memcpy(buffer, rest->data, bytes);
	rest->data = (const char *)rest->data + bytes;
	rest->bytes -= bytes;
	return 0;
}

static int encoder_start(struct encoder *encoder, struct err *err)
{
	encoder->give.length_bytes = MESSAGE_LENGTH_UNKNOWN;
	encoder->rest = (struct span){0};
	return encoder->encoding->encode(encoder->state, encoder->array,
					 &encoder->give.length_bytes, err);
}

static int encoder_measure(struct give *give, struct err *err)
{
	struct encoder *encoder = encoder_of(give);
	uint64_t total = 0;
	size_t filled;

	if (give->length_bytes != MESSAGE_LENGTH_UNKNOWN)
		return 0;
	do {
		if (encoder->encoding->fill(encoder->state, encoder->block, MESSAGE_BLOCK_BYTES,
					    &filled, err) != 0)
			return -1;
		total += filled;
	} while (filled);
	if (encoder_start(encoder, err) != 0)
		return -1;
	give->length_bytes = total;
	return 0;
}

static int codec_check_dtype(const struct encoding *encoding, const struct encoding_setup *setup,
			     struct err *err)
{
	if (encoding->dtypes & DTYPE_BIT(setup->type.dtype))
		return 0;
	return err_set(err, ERR_UNSUPPORTED, "%s does not carry %s", encoding->name,
		       dtype_table[setup->type.dtype].name);
}

int encoder_open(struct encoder *encoder, const struct encoding *encoding,
		 const struct encoding_setup *setup, struct err *err)
{
	*encoder = (struct encoder){
		.give = {
			.length_bytes = MESSAGE_LENGTH_UNKNOWN,
			.text = encoding->flags & ENCODING_TEXT,
			.by_span = encoding->span != NULL,
			.media_type = encoding->media_type,
			.span = encoder_span,
			.fill = encoder_fill,
			.measure = encoder_measure,
		},
		.encoding = encoding,
		.state = calloc(1, encoding->encoder_size + 1),
		.block = encoding->fill ? malloc(MESSAGE_BLOCK_BYTES) : NULL,
	};
	if (!encoder->state || (encoding->fill && !encoder->block))
		return err_set(err, ERR_MEMORY, "no memory for the encoder");
	if (codec_check_dtype(encoding, setup, err) != 0)
		return -1;
	if (encoding->encoder_open && encoding->encoder_open(encoder->state, setup, err) != 0)
		return -1;
	return 0;
}

int encoder_begin(struct encoder *encoder, const struct array *array, struct err *err)
{
	encoder->array = array;
	return encoder_start(encoder, err);
}

void encoder_end(struct encoder *encoder, bool delivered)
{
	if (encoder->encoding->encode_end)
		encoder->encoding->encode_end(encoder->state, delivered);
	encoder->array = NULL;
}

void encoder_close(struct encoder *encoder)
{
	if (encoder->state && encoder->encoding->encoder_close)
		encoder->encoding->encoder_close(encoder->state);
	free(encoder->state);
	free(encoder->block);
	*encoder = (struct encoder){0};
}

/* The few faults of a smaller array cost less than asking for its pages. */
#define POPULATE_LEAST_BYTES (16u << 10)

/*
 * For a carrier that hands over small pieces. With MESSAGE_PIECE_BYTES, which serves where a
 * carrier reads into place, http+base64 and http+json took a fifth longer at 4.2 MB.
 */
#define POPULATE_AHEAD_BYTES (4u << 20)

static struct decoder *decoder_of(struct take *take)
{
	return (struct decoder *)take; /* take is the first member */
}

static bool decoder_refuses(const struct decoder *decoder)
{
	return decoder->refusal.kind != ERR_NONE;
}

/* Keeps the message's first bytes. */
static void decoder_keep(struct decoder *decoder, const void *data, size_t bytes)
{
	const size_t room = SEEN_BYTES_MAX - decoder->head_bytes;

	if (bytes > room)
		bytes = room;
	if (bytes)
		memcpy(decoder->head + decoder->head_bytes, data, bytes);
	decoder->head_bytes += bytes;
}

static struct seen decoder_seen(const struct decoder *decoder, bool ended)
{
	const bool unknown = decoder->announced_bytes == MESSAGE_LENGTH_UNKNOWN;

	return (struct seen){
		.data = decoder->head,
		.bytes = decoder->head_bytes,
		.length_bytes = ended && unknown ? decoder->taken_bytes : decoder->announced_bytes,
		.wanted = decoder->encoding->form,
		.type = &decoder->array.type,
		.message_bytes = decoder->encoding->message_bytes,
	};
}

/*
 * Tells why the message is refused, and what it looks like. Returns 0 if that is not known yet,
 * since none of it has come. Encodings speak of the reply, which most messages are; of a request
 * the same is said in its name.
 */
static int decoder_tell(struct decoder *decoder, bool ended, struct err *err)
{
	const struct seen seen = decoder_seen(decoder, ended);
	struct err words = decoder->refusal;

	if (decoder->setup->requests)
		err_rename(&words, "the reply", "the request");
	if (words.kind != ERR_MEMORY)
		(void)recognise_add(&seen, &words);
	if (err && (err->kind == ERR_NONE || decoder->told))
		*err = words;
	decoder->told = true;
	decoder->said = words;
	return ended || words.kind == ERR_MEMORY || decoder->head_bytes ||
			       decoder->announced_bytes == 0 ?
		       -1 : 0;
}

/* What an encoding's function returned, which fills decoder->refusal. */
static int decoder_result(struct decoder *decoder, int status, struct err *err)
{
	return status == 0 ? 0 : decoder_tell(decoder, false, err);
}

static bool decoder_owns_destination(const struct decoder *decoder)
{
	return !(decoder->encoding->flags & ENCODING_BY_REFERENCE);
}

static int decoder_map(struct decoder *decoder, struct err *err)
{
	const struct encoding_setup *setup = decoder->setup;

	return memory_map_shifted(decoder->array.bytes, setup->shift_bytes, setup->pages,
				  setup->memory == MEMORY_REUSED, &decoder->destination, err);
}

/*
 * Makes the pages of the array's first bytes before they are written to, in new memory. As
 * many faults, each in the middle of a copy, took a quarter longer.
 */
static void decoder_populate(struct decoder *decoder, uint64_t bytes)
{
	const size_t from = decoder->populated_bytes;

	if (bytes > decoder->array.bytes)
		bytes = decoder->array.bytes;
	if (bytes <= from)
		return;
	memory_populate((char *)decoder->destination + from, (size_t)bytes - from);
	decoder->populated_bytes = (size_t)bytes;
}

static int decoder_begin(struct take *take, uint64_t length_bytes, struct err *err)
{
	struct decoder *decoder = decoder_of(take);

	decoder->announced_bytes = length_bytes;
	decoder->taken_bytes = 0;
	decoder->head_bytes = 0;
	decoder->told = false;
	err_clear(&decoder->refusal);
	err_clear(&decoder->said);
	decoder->array.data = NULL;
	decoder->populated_bytes = decoder->array.bytes;
	if (decoder_owns_destination(decoder)) {
		if (decoder->setup->memory == MEMORY_FRESH &&
		    decoder->array.bytes >= POPULATE_LEAST_BYTES)
			decoder->populated_bytes = 0;
		if (!decoder->destination && decoder_map(decoder, err) != 0)
			return -1;
		decoder->array.data = decoder->destination;
	}
	return decoder_result(decoder,
			      decoder->encoding->decode(decoder->state, &decoder->array,
							length_bytes, &decoder->refusal), err);
}

/*
 * No byte is expected, but the carrier asks where to put more. It will say so, unless what came
 * is known for something else.
 */
static void decoder_refuse_more(struct decoder *decoder, struct err *err)
{
	const struct seen seen = decoder_seen(decoder, false);
	struct err words = {0};

	(void)err_set(&words, ERR_WRONG, "the %s is longer than the array's %zu bytes",
		      decoder->take.what, decoder->array.bytes);
	if (recognise_add(&seen, &words))
		(void)err_set(err, words.kind, "%s", words.message);
	decoder->said = words;
}

static int decoder_place(struct take *take, struct space *space, struct err *err)
{
	struct decoder *decoder = decoder_of(take);
	int status = 0;

	if (decoder_refuses(decoder)) {
		*space = (struct space){
			.data = decoder->head + decoder->head_bytes,
			.bytes = SEEN_BYTES_MAX - decoder->head_bytes,
		};
		return 0;
	}
	decoder_populate(decoder, decoder->taken_bytes + MESSAGE_PIECE_BYTES);
	if (decoder->encoding->place)
		status = decoder->encoding->place(decoder->state, space, &decoder->refusal);
	else
		*space = (struct space){.data = decoder->block, .bytes = MESSAGE_BLOCK_BYTES};
	if (status != 0)
		return decoder_tell(decoder, true, err);
	decoder->placed = space->data;
	if (space->bytes == 0)
		decoder_refuse_more(decoder, err);
	return 0;
}

static int decoder_arrived(struct take *take, size_t bytes, struct err *err)
{
	struct decoder *decoder = decoder_of(take);
	const struct encoding *encoding = decoder->encoding;
	struct err *refusal = &decoder->refusal;

	decoder->taken_bytes += bytes;
	if (decoder_refuses(decoder)) {
		decoder->head_bytes += bytes;
		return decoder_tell(decoder, false, err);
	}
	if (decoder->head_bytes < SEEN_BYTES_MAX)
		decoder_keep(decoder, decoder->placed, bytes);
	return decoder_result(decoder,
			      encoding->arrived ?
				      encoding->arrived(decoder->state, bytes, refusal) :
				      encoding->accept(decoder->state, decoder->block, bytes,
						       refusal),
			      err);
}

/* Bytes of the carrier's buffer for an encoding that names places: copied there. */
static int decoder_copy(struct decoder *decoder, const void *data, size_t bytes)
{
	struct err *refusal = &decoder->refusal;
	struct space space;

	while (bytes) {
		if (decoder->encoding->place(decoder->state, &space, refusal) != 0)
			return -1;
		if (space.bytes == 0)
			return err_set(refusal, ERR_WRONG,
				       "the reply is longer than the array: %zu more bytes", bytes);
		if (space.bytes > bytes)
			space.bytes = bytes;
		memcpy(space.data, data, space.bytes);
		if (decoder->encoding->arrived(decoder->state, space.bytes, refusal) != 0)
			return -1;
		data = (const char *)data + space.bytes;
		bytes -= space.bytes;
	}
	return 0;
}

static int decoder_accept(struct take *take, const void *data, size_t bytes, struct err *err)
{
	struct decoder *decoder = decoder_of(take);
	const struct encoding *encoding = decoder->encoding;

	decoder->taken_bytes += bytes;
	if (decoder->head_bytes < SEEN_BYTES_MAX)
		decoder_keep(decoder, data, bytes);
	if (decoder_refuses(decoder))
		return decoder_tell(decoder, false, err);
	if (decoder->taken_bytes > decoder->populated_bytes) /* a text is longer than its array */
		decoder_populate(decoder, decoder->taken_bytes + POPULATE_AHEAD_BYTES);
	return decoder_result(decoder,
			      encoding->accept ? encoding->accept(decoder->state, data, bytes,
								  &decoder->refusal) :
						 decoder_copy(decoder, data, bytes),
			      err);
}

static int decoder_end(struct take *take, struct err *err)
{
	struct decoder *decoder = decoder_of(take);
	struct err *refusal = &decoder->refusal;

	if (decoder_refuses(decoder))
		return decoder_tell(decoder, true, err);
	if (decoder->announced_bytes != MESSAGE_LENGTH_UNKNOWN &&
	    decoder->announced_bytes != decoder->taken_bytes) {
		(void)err_set(&decoder->said, ERR_WRONG,
			      "%" PRIu64 " bytes were announced, %" PRIu64 " came",
			      decoder->announced_bytes, decoder->taken_bytes);
		return err_set(err, ERR_WRONG, "%s", decoder->said.message);
	}
	if (decoder->encoding->decode_end(decoder->state, &decoder->array, refusal) == 0)
		return 0;
	return decoder_tell(decoder, true, err);
}

int decoder_open(struct decoder *decoder, const struct encoding *encoding,
		 const struct encoding_setup *setup, struct err *err)
{
	*decoder = (struct decoder){
		.take = {
			.what = setup->requests ? "request" : "reply",
			.text = encoding->flags & ENCODING_TEXT,
			.begin = decoder_begin,
			.place = decoder_place,
			.arrived = decoder_arrived,
			.accept = decoder_accept,
			.end = decoder_end,
		},
		.encoding = encoding,
		.setup = setup,
		.state = calloc(1, encoding->decoder_size + 1),
		.block = encoding->accept ? malloc(MESSAGE_BLOCK_BYTES) : NULL,
		.array = array_describe(&setup->type),
	};
	if (!decoder->state || (encoding->accept && !decoder->block))
		return err_set(err, ERR_MEMORY, "no memory for the decoder");
	if (codec_check_dtype(encoding, setup, err) != 0)
		return -1;
	if (decoder_owns_destination(decoder) && setup->memory == MEMORY_REUSED &&
	    decoder_map(decoder, err) != 0)
		return -1;
	if (encoding->decoder_open && encoding->decoder_open(decoder->state, setup, err) != 0)
		return -1;
	return 0;
}

int decoder_release(struct decoder *decoder, struct err *err)
{
	int status = 0;

	if (decoder->encoding->release)
		status = decoder->encoding->release(decoder->state, err);
	if (decoder_owns_destination(decoder) && decoder->setup->memory == MEMORY_FRESH) {
		memory_unmap(decoder->destination, decoder->array.bytes);
		decoder->destination = NULL;
	}
	decoder->array.data = NULL;
	return status;
}

void decoder_close(struct decoder *decoder)
{
	if (decoder->state && decoder->encoding->decoder_close)
		decoder->encoding->decoder_close(decoder->state);
	memory_unmap(decoder->destination, decoder->array.bytes);
	free(decoder->state);
	free(decoder->block);
	*decoder = (struct decoder){0};
}
