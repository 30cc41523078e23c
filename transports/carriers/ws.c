/* SPDX-License-Identifier: MIT */
/* ws: WebSocket over TCP, libwebsockets' server, a client that reads frames itself. */
#include <inttypes.h>
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "transports/carrier.h"
#include "transports/carriers/ws/lws_link.h"
#include "transports/carriers/ws/lws_server.h"
#include "transports/carriers/ws/ws_frames.h"
#include "transports/net/io.h"
#include "transports/recognise.h"
#include "transports/unused.h"

struct ws_client {
	struct lws_link link; /* first: the context's user; closed once the handshake is done */
	bool open;
	struct io_peer peer; /* owned, if open */
	uint8_t request[WS_MASKED_FRAME_BYTES]; /* an empty one */
	size_t request_bytes;
	struct ws_reader reader;
	uint8_t *
		block; /* a head and a piece of a request's message; owned, NULL before the first */
	uint8_t mask[WS_MASK_BYTES]; /* of the frame that is being sent */
};

/* What a give may be asked to fill at least. */
#define WS_FILL_BYTES_MIN 1024u

/*
 * libwebsockets makes the connection and shakes hands. After that its client would
 * read a byte at a time, at a 25th of the socket's rate, so the descriptor is taken
 * from it and read here.
 */
static int ws_client_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			   size_t length)
{
	struct lws_link *link;

	if (reason != LWS_CALLBACK_CLIENT_RECEIVE)
		return lws_link_event(wsi, reason, user, in, length);
	link = lws_context_user(lws_get_context(wsi));
	return err_set(&link->err, ERR_PROTOCOL, "the server sent a message that nobody asked for");
}

static const struct lws_protocols ws_client_protocols[] = {
	{.name = "ipctop", .callback = ws_client_event},
	{.name = NULL},
};

static int ws_draw_mask(uint8_t mask[WS_MASK_BYTES], struct err *err)
{
	return getrandom(mask, WS_MASK_BYTES, 0) == WS_MASK_BYTES ?
		       0 : err_system(err, "drawing a mask");
}

static int ws_send(const struct ws_client *client, enum ws_opcode opcode, const void *payload,
		   size_t bytes, struct err *err)
{
	uint8_t frame[WS_MASKED_FRAME_BYTES];
	uint8_t mask[WS_MASK_BYTES];
	struct iovec vector = {.iov_base = frame};

	if (ws_draw_mask(mask, err) != 0)
		return -1;
	vector.iov_len = ws_masked_write(frame, opcode, payload, bytes, mask);
	return io_send(client->peer, &vector, 1, err);
}

static int ws_client_open(void *state, const struct client_setup *setup, const char *address,
			  struct err *err)
{
	/* A request is empty, so there is nothing to mask and one mask does for all. */
	static const uint8_t mask[WS_MASK_BYTES] = {0x69, 0x70, 0x63, 0x74};
	struct ws_client *client = state;

	client->request_bytes = ws_masked_write(client->request, WS_TEXT, NULL, 0, mask);
	if (lws_link_open(&client->link, ws_client_protocols, address, setup, err) != 0)
		return -1;
	client->peer = (struct io_peer){lws_link_detach(&client->link, err), setup->wait};
	client->open = client->peer.fd >= 0;
	return client->open ? 0 : err_wrap(err, address);
}

/* Receives bytes of a head or control frame, and at most nine bytes of what follows. */
static int ws_receive(struct ws_client *client, struct take *take UNUSED, struct err *err)
{
	struct iovec room;
	ssize_t got;

	room.iov_base = ws_reader_room(&client->reader, &room.iov_len);
	got = io_receive_some(client->peer, &room, 1, err);
	if (got < 0)
		return -1;
	ws_reader_received(&client->reader, (size_t)got);
	return 0;
}

/* The first bytes of the payload that is due, as far as they come. Returns how many. */
static size_t ws_receive_head(struct ws_client *client, uint8_t head[SEEN_BYTES_MAX])
{
	struct ws_reader *reader = &client->reader;
	size_t want = reader->left < SEEN_BYTES_MAX ? (size_t)reader->left : SEEN_BYTES_MAX;
	size_t bytes = ws_reader_move(reader, head, want);

	while (bytes < want) {
		struct iovec room = {head + bytes, want - bytes};
		ssize_t got = io_receive_some(client->peer, &room, 1, NULL);

		if (got < 0)
			break;
		bytes += (size_t)got;
	}
	return bytes;
}

/* Refuses a message of the wrong kind, and shows it: it may be what a server has to say. */
static int ws_refuse_kind(struct ws_client *client, struct err *err)
{
	const struct ws_frame *frame = &client->reader.frame;
	uint8_t head[SEEN_BYTES_MAX];
	size_t bytes = ws_receive_head(client, head);

	recognise_add_message(head, bytes, frame->final ? frame->bytes : MESSAGE_LENGTH_UNKNOWN,
			      err);
	return -1;
}

static int ws_begin(struct ws_client *client, struct take *take, struct err *err)
{
	const struct ws_frame *frame = &client->reader.frame;

	if (!take)
		return frame->opcode == WS_TEXT ? 0 :
			err_set(err, ERR_PROTOCOL,
				"the server sent a binary message in place of an acknowledgement");
	if (ws_check_kind("server", frame->opcode == WS_TEXT, take->text, err) != 0)
		return ws_refuse_kind(client, err);
	return take->begin(take, frame->final ? frame->bytes : MESSAGE_LENGTH_UNKNOWN, err);
}

/*
 * What has come already of the payload behind what came with its head, so that a taker gets
 * more than those few bytes at first. Returns how many bytes.
 */
static size_t ws_receive_more(struct ws_client *client, uint8_t *place, size_t bytes)
{
	ssize_t got;

	if (bytes > client->reader.left)
		bytes = (size_t)client->reader.left;
	if (bytes > MESSAGE_PIECE_BYTES)
		bytes = MESSAGE_PIECE_BYTES;
	if (bytes == 0)
		return 0;
	got = recv(client->peer.fd, place, bytes, MSG_DONTWAIT);
	if (got <= 0) /* who waits for it will find out */
		return 0;
	ws_reader_skip(&client->reader, (size_t)got);
	return (size_t)got;
}

/* Payload that came with the head is moved into place; the rest is received there. */
static int ws_payload(struct ws_client *client, struct take *take, struct err *err)
{
	struct ws_reader *reader = &client->reader;
	uint64_t left = reader->left;
	struct space space;
	size_t moved;

	if (!take)
		return err_set(err, ERR_PROTOCOL,
			       "the server sent a message in place of an acknowledgement");
	if (reader->held_bytes == 0) {
		ws_reader_skip(reader, left);
		return io_take(client->peer, take, left, err);
	}
	if (take->place(take, &space, err) != 0)
		return -1;
	if (space.bytes == 0)
		return err_set(err, ERR_WRONG,
			       "the %s is longer than the array: %" PRIu64 " more bytes",
			       take->what, left);
	moved = ws_reader_move(reader, space.data, space.bytes);
	moved += ws_receive_more(client, (uint8_t *)space.data + moved, space.bytes - moved);
	return take->arrived(take, moved, err);
}

static int ws_control(struct ws_client *client, struct take *take UNUSED, struct err *err)
{
	const struct ws_reader *reader = &client->reader;

	if (reader->frame.opcode == WS_PING)
		return ws_send(client, WS_PONG, reader->control, reader->control_bytes, err);
	if (reader->frame.opcode == WS_PONG)
		return 0;
	/* A close frame is answered by another, which need not arrive. */
	(void)ws_send(client, WS_CLOSE, reader->control, reader->control_bytes, NULL);
	return ws_report_close(reader->control, reader->control_bytes, err);
}

static int (*const ws_actions[])(struct ws_client *, struct take *, struct err *) = {
	[WS_STEP_RECEIVE] = ws_receive,
	[WS_STEP_BEGIN] = ws_begin,
	[WS_STEP_PAYLOAD] = ws_payload,
	[WS_STEP_CONTROL] = ws_control,
};

/* The next bytes of a message, masked, at room. *bytes is 0 at its end. */
static int ws_pull(const struct ws_client *client, struct give *give, struct span *span,
		   struct space room, uint64_t phase, size_t *bytes, struct err *err)
{
	if (!give->by_span) {
		if (give->fill(give, room.data, room.bytes, bytes, err) != 0)
			return -1;
		ws_mask(room.data, room.data, *bytes, client->mask, phase);
		return 0;
	}
	if (span->bytes == 0 && give->span(give, span, err) != 0)
		return -1;
	*bytes = span->bytes < room.bytes ? span->bytes : room.bytes;
	ws_mask(room.data, span->data, *bytes, client->mask, phase);
	span->data = (const uint8_t *)span->data + *bytes;
	span->bytes -= *bytes;
	return 0;
}

/* Gathers a piece of a message behind the room for its head. *dry: the message has ended. */
static int ws_gather(const struct ws_client *client, struct give *give, struct span *span,
		     uint64_t phase, size_t *bytes, bool *dry, struct err *err)
{
	size_t pulled = 1;

	*bytes = 0;
	while (pulled && MESSAGE_PIECE_BYTES - *bytes >= WS_FILL_BYTES_MIN) {
		struct space room = {client->block + WS_MASKED_HEAD_BYTES + *bytes,
				     MESSAGE_PIECE_BYTES - *bytes};

		if (ws_pull(client, give, span, room, phase + *bytes, &pulled, err) != 0)
			return -1;
		*bytes += pulled;
	}
	*dry = pulled == 0;
	return 0;
}

/* Sends what ws_gather has gathered; frame NULL: it goes on with the frame before. */
static int ws_send_piece(const struct ws_client *client, const struct ws_frame *frame,
			 size_t bytes, uint64_t *wire_bytes, struct err *err)
{
	uint8_t head[WS_MASKED_HEAD_BYTES];
	size_t head_bytes = frame ? ws_masked_head_write(head, frame, client->mask) : 0;
	uint8_t *start = client->block + WS_MASKED_HEAD_BYTES - head_bytes;
	struct iovec vector = {start, head_bytes + bytes};

	memcpy(start, head, head_bytes);
	*wire_bytes += vector.iov_len;
	return io_send(client->peer, &vector, 1, err);
}

/* Sends a request whose length is known as one frame. */
static int ws_send_framed(struct ws_client *client, struct give *give, uint64_t *wire_bytes,
			  struct err *err)
{
	const struct ws_frame frame = {give->text ? WS_TEXT : WS_BINARY, true, give->length_bytes};
	struct span span = {0};
	uint64_t sent = 0;
	size_t bytes;
	bool dry;

	if (ws_draw_mask(client->mask, err) != 0)
		return -1;
	do {
		if (ws_gather(client, give, &span, sent, &bytes, &dry, err) != 0)
			return -1;
		if (bytes > frame.bytes - sent || (dry && bytes < frame.bytes - sent))
			return err_set(err, ERR_WRONG,
				       "a request is not as long as its encoder said");
		if (ws_send_piece(client, sent ? NULL : &frame, bytes, wire_bytes, err) != 0)
			return -1;
		sent += bytes;
	} while (sent < frame.bytes);
	return 0;
}

/* Sends a request whose length is not known yet as fragments. */
static int ws_send_fragments(struct ws_client *client, struct give *give, uint64_t *wire_bytes,
			     struct err *err)
{
	struct ws_frame frame = {.opcode = give->text ? WS_TEXT : WS_BINARY};
	struct span span = {0};
	size_t bytes;

	while (!frame.final) {
		if (ws_draw_mask(client->mask, err) != 0 ||
		    ws_gather(client, give, &span, 0, &bytes, &frame.final, err) != 0)
			return -1;
		frame.bytes = bytes;
		if (ws_send_piece(client, &frame, bytes, wire_bytes, err) != 0)
			return -1;
		frame.opcode = WS_CONTINUATION;
	}
	return 0;
}

/* Sends the request: a message, or an empty text if give is NULL. */
static int ws_request(struct ws_client *client, struct give *give, uint64_t *wire_bytes,
		      struct err *err)
{
	struct iovec empty = {client->request, client->request_bytes};

	*wire_bytes = give ? 0 : client->request_bytes;
	if (!give)
		return io_send(client->peer, &empty, 1, err);
	if (!client->block)
		client->block = malloc(WS_MASKED_HEAD_BYTES + MESSAGE_PIECE_BYTES);
	if (!client->block)
		return err_set(err, ERR_MEMORY, "no memory for a request");
	return give->length_bytes == MESSAGE_LENGTH_UNKNOWN ?
		       ws_send_fragments(client, give, wire_bytes, err) :
		       ws_send_framed(client, give, wire_bytes, err);
}

static int ws_client_exchange(void *state, struct give *give, struct take *take,
			      struct wire_bytes *wire, struct err *err)
{
	struct ws_client *client = state;
	enum ws_step step;

	client->reader.wire_bytes = 0;
	if (ws_request(client, give, &wire->request, err) != 0)
		return -1;
	while ((step = ws_reader_next(&client->reader, err)) != WS_STEP_END)
		if (step == WS_STEP_REFUSED || ws_actions[step](client, take, err) != 0)
			return -1;
	wire->reply = client->reader.wire_bytes;
	return take ? take->end(take, err) : 0;
}

static int ws_client_descriptor(const void *state)
{
	const struct ws_client *client = state;

	return client->open ? client->peer.fd : -1;
}

static void ws_client_close(void *state)
{
	static const uint8_t normal[] = {1000 >> 8, 1000 & 0xff};
	struct ws_client *client = state;

	if (client->open) {
		(void)ws_send(client, WS_CLOSE, normal, sizeof(normal), NULL);
		io_close(&client->peer.fd);
	}
	client->open = false;
	free(client->block);
	client->block = NULL;
	lws_link_close(&client->link);
}

const struct carrier carrier_ws = {
	.name = "ws",
	.title = "WebSocket over TCP, a frame reader of our own",
	.scheme = LWS_SCHEME,
	.waits = WAIT_ALL,
	.exchange_ns = 40000,
	.ns_per_byte = 0.25,
	.server_size = sizeof(struct stream_server),
	.client_size = sizeof(struct ws_client),
	.libraries = lws_libraries,
	.extensions = LWS_EXTENSIONS,
	.server_open = lws_server_open,
	.server_run = stream_run,
	.server_stop = stream_stop,
	.server_close = stream_close,
	.client_open = ws_client_open,
	.client_exchange = ws_client_exchange,
	.client_descriptor = ws_client_descriptor,
	.client_close = ws_client_close,
};
