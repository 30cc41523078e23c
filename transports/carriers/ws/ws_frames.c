/* SPDX-License-Identifier: MIT */
/* WebSocket's frames (RFC 6455): a client's reader, and what both ends write. */
#include "transports/carriers/ws/ws_frames.h"

#include <inttypes.h>
#include <string.h>

#include "transports/unused.h"

#define WS_FINAL 0x80u
#define WS_RESERVED 0x70u
#define WS_COMPRESSED 0x40u /* with the extension of RFC 7692 */
#define WS_OPCODE 0x0fu
#define WS_CONTROL_BIT 0x08u
#define WS_MASKED 0x80u
#define WS_LENGTH 0x7fu
#define WS_LENGTH_16 126u /* the length is in the next two bytes */
#define WS_LENGTH_64 127u /* in the next eight */

static const bool ws_opcode_known[16] = {
	[WS_CONTINUATION] = true, [WS_TEXT] = true, [WS_BINARY] = true,
	[WS_CLOSE] = true, [WS_PING] = true, [WS_PONG] = true,
};

static uint64_t ws_read_big_endian(const uint8_t *data, size_t bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < bytes; i++)
		value = value << 8 | data[i];
	return value;
}

static void ws_write_big_endian(uint8_t *data, size_t bytes, uint64_t value)
{
	while (bytes--) {
		data[bytes] = (uint8_t)value;
		value >>= 8;
	}
}

/* How many bytes of length follow the first two. */
static size_t ws_length_bytes(uint8_t second)
{
	unsigned length = second & WS_LENGTH;

	return length == WS_LENGTH_64 ? 8 : length == WS_LENGTH_16 ? 2 : 0;
}

/* Whether the length could have been written shorter, or is not a length. */
static bool ws_length_wrong(size_t length_bytes, uint64_t length)
{
	static const uint64_t least[] = {[0] = 0, [2] = WS_LENGTH_16, [8] = UINT16_MAX + 1u};

	return length < least[length_bytes] || length > INT64_MAX;
}

/* Checks what the first two bytes of a head say by themselves. */
static int ws_check_start(const uint8_t *head, struct err *err)
{
	unsigned opcode = head[0] & WS_OPCODE;

	if (head[0] & WS_RESERVED) {
		(void)err_set(err, ERR_PROTOCOL, "the server sent reserved bits 0x%02x in a frame",
			      head[0] & WS_RESERVED);
		if ((head[0] & WS_RESERVED) == WS_COMPRESSED)
			(void)err_add(err, ": a compressed message, and no extension was agreed "
					   "on");
		return -1;
	}
	if (!ws_opcode_known[opcode])
		return err_set(err, ERR_PROTOCOL, "the server sent a frame of unknown kind 0x%x",
			       opcode);
	if (head[1] & WS_MASKED)
		return err_set(err, ERR_PROTOCOL, "the server sent a masked frame");
	if ((opcode & WS_CONTROL_BIT) && !(head[0] & WS_FINAL))
		return err_set(err, ERR_PROTOCOL, "the server sent a control frame in fragments");
	if ((opcode & WS_CONTROL_BIT) && (head[1] & WS_LENGTH) > WS_CONTROL_BYTES)
		return err_set(err, ERR_PROTOCOL, "the server sent too long a control frame");
	return 0;
}

/* A data frame must continue a message if, and only if, one is under way. */
static int ws_check_sequence(const struct ws_reader *reader, const struct ws_frame *frame,
			     struct err *err)
{
	bool continues = frame->opcode == WS_CONTINUATION;

	if (frame->opcode & WS_CONTROL_BIT || continues == reader->in_message)
		return 0;
	return err_set(err, ERR_PROTOCOL,
		       continues ? "the server continued a message that it had not begun" :
				   "the server began a message inside another one");
}

/* Reads the held head. Returns its length, 0 if bytes of it are missing, or -1. */
static int ws_parse_head(const struct ws_reader *reader, struct ws_frame *frame, struct err *err)
{
	const uint8_t *head = reader->held;
	size_t length_bytes;

	if (reader->held_bytes < 2)
		return 0;
	if (ws_check_start(head, err) != 0)
		return -1;
	length_bytes = ws_length_bytes(head[1]);
	if (reader->held_bytes < 2 + length_bytes)
		return 0;
	*frame = (struct ws_frame){
		.opcode = (enum ws_opcode)(head[0] & WS_OPCODE),
		.final = head[0] & WS_FINAL,
		.bytes = length_bytes ? ws_read_big_endian(head + 2, length_bytes) :
					head[1] & WS_LENGTH,
	};
	if (ws_length_wrong(length_bytes, frame->bytes))
		return err_set(err, ERR_PROTOCOL,
			       "the server wrote the length %" PRIu64 " of a frame wrongly",
			       frame->bytes);
	if (ws_check_sequence(reader, frame, err) != 0)
		return -1;
	return (int)(2 + length_bytes);
}

static void ws_drop_held(struct ws_reader *reader, size_t bytes)
{
	reader->held_bytes -= bytes;
	memmove(reader->held, reader->held + bytes, reader->held_bytes);
}

/* The three states. */
static enum ws_step ws_step_head(struct ws_reader *reader, struct err *err)
{
	struct ws_frame frame;
	int head_bytes = ws_parse_head(reader, &frame, err);
	bool begins;

	if (head_bytes < 0)
		return WS_STEP_REFUSED;
	if (head_bytes == 0)
		return WS_STEP_RECEIVE;
	ws_drop_held(reader, (size_t)head_bytes);
	reader->frame = frame;
	if (frame.opcode & WS_CONTROL_BIT) {
		reader->state = WS_IN_CONTROL;
		reader->control_bytes = 0;
		return WS_STEP_AGAIN;
	}
	begins = !reader->in_message;
	reader->state = WS_IN_PAYLOAD;
	reader->in_message = true;
	reader->final = frame.final;
	reader->left = frame.bytes;
	reader->wire_bytes += (uint64_t)head_bytes + frame.bytes;
	return begins ? WS_STEP_BEGIN : WS_STEP_AGAIN;
}

static enum ws_step ws_step_payload(struct ws_reader *reader, struct err *err UNUSED)
{
	if (reader->left)
		return WS_STEP_PAYLOAD;
	reader->state = WS_IN_HEAD;
	if (reader->final) {
		reader->in_message = false;
		return WS_STEP_END;
	}
	return WS_STEP_AGAIN;
}

/* A close frame is empty or begins with a status, of which RFC 6455, 7.4 says what may be sent. */
static bool ws_close_valid(const struct ws_reader *reader)
{
	uint64_t status = ws_read_big_endian(reader->control, 2);

	if (reader->control_bytes < 2)
		return reader->control_bytes == 0;
	return (status >= 1000 && status <= 1014 && (status < 1004 || status > 1006)) ||
	       (status >= 3000 && status <= 4999);
}

static enum ws_step ws_step_control(struct ws_reader *reader, struct err *err)
{
	size_t missing = (size_t)reader->frame.bytes - reader->control_bytes;
	size_t bytes = reader->held_bytes < missing ? reader->held_bytes : missing;

	memcpy(reader->control + reader->control_bytes, reader->held, bytes);
	ws_drop_held(reader, bytes);
	reader->control_bytes += bytes;
	if (bytes < missing)
		return WS_STEP_RECEIVE;
	reader->state = WS_IN_HEAD;
	if (reader->frame.opcode != WS_CLOSE || ws_close_valid(reader))
		return WS_STEP_CONTROL;
	(void)err_set(err, ERR_PROTOCOL, "the server closed with a malformed status");
	return WS_STEP_REFUSED;
}

enum ws_step ws_reader_next(struct ws_reader *reader, struct err *err)
{
	static enum ws_step (*const steps[])(struct ws_reader *, struct err *) = {
		[WS_IN_HEAD] = ws_step_head,
		[WS_IN_PAYLOAD] = ws_step_payload,
		[WS_IN_CONTROL] = ws_step_control,
	};
	enum ws_step step;

	do {
		step = steps[reader->state](reader, err);
	} while (step == WS_STEP_AGAIN);
	return step;
}

void *ws_reader_room(struct ws_reader *reader, size_t *bytes)
{
	if (reader->state == WS_IN_CONTROL) {
		*bytes = (size_t)reader->frame.bytes - reader->control_bytes;
		return reader->control + reader->control_bytes;
	}
	*bytes = WS_HEAD_BYTES - reader->held_bytes;
	return reader->held + reader->held_bytes;
}

void ws_reader_received(struct ws_reader *reader, size_t bytes)
{
	if (reader->state == WS_IN_CONTROL)
		reader->control_bytes += bytes;
	else
		reader->held_bytes += bytes;
}

size_t ws_reader_move(struct ws_reader *reader, void *place, size_t bytes)
{
	if (bytes > reader->held_bytes)
		bytes = reader->held_bytes;
	if (bytes > reader->left)
		bytes = (size_t)reader->left;
	if (bytes == 0)
		return 0;
	memcpy(place, reader->held, bytes);
	ws_drop_held(reader, bytes);
	reader->left -= bytes;
	return bytes;
}

void ws_reader_skip(struct ws_reader *reader, size_t bytes)
{
	reader->left -= bytes;
}

#define WS_REASON_BYTES (WS_CONTROL_BYTES - 2)

int ws_check_kind(const char *sender, bool text, bool text_wanted, struct err *err)
{
	static const char *const kinds[] = {"a binary", "a text"};

	if (text == text_wanted)
		return 0;
	return err_set(err, ERR_WRONG, "the %s sent %s message, and the array comes in %s one",
		       sender, kinds[text], kinds[text_wanted]);
}

int ws_report_close(const void *payload, size_t bytes, struct err *err)
{
	char reason[WS_REASON_BYTES + 1] = "";
	size_t length;

	if (bytes < 2)
		return err_set(err, ERR_CLOSED, "the server closed the connection");
	length = bytes - 2 < WS_REASON_BYTES ? bytes - 2 : WS_REASON_BYTES;
	for (size_t i = 0; i < length; i++) {
		uint8_t byte = ((const uint8_t *)payload)[2 + i];

		reason[i] = byte < ' ' || byte == 0x7f ? '?' : (char)byte;
	}
	return err_set(err, ERR_CLOSED, "the server closed the connection with status %u%s%s",
		       (unsigned)ws_read_big_endian(payload, 2), length ? ": " : "", reason);
}

size_t ws_head_write(uint8_t head[WS_HEAD_BYTES], const struct ws_frame *frame)
{
	size_t length_bytes = frame->bytes < WS_LENGTH_16 ? 0 : frame->bytes <= UINT16_MAX ? 2 : 8;

	head[0] = (uint8_t)((frame->final ? WS_FINAL : 0) | frame->opcode);
	head[1] = (uint8_t)(length_bytes == 8 ? WS_LENGTH_64 :
			    length_bytes == 2 ? WS_LENGTH_16 :
						frame->bytes);
	ws_write_big_endian(head + 2, length_bytes, frame->bytes);
	return 2 + length_bytes;
}

size_t ws_masked_head_write(uint8_t head[WS_MASKED_HEAD_BYTES], const struct ws_frame *frame,
			    const uint8_t mask[WS_MASK_BYTES])
{
	size_t bytes = ws_head_write(head, frame);

	head[1] |= WS_MASKED;
	memcpy(head + bytes, mask, WS_MASK_BYTES);
	return bytes + WS_MASK_BYTES;
}

void ws_mask(void *to, const void *from, size_t bytes, const uint8_t mask[WS_MASK_BYTES],
	     uint64_t phase)
{
	uint8_t turned[sizeof(uint64_t)];
	uint64_t wide;
	size_t i = 0;

	for (size_t k = 0; k < sizeof(turned); k++)
		turned[k] = mask[(phase + k) % WS_MASK_BYTES];
	memcpy(&wide, turned, sizeof(wide));
	for (; i + sizeof(wide) <= bytes; i += sizeof(wide)) {
		uint64_t word;

		memcpy(&word, (const uint8_t *)from + i, sizeof(word));
		word ^= wide;
		memcpy((uint8_t *)to + i, &word, sizeof(word));
	}
	for (; i < bytes; i++)
		((uint8_t *)to)[i] = ((const uint8_t *)from)[i] ^ turned[i % sizeof(turned)];
}

size_t ws_masked_write(uint8_t out[WS_MASKED_FRAME_BYTES], enum ws_opcode opcode,
		       const void *payload, size_t bytes, const uint8_t mask[WS_MASK_BYTES])
{
	uint8_t *body = out + 2 + WS_MASK_BYTES;

	if (bytes > WS_CONTROL_BYTES)
		bytes = WS_CONTROL_BYTES;
	out[0] = (uint8_t)(WS_FINAL | opcode);
	out[1] = (uint8_t)(WS_MASKED | bytes);
	memcpy(out + 2, mask, WS_MASK_BYTES);
	ws_mask(body, payload, bytes, mask, 0);
	return 2 + WS_MASK_BYTES + bytes;
}
