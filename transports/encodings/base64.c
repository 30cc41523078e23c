/* SPDX-License-Identifier: MIT */
/* base64: the array's memory, little-endian, as RFC 4648 text with padding. */
#include <inttypes.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/encodings/base64_codec.h"
#include "transports/recognise.h"
#include "transports/unused.h"

#define RAW_BYTES 3  /* in a group */
#define TEXT_BYTES 4 /* characters that a group becomes */
#define BREAK_BYTES 2 /* the longest line break */

struct base64_encoder {
	const uint8_t *next;
	size_t left; /* raw bytes */
};

struct base64_decoder {
	uint8_t *next;
	size_t raw_left;         /* bytes of the array that have not come */
	size_t text_bytes;       /* the whole message's */
	size_t taken;            /* characters decoded */
	char held[TEXT_BYTES];   /* a group cut by the border of two pieces */
	size_t held_bytes;
};

static struct encoding_need base64_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static uint64_t base64_message_bytes(uint64_t array_bytes)
{
	return base64_encoded_bytes((size_t)array_bytes);
}

static int base64_start(void *state, const struct array *array, uint64_t *length_bytes,
			struct err *err UNUSED)
{
	struct base64_encoder *encoder = state;

	*encoder = (struct base64_encoder){.next = array->data, .left = array->bytes};
	*length_bytes = base64_encoded_bytes(array->bytes);
	return 0;
}

static int base64_fill(void *state, void *buffer, size_t capacity, size_t *filled,
		       struct err *err UNUSED)
{
	struct base64_encoder *encoder = state;
	size_t bytes = capacity / TEXT_BYTES * RAW_BYTES;

	*filled = 0;
	if (bytes > encoder->left)
		bytes = encoder->left;
	if (bytes == 0)
		return 0;
	*filled = base64_encode(encoder->next, bytes, buffer);
	encoder->next += bytes;
	encoder->left -= bytes;
	return 0;
}

/* A text that is longer by a line break is not refused here, since that can be named. */
static bool base64_is_length(uint64_t length_bytes, size_t text_bytes)
{
	return length_bytes == MESSAGE_LENGTH_UNKNOWN ||
	       (length_bytes >= text_bytes && length_bytes - text_bytes <= BREAK_BYTES);
}

static int base64_begin(void *state, struct array *destination, uint64_t length_bytes,
			struct err *err)
{
	struct base64_decoder *decoder = state;
	size_t text_bytes = base64_encoded_bytes(destination->bytes);

	if (!base64_is_length(length_bytes, text_bytes))
		return err_set(err, ERR_WRONG,
			       "the reply has %" PRIu64 " characters, the array's base64 %zu",
			       length_bytes, text_bytes);
	*decoder = (struct base64_decoder){
		.next = destination->data,
		.raw_left = destination->bytes,
		.text_bytes = text_bytes,
	};
	return 0;
}

static bool base64_is_letter(char letter)
{
	return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
	       (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
}

static int base64_name(char letter, struct err *err)
{
	const char *name = recognise_byte((unsigned char)letter);

	return name[0] ? err_add(err, ": it is %s", name) : -1;
}

static int base64_refuse_more(const struct base64_decoder *decoder, char next, struct err *err)
{
	(void)err_set(err, ERR_WRONG,
		      "the reply is longer than the %zu characters of the array's base64",
		      decoder->text_bytes);
	return next == '\n' || next == '\r' ? err_add(err, ": a line break ends it") : -1;
}

/* Says which group at text is no base64, or which '=' is misplaced. */
static int base64_refuse(const struct base64_decoder *decoder, const char *text, size_t bytes,
			 struct err *err)
{
	for (size_t i = 0; i < bytes; i++) {
		if (!base64_is_letter(text[i])) {
			(void)err_set(err, ERR_WRONG,
				      "the reply's character %zu (0x%02x) cannot stand there in "
				      "base64", decoder->taken + i, (unsigned char)text[i]);
			return base64_name(text[i], err);
		}
	}
	return err_set(err, ERR_WRONG,
		       "the reply's base64 ends with other padding than the array's %zu characters",
		       decoder->text_bytes);
}

/* Takes whole groups before the message's last: no padding, so 3 bytes each. */
static int base64_take_groups(struct base64_decoder *decoder, const char *text, size_t bytes,
			      struct err *err)
{
	size_t raw = 0;

	if (bytes == 0)
		return 0;
	if (base64_decode(text, bytes, decoder->next, &raw) != 0 ||
	    raw != bytes / TEXT_BYTES * RAW_BYTES)
		return base64_refuse(decoder, text, bytes, err);
	decoder->next += raw;
	decoder->raw_left -= raw;
	decoder->taken += bytes;
	return 0;
}

/* Takes the last group by a detour, since it may hold more bytes than the array has room for. */
static int base64_take_last(struct base64_decoder *decoder, const char *text, struct err *err)
{
	uint8_t last[RAW_BYTES];
	size_t raw = 0;

	if (base64_decode(text, TEXT_BYTES, last, &raw) != 0 || raw != decoder->raw_left)
		return base64_refuse(decoder, text, TEXT_BYTES, err);
	memcpy(decoder->next, last, raw);
	decoder->raw_left = 0;
	decoder->taken += TEXT_BYTES;
	return 0;
}

/* Takes whole groups, of which the last may be the message's last. */
static int base64_take(struct base64_decoder *decoder, const char *text, size_t bytes,
		       struct err *err)
{
	bool last = bytes && bytes == decoder->text_bytes - decoder->taken;
	size_t before = last ? bytes - TEXT_BYTES : bytes;

	if (base64_take_groups(decoder, text, before, err) != 0)
		return -1;
	return last ? base64_take_last(decoder, text + before, err) : 0;
}

/* Completes the held group as far as the piece goes. Returns the characters used. */
static size_t base64_hold(struct base64_decoder *decoder, const char *text, size_t bytes)
{
	size_t missing = TEXT_BYTES - decoder->held_bytes;
	size_t used = bytes < missing ? bytes : missing;

	memcpy(decoder->held + decoder->held_bytes, text, used);
	decoder->held_bytes += used;
	return used;
}

static int base64_accept(void *state, const void *data, size_t bytes, struct err *err)
{
	struct base64_decoder *decoder = state;
	const char *text = data;
	const size_t room = decoder->text_bytes - decoder->taken - decoder->held_bytes;
	size_t used;

	if (bytes > room)
		return base64_refuse_more(decoder, text[room], err);
	if (decoder->held_bytes) {
		used = base64_hold(decoder, text, bytes);
		if (decoder->held_bytes < TEXT_BYTES)
			return 0;
		if (base64_take(decoder, decoder->held, TEXT_BYTES, err) != 0)
			return -1;
		decoder->held_bytes = 0;
		text += used;
		bytes -= used;
	}
	used = bytes - bytes % TEXT_BYTES;
	if (base64_take(decoder, text, used, err) != 0)
		return -1;
	if (bytes > used)
		(void)base64_hold(decoder, text + used, bytes - used);
	return 0;
}

static int base64_end(void *state, struct array *destination UNUSED, struct err *err)
{
	struct base64_decoder *decoder = state;

	if (decoder->taken != decoder->text_bytes)
		return err_set(
			err, ERR_WRONG,
			"the reply ends after %zu of the %zu characters of the array's base64",
			decoder->taken + decoder->held_bytes, decoder->text_bytes);
	return 0;
}

const struct encoding encoding_base64 = {
	.name = "base64",
	.title = "the array's memory as base64 text",
	.flags = ENCODING_TEXT,
	.dtypes = DTYPE_BITS_ALL,
	.media_type = "text/plain",
	.form = FORM_BASE64,
	.message_bytes = base64_message_bytes,
	.cost = {
		.ns_per_byte = 0.05, .fresh_ns_per_byte = 0.35, .wire_per_byte = 1.34,
		.foreign = {
			.ns_per_byte = 6.7,
			.private_copies = 9,
		},
	},
	.encoder_size = sizeof(struct base64_encoder),
	.decoder_size = sizeof(struct base64_decoder),
	.need = base64_need,
	.encode = base64_start,
	.fill = base64_fill,
	.decode = base64_begin,
	.accept = base64_accept,
	.decode_end = base64_end,
};
