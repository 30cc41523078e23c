/* SPDX-License-Identifier: MIT */
/*
 * WebSocket's frames (RFC 6455) as a client reads them and both ends write
 * them. Nothing here does I/O or allocates. The reader never touches a
 * message's payload, which goes from the socket straight to where it belongs:
 * it says what comes next, and the caller receives that.
 */
#ifndef TRANSPORTS_CARRIERS_WS_WS_FRAMES_H
#define TRANSPORTS_CARRIERS_WS_WS_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

#define WS_HEAD_BYTES 10 /* the longest head of a server's frame, which has no mask */
#define WS_MASK_BYTES 4
#define WS_CONTROL_BYTES 125 /* the most that a control frame carries */
#define WS_MASKED_HEAD_BYTES (WS_HEAD_BYTES + WS_MASK_BYTES)
#define WS_MASKED_FRAME_BYTES (2 + WS_MASK_BYTES + WS_CONTROL_BYTES)

enum ws_opcode {
	WS_CONTINUATION = 0x0,
	WS_TEXT = 0x1,
	WS_BINARY = 0x2,
	WS_CLOSE = 0x8,
	WS_PING = 0x9,
	WS_PONG = 0xa,
};

struct ws_frame {
	enum ws_opcode opcode;
	bool final;     /* the last frame of its message */
	uint64_t bytes; /* of payload */
};

/* What comes next, and so what the caller is to do. */
enum ws_step {
	WS_STEP_AGAIN,   /* inside the reader only */
	WS_STEP_REFUSED, /* err says what the server must not send */
	WS_STEP_RECEIVE, /* receive at least a byte into ws_reader_room, then ws_reader_received */
	WS_STEP_BEGIN,   /* a message begins: frame is its first, and its only one if final */
	WS_STEP_PAYLOAD, /* ws_reader_move what is held, then receive the rest, ws_reader_skip */
	WS_STEP_END,     /* the message is complete */
	WS_STEP_CONTROL, /* frame.opcode is a control frame's, with control_bytes of control */
};

/* Zeroed: at the start of a connection's first frame. */
struct ws_reader {
	enum { WS_IN_HEAD, WS_IN_PAYLOAD, WS_IN_CONTROL } state;
	struct ws_frame frame; /* the last one whose head was read */
	uint64_t left;         /* of a data frame's payload */
	uint64_t wire_bytes;   /* of data frames so far, heads included; the caller resets it */
	bool in_message;
	bool final;            /* the last data frame was its message's last */
	uint8_t held[WS_HEAD_BYTES]; /* received, not yet read: a head, or what followed one */
	size_t held_bytes;
	uint8_t control[WS_CONTROL_BYTES];
	size_t control_bytes;
};

enum ws_step ws_reader_next(struct ws_reader *reader, struct err *err);

/* After WS_STEP_RECEIVE: where the next bytes go, and then how many came. */
void *ws_reader_room(struct ws_reader *reader, size_t *bytes);
void ws_reader_received(struct ws_reader *reader, size_t bytes);

/* After WS_STEP_PAYLOAD: copies at most bytes of payload that came with a head; says how many. */
size_t ws_reader_move(struct ws_reader *reader, void *place, size_t bytes);
/* Says that bytes of payload were received elsewhere. Only when nothing is held. */
void ws_reader_skip(struct ws_reader *reader, size_t bytes);

/* Fails if sender, "server" or "client", sends text where bytes are wanted, or the reverse. */
int ws_check_kind(const char *sender, bool text, bool text_wanted, struct err *err);

/* After a close frame: reports it as ERR_CLOSED, with its status and reason. Returns -1. */
int ws_report_close(const void *payload, size_t bytes, struct err *err);

/* Writes a server's head of a frame. Returns its length. */
size_t ws_head_write(uint8_t head[WS_HEAD_BYTES], const struct ws_frame *frame);

/* Writes a client's head of a frame: the server's, and the mask. Returns its length. */
size_t ws_masked_head_write(uint8_t head[WS_MASKED_HEAD_BYTES], const struct ws_frame *frame,
			    const uint8_t mask[WS_MASK_BYTES]);

/* Copies payload masked, or masks it in place; phase: how many bytes of its frame came before. */
void ws_mask(void *to, const void *from, size_t bytes, const uint8_t mask[WS_MASK_BYTES],
	     uint64_t phase);

/* Writes a client's whole frame of at most WS_CONTROL_BYTES. Returns its length. */
size_t ws_masked_write(uint8_t out[WS_MASKED_FRAME_BYTES], enum ws_opcode opcode,
		       const void *payload, size_t bytes, const uint8_t mask[WS_MASK_BYTES]);

#endif
