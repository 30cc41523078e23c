/* SPDX-License-Identifier: MIT */
/* ws: WebSocket over TCP, libwebsockets' server, a client that reads frames itself. */
#include <inttypes.h>
#include <libwebsockets.h>
#include <sys/random.h>

#include "transports/carrier.h"
#include "transports/carriers/ws/lws_link.h"
#include "transports/carriers/ws/lws_server.h"
#include "transports/carriers/ws/ws_frames.h"
#include "transports/net/io.h"
#include "transports/unused.h"

struct ws_client {
	struct lws_link link; /* first: the context's user; closed once the handshake is done */
	bool open;
	struct io_peer peer; /* owned, if open */
	uint8_t request[WS_MASKED_FRAME_BYTES];
	size_t request_bytes;
	struct ws_reader reader;
};

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

static int ws_send(const struct ws_client *client, enum ws_opcode opcode, const void *payload,
		   size_t bytes, struct err *err)
{
	uint8_t frame[WS_MASKED_FRAME_BYTES];
	uint8_t mask[WS_MASK_BYTES];
	struct iovec vector = {.iov_base = frame};

	if (getrandom(mask, sizeof(mask), 0) != sizeof(mask))
		return err_system(err, "drawing a mask");
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

static int ws_begin(struct ws_client *client, struct take *take, struct err *err)
{
	const struct ws_frame *frame = &client->reader.frame;

	if (ws_check_kind(frame->opcode == WS_TEXT, take->text, err) != 0)
		return -1;
	return take->begin(take, frame->final ? frame->bytes : MESSAGE_LENGTH_UNKNOWN, err);
}

/* Payload that came with the head is moved into place; the rest is received there. */
static int ws_payload(struct ws_client *client, struct take *take, struct err *err)
{
	struct ws_reader *reader = &client->reader;
	uint64_t left = reader->left;
	struct space space;
	size_t moved;

	if (reader->held_bytes == 0) {
		ws_reader_skip(reader, left);
		return io_take(client->peer, take, left, err);
	}
	if (take->place(take, &space, err) != 0)
		return -1;
	if (space.bytes == 0)
		return err_set(err, ERR_WRONG,
			       "the reply is longer than the array: %" PRIu64 " more bytes", left);
	moved = ws_reader_move(reader, space.data, space.bytes);
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

static int ws_client_exchange(void *state, struct take *take, uint64_t *wire_bytes,
			      struct err *err)
{
	struct ws_client *client = state;
	struct iovec request = {client->request, client->request_bytes};
	enum ws_step step;

	client->reader.wire_bytes = 0;
	if (io_send(client->peer, &request, 1, err) != 0)
		return -1;
	while ((step = ws_reader_next(&client->reader, err)) != WS_STEP_END)
		if (step == WS_STEP_REFUSED || ws_actions[step](client, take, err) != 0)
			return -1;
	*wire_bytes = client->reader.wire_bytes;
	return take->end(take, err);
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
	.client_close = ws_client_close,
};
