/* SPDX-License-Identifier: MIT */
/* The reader of WebSocket frames over bytes that come in portions. */
#ifndef TESTS_SUPPORT_DRIVE_WS_H
#define TESTS_SUPPORT_DRIVE_WS_H

#include "transports/carriers/ws/ws_frames.h"

/* Who is told of what is read: each step but receiving and payload, and the payload. */
struct ws_listener {
	void (*step)(struct ws_listener *listener, const struct ws_reader *reader,
		     enum ws_step step);
	void (*payload)(struct ws_listener *listener, const void *data, size_t bytes);
};

/* How the reading ended, once nothing more came, or the reader refused. */
struct ws_outcome {
	enum ws_step last;
	uint64_t wire_bytes;
	uint64_t payload_bytes;
	struct err err;
};

/* Reads all of the bytes, at most `portion` at a time, and holds to what must be true of any. */
struct ws_outcome drive_ws(struct ws_listener *listener, const void *data, size_t size,
			   size_t portion);

#endif
