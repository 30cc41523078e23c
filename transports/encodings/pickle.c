/* SPDX-License-Identifier: MIT */
/*
 * pickle: a numpy array as Python's pickle writes it, protocol 4, byte for
 * byte as numpy 1.24 has it; read from protocols 2 to 5, numpy 1 and 2, in either byte order.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/encodings/pickle/pickle_reader.h"
#include "transports/unused.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "elements travel as they lie in memory");

#define PREFIX_MAX 512          /* 32 extents of 11 bytes and 140 more */
#define SUFFIX_MAX 16
#define FRAME_HEADER_BYTES 9
#define FRAME_TARGET (64u << 10) /* bytes that Python's pickler puts outside its frames */
#define HEAD_BYTES 4096

/* What precedes the elements, and what follows. */
struct envelope {
	size_t prefix_bytes;
	size_t suffix_bytes;
	unsigned char prefix[PREFIX_MAX];
	unsigned char suffix[SUFFIX_MAX];
};

struct pickle_encoder {
	struct envelope envelope;
	struct span spans[3];
	unsigned next;
};

struct pickle_decoder {
	struct pickle_reader reader;
	struct array *destination;
	uint64_t left;  /* bytes of the message not yet received; huge if unknown */
	uint64_t ahead; /* bytes that usually come before the elements, or after them */
	uint64_t payload_left;
	size_t filled;  /* bytes of the array */
	size_t start;   /* head[start..end) was received but not read */
	size_t end;
	unsigned char lead; /* payload as text: the first of two bytes, or 0 */
	unsigned char head[HEAD_BYTES];
};

static void put(struct envelope *envelope, const void *data, size_t bytes)
{
	memcpy(envelope->prefix + envelope->prefix_bytes, data, bytes);
	envelope->prefix_bytes += bytes;
}

#define PUT_LITERAL(envelope, literal) put(envelope, literal, sizeof(literal) - 1)

static void put_counted(struct envelope *envelope, unsigned char opcode, uint64_t number,
			size_t bytes)
{
	uint64_t little = htole64(number);

	put(envelope, &opcode, 1);
	put(envelope, &little, bytes);
}

/* An int, in the shortest of the forms that the pickler uses. */
static void put_int(struct envelope *envelope, uint64_t number)
{
	size_t bytes = 1;

	if (number <= INT32_MAX) {
		unsigned char opcode = number <= UINT8_MAX ? 'K' : number <= UINT16_MAX ? 'M' : 'J';

		put_counted(envelope, opcode, number, opcode == 'K' ? 1 : opcode == 'M' ? 2 : 4);
		return;
	}
	while (number >> (8 * bytes - 1)) /* room for a sign bit */
		bytes++;
	put_counted(envelope, 0x8a, bytes, 1);
	number = htole64(number);
	put(envelope, &number, bytes);
}

static void put_shape(struct envelope *envelope, const struct shape *shape)
{
	unsigned char opcode = shape->dimensions > 3 ? 't' :
						      (unsigned char)(0x84 + shape->dimensions);

	if (shape->dimensions > 3)
		PUT_LITERAL(envelope, "(");
	for (unsigned i = 0; i < shape->dimensions; i++)
		put_int(envelope, shape->extents[i]);
	put(envelope, &opcode, 1);
	PUT_LITERAL(envelope, "\x94");
}

static void put_bytes_opcode(struct envelope *envelope, uint64_t bytes)
{
	if (bytes <= UINT8_MAX)
		put_counted(envelope, 'C', bytes, 1);
	else if (bytes <= UINT32_MAX)
		put_counted(envelope, 'B', bytes, 4);
	else
		put_counted(envelope, 0x8e, bytes, 8);
}

/* Writes the frames: 64 KiB of elements or more go between two, fewer into the only one. */
static void envelope_frame(struct envelope *envelope, uint64_t bytes, size_t opcode_bytes)
{
	static const unsigned char second[] = "\x95\x05\0\0\0\0\0\0\0\x94t\x94" "b.";
	bool outside = bytes >= FRAME_TARGET;
	size_t skipped = outside ? 0 : FRAME_HEADER_BYTES;
	uint64_t length = envelope->prefix_bytes - 2 - FRAME_HEADER_BYTES;

	envelope->suffix_bytes = sizeof(second) - 1 - skipped;
	memcpy(envelope->suffix, second + skipped, envelope->suffix_bytes);
	length = outside ? length - opcode_bytes : length + bytes + envelope->suffix_bytes;
	length = htole64(length);
	memcpy(envelope->prefix + 3, &length, sizeof(length));
}

static void envelope_write(struct envelope *envelope, const struct array *array)
{
	const struct dtype_row *dtype = &dtype_table[array->type.dtype];
	size_t before_opcode;

	envelope->prefix_bytes = 0;
	PUT_LITERAL(envelope, "\x80\x04\x95\0\0\0\0\0\0\0\0"
			      "\x8c\x15numpy.core.multiarray\x94\x8c\x0c_reconstruct\x94\x93\x94"
			      "\x8c\x05numpy\x94\x8c\x07ndarray\x94\x93\x94"
			      "K\0\x85\x94" "C\x01" "b\x94\x87\x94R\x94" "(K\x01");
	put_shape(envelope, &array->type.shape);
	PUT_LITERAL(envelope, "h\x03\x8c\x05" "dtype\x94\x93\x94"
			      "\x8c\x02");
	put(envelope, dtype->numpy_code, 2);
	PUT_LITERAL(envelope, "\x94\x89\x88\x87\x94R\x94" "(K\x03\x8c\x01");
	put(envelope, dtype->bytes == 1 ? "|" : "<", 1);
	PUT_LITERAL(envelope, "\x94NNN" "J\xff\xff\xff\xff" "J\xff\xff\xff\xff"
			      "K\0t\x94" "b\x89");
	before_opcode = envelope->prefix_bytes;
	put_bytes_opcode(envelope, array->bytes);
	envelope_frame(envelope, array->bytes, envelope->prefix_bytes - before_opcode);
}

static struct encoding_need pickle_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static int pickle_encode(void *state, const struct array *array, uint64_t *length_bytes,
			 struct err *err UNUSED)
{
	struct pickle_encoder *encoder = state;
	struct envelope *envelope = &encoder->envelope;

	envelope_write(envelope, array);
	encoder->spans[0] = (struct span){envelope->prefix, envelope->prefix_bytes, true};
	encoder->spans[1] = (struct span){array->data, array->bytes, true};
	encoder->spans[2] = (struct span){envelope->suffix, envelope->suffix_bytes, true};
	encoder->next = 0;
	*length_bytes = envelope->prefix_bytes + array->bytes + envelope->suffix_bytes;
	return 0;
}

static int pickle_span(void *state, struct span *span, struct err *err UNUSED)
{
	struct pickle_encoder *encoder = state;

	*span = (struct span){0};
	while (encoder->next < 3 && span->bytes == 0)
		*span = encoder->spans[encoder->next++];
	return 0;
}

static int pickle_decode(void *state, struct array *destination, uint64_t length_bytes,
			 struct err *err)
{
	struct pickle_decoder *decoder = state;
	struct envelope envelope;

	if (length_bytes == 0)
		return err_set(err, ERR_WRONG, "the reply is empty");
	pickle_reader_begin(&decoder->reader, destination);
	envelope_write(&envelope, destination);
	decoder->destination = destination;
	decoder->left = length_bytes;
	decoder->ahead = envelope.prefix_bytes;
	decoder->payload_left = 0;
	decoder->filled = 0;
	decoder->start = 0;
	decoder->end = 0;
	decoder->lead = 0;
	return 0;
}

static int text_malformed(struct err *err)
{
	return err_set(err, ERR_PROTOCOL, "the reply's elements are no bytes written as text");
}

/* Takes elements as text, a code point for each byte: those from 0x80 on take two bytes. */
static int take_text(struct pickle_decoder *decoder, const unsigned char *data, size_t bytes,
		     struct err *err)
{
	unsigned char *out = decoder->destination->data;

	for (size_t i = 0; i < bytes; i++) {
		unsigned value = data[i];

		if (!decoder->lead && (value == 0xc2 || value == 0xc3)) {
			decoder->lead = data[i];
			continue;
		}
		if (decoder->lead ? (value & 0xc0) != 0x80 : value >= 0x80)
			return text_malformed(err);
		if (decoder->filled == decoder->destination->bytes)
			return text_malformed(err);
		if (decoder->lead)
			value = (decoder->lead & 0x03u) << 6 | (value & 0x3fu);
		out[decoder->filled++] = (unsigned char)value;
		decoder->lead = 0;
	}
	return 0;
}

/* Takes the elements that were received into the head. Sets *used to how many bytes. */
static int take_payload(struct pickle_decoder *decoder, size_t *used, struct err *err)
{
	const unsigned char *data = decoder->head + decoder->start;
	size_t bytes = decoder->end - decoder->start;
	unsigned char *out = decoder->destination->data;

	if (bytes > decoder->payload_left)
		bytes = (size_t)decoder->payload_left;
	decoder->payload_left -= bytes;
	*used = bytes;
	if (bytes == 0)
		return 0;
	if (decoder->reader.payload_text)
		return take_text(decoder, data, bytes, err);
	memcpy(out + decoder->filled, data, bytes);
	decoder->filled += bytes;
	return 0;
}

static int payload_is_whole(struct pickle_decoder *decoder, struct err *err)
{
	if (decoder->lead || decoder->filled != decoder->destination->bytes)
		return text_malformed(err);
	decoder->ahead = decoder->left < HEAD_BYTES ? decoder->left : SUFFIX_MAX;
	return 0;
}

/* Reads what is in the head, as far as it goes. */
static int advance(struct pickle_decoder *decoder, struct err *err)
{
	struct pickle_reader *reader = &decoder->reader;

	while (reader->event != PICKLE_END) {
		size_t used = 0;

		if (reader->event == PICKLE_PAYLOAD) {
			if (take_payload(decoder, &used, err) != 0)
				return -1;
			decoder->start += used;
			if (decoder->payload_left)
				break;
			if (payload_is_whole(decoder, err) != 0)
				return -1;
		}
		if (pickle_read(reader, decoder->head + decoder->start,
				decoder->end - decoder->start, &used, err) != 0)
			return -1;
		decoder->start += used;
		decoder->payload_left = reader->payload_bytes;
		if (reader->event == PICKLE_MORE)
			break;
	}
	if (reader->event == PICKLE_END && decoder->start != decoder->end)
		return err_set(err, ERR_WRONG, "the reply has more after its array");
	decoder->end -= decoder->start;
	memmove(decoder->head, decoder->head + decoder->start, decoder->end);
	decoder->start = 0;
	return 0;
}

static bool is_in_place(const struct pickle_decoder *decoder)
{
	return decoder->reader.event == PICKLE_PAYLOAD && !decoder->reader.payload_text;
}

/*
 * Elements are received where they belong. Around them we first ask for as many
 * bytes as an array of ours has there, so that one call will do, and then for what
 * is missing. Elements that came along are copied.
 */
static int pickle_place(void *state, struct space *space, struct err *err UNUSED)
{
	struct pickle_decoder *decoder = state;
	uint64_t want = decoder->reader.want;

	*space = (struct space){0};
	if (decoder->reader.event == PICKLE_END)
		return 0;
	if (is_in_place(decoder)) {
		*space = (struct space){(char *)decoder->destination->data + decoder->filled,
					(size_t)decoder->payload_left};
		return 0;
	}
	if (decoder->reader.event == PICKLE_PAYLOAD)
		want = decoder->payload_left;
	else if (want < decoder->ahead)
		want = decoder->ahead;
	if (want > HEAD_BYTES - decoder->end)
		want = HEAD_BYTES - decoder->end;
	*space = (struct space){decoder->head + decoder->end, (size_t)want};
	return 0;
}

static int pickle_arrived(void *state, size_t bytes, struct err *err)
{
	struct pickle_decoder *decoder = state;

	decoder->left -= bytes < decoder->left ? bytes : decoder->left;
	decoder->ahead -= bytes < decoder->ahead ? bytes : decoder->ahead;
	if (!is_in_place(decoder)) {
		decoder->end += bytes;
		return advance(decoder, err);
	}
	decoder->filled += bytes;
	decoder->payload_left -= bytes;
	return decoder->payload_left ? 0 : advance(decoder, err);
}

static int pickle_decode_end(void *state, struct array *destination, struct err *err)
{
	struct pickle_decoder *decoder = state;

	if (decoder->reader.event == PICKLE_END) {
		if (decoder->reader.dtype_order == '>')
			array_swap_bytes(destination);
		return 0;
	}
	if (!decoder->reader.started && decoder->end)
		return pickle_refuse_start(decoder->head, decoder->end, err);
	if (decoder->reader.elements_seen)
		return err_set(err, ERR_WRONG, "the reply ends after %zu of the array's %zu bytes",
			       decoder->filled, destination->bytes);
	return err_set(err, ERR_WRONG, "the reply ends before the array's elements");
}

const struct encoding encoding_pickle = {
	.name = "pickle",
	.title = "numpy array pickled, protocol 4",
	.dtypes = DTYPE_BITS_ALL & ~DTYPE_BIT(DTYPE_BFLOAT16),
	.cannot = "numpy has none",
	.media_type = "application/octet-stream",
	.form = FORM_PICKLE,
	.cost = ENCODING_COST_BYTES,
	.encoder_size = sizeof(struct pickle_encoder),
	.decoder_size = sizeof(struct pickle_decoder),
	.need = pickle_need,
	.encode = pickle_encode,
	.span = pickle_span,
	.decode = pickle_decode,
	.place = pickle_place,
	.arrived = pickle_arrived,
	.decode_end = pickle_decode_end,
};
