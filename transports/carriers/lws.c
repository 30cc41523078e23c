/* SPDX-License-Identifier: MIT */
/* lws: WebSocket over TCP, libwebsockets' own code at both ends. */
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "transports/carrier.h"
#include "transports/carriers/ws/lws_link.h"
#include "transports/carriers/ws/lws_server.h"
#include "transports/carriers/ws/ws_frames.h"
#include "transports/recognise.h"

struct lws_client {
	struct lws_link link; /* first: the context's user */
	bool exchanging;
	struct give *give;    /* the request's message; NULL: it is empty */
	struct take *take;    /* where the reply goes; NULL: it has to be empty */
	struct err *err;
	int status;           /* the giver's or the taker's */
	bool asked;           /* the request's first piece was sent */
	bool sent;            /* and its last, if perhaps only into libwebsockets' buffer */
	struct span span;     /* what is left of the last one given */
	bool begun;           /* the reply */
	bool done;
	bool closing;
	struct wait wait;     /* for the server's next sign of life */
	uint64_t frame_bytes; /* of the frame that is coming in */
	struct wire_bytes wire;
	unsigned char empty[LWS_PRE]; /* room for the head of the empty message */
	unsigned char *block; /* the same, and a piece of a message; owned, NULL before the first */
};

/* What a give may be asked to fill at least. */
#define LWS_FILL_BYTES_MIN 1024u

/* The frame of an empty request: its head and a mask. */
#define LWS_EMPTY_BYTES (2 + WS_MASK_BYTES)

static struct lws_client *lws_client_of(struct lws *wsi)
{
	return lws_context_user(lws_get_context(wsi));
}

/*
 * libwebsockets hands over payload and keeps the frames' heads. A head is counted
 * as the shortest that its frame can have, which is what the protocol demands.
 */
static void lws_client_count(struct lws_client *client, struct lws *wsi, size_t length)
{
	uint8_t head[WS_HEAD_BYTES];

	client->frame_bytes += length;
	if (lws_remaining_packet_payload(wsi))
		return;
	client->wire.reply += client->frame_bytes;
	client->wire.reply += ws_head_write(head, &(struct ws_frame){.bytes = client->frame_bytes});
	client->frame_bytes = 0;
}

static int lws_client_acknowledge(struct lws_client *client, struct lws *wsi, size_t length)
{
	if (length || lws_frame_is_binary(wsi))
		return err_set(client->err, ERR_PROTOCOL,
			       "the server sent a message in place of an acknowledgement");
	lws_client_count(client, wsi, length);
	client->done = lws_is_final_fragment(wsi);
	return 0;
}

/* Shows a message of the wrong kind: it may be what a server has to say. */
static int lws_client_refuse_kind(struct lws_client *client, struct lws *wsi, const void *in,
				  size_t length)
{
	recognise_add_message(in, length,
			      lws_is_final_fragment(wsi) ? length : MESSAGE_LENGTH_UNKNOWN,
			      client->err);
	return -1;
}

/* libwebsockets tells only with the last byte whether frames follow: the length is unknown. */
static int lws_client_take(struct lws_client *client, struct lws *wsi, void *in, size_t length)
{
	struct take *take = client->take;
	bool text = !lws_frame_is_binary(wsi);

	client->wait = wait_begin(client->wait.mode);
	if (!take)
		return lws_client_acknowledge(client, wsi, length);
	if (!client->begun && ws_check_kind("server", text, take->text, client->err) != 0)
		return lws_client_refuse_kind(client, wsi, in, length);
	if (!client->begun && take->begin(take, MESSAGE_LENGTH_UNKNOWN, client->err) != 0)
		return -1;
	client->begun = true;
	lws_client_count(client, wsi, length);
	if (length && take->accept(take, in, length, client->err) != 0)
		return -1;
	if (!lws_is_final_fragment(wsi))
		return 0;
	client->done = true;
	return take->end(take, client->err);
}

static int lws_client_receive(struct lws_client *client, struct lws *wsi, void *in, size_t length)
{
	if (!client->exchanging || client->done)
		return err_set(&client->link.err, ERR_PROTOCOL,
			       "the server sent a message that nobody asked for");
	client->status = lws_client_take(client, wsi, in, length);
	return client->status;
}

/* Copies the next bytes of a message to room: libwebsockets masks them where they lie. */
static int lws_client_pull(struct lws_client *client, struct space room, size_t *bytes)
{
	struct give *give = client->give;
	struct span *span = &client->span;

	if (!give->by_span)
		return give->fill(give, room.data, room.bytes, bytes, client->err);
	if (span->bytes == 0 && give->span(give, span, client->err) != 0)
		return -1;
	*bytes = span->bytes < room.bytes ? span->bytes : room.bytes;
	if (*bytes)
		memcpy(room.data, span->data, *bytes);
	span->data = (const char *)span->data + *bytes;
	span->bytes -= *bytes;
	return 0;
}

/* Sends the next fragment of a message. */
static int lws_client_send(struct lws_client *client, struct lws *wsi)
{
	int kind = client->give->text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY;
	uint8_t head[WS_HEAD_BYTES];
	size_t bytes = 0;
	size_t pulled = 1;

	while (pulled && MESSAGE_PIECE_BYTES - bytes >= LWS_FILL_BYTES_MIN) {
		struct space room = {client->block + LWS_PRE + bytes, MESSAGE_PIECE_BYTES - bytes};

		if (lws_client_pull(client, room, &pulled) != 0)
			return -1;
		bytes += pulled;
	}
	client->sent = pulled == 0;
	kind = lws_write_ws_flags(kind, !client->asked, client->sent);
	client->asked = true;
	client->wire.request += WS_MASK_BYTES + bytes;
	client->wire.request += ws_head_write(head, &(struct ws_frame){.bytes = bytes});
	return lws_write(wsi, client->block + LWS_PRE, bytes, (enum lws_write_protocol)kind) < 0 ?
		       err_set(client->err, ERR_CLOSED,
			       "the server hung up in the middle of a request") : 0;
}

/* Sends one piece when the socket takes more, so that libwebsockets never buffers two. */
static int lws_client_write(struct lws_client *client, struct lws *wsi)
{
	if (client->closing) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	}
	if (!client->exchanging || client->sent)
		return 0;
	if (!client->give) {
		client->asked = client->sent = true;
		client->wire.request = LWS_EMPTY_BYTES;
		return lws_write(wsi, client->empty + LWS_PRE, 0, LWS_WRITE_TEXT) < 0 ? -1 : 0;
	}
	client->status = lws_client_send(client, wsi);
	if (client->status == 0 && !client->sent)
		(void)lws_callback_on_writable(wsi);
	return client->status;
}

static int lws_client_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			    size_t length)
{
	if (reason == LWS_CALLBACK_CLIENT_RECEIVE)
		return lws_client_receive(lws_client_of(wsi), wsi, in, length);
	if (reason == LWS_CALLBACK_CLIENT_WRITEABLE)
		return lws_client_write(lws_client_of(wsi), wsi);
	return lws_link_event(wsi, reason, user, in, length);
}

static const struct lws_protocols lws_client_protocols[] = {
	{
		.name = "ipctop",
		.callback = lws_client_event,
		.rx_buffer_size = MESSAGE_BLOCK_BYTES,
	},
	{.name = NULL},
};

static int lws_client_open(void *state, const struct client_setup *setup, const char *address,
			   struct err *err)
{
	struct lws_client *client = state;

	client->wait.mode = setup->wait;
	return lws_link_open(&client->link, lws_client_protocols, address, setup, err);
}

static int lws_client_begin(struct lws_client *client, struct give *give, struct take *take,
			    struct err *err)
{
	if (give && !client->block)
		client->block = malloc(LWS_PRE + MESSAGE_PIECE_BYTES);
	if (give && !client->block)
		return err_set(err, ERR_MEMORY, "no memory for a request");
	client->exchanging = true;
	client->give = give;
	client->take = take;
	client->err = err;
	client->asked = client->sent = client->begun = client->done = false;
	client->span = (struct span){0};
	client->wire = (struct wire_bytes){0};
	client->wait = wait_begin(client->wait.mode);
	if (!client->link.gone)
		(void)lws_callback_on_writable(client->link.wsi);
	return 0;
}

static int lws_client_exchange(void *state, struct give *give, struct take *take,
			       struct wire_bytes *wire, struct err *err)
{
	struct lws_client *client = state;

	if (lws_client_begin(client, give, take, err) != 0)
		return -1;
	while (!client->done && client->status == 0 && !client->link.gone)
		(void)lws_turn(client->link.context, &client->wait);
	client->exchanging = false;
	if (client->status == 0 && !client->done)
		return lws_link_fail(&client->link, err);
	*wire = client->wire;
	return client->status;
}

static int lws_client_descriptor(const void *state)
{
	const struct lws_client *client = state;

	return client->link.up && !client->link.gone ? lws_get_socket_fd(client->link.wsi) : -1;
}

/* Says goodbye unless a reply is under way. libwebsockets waits five seconds for the answer. */
static void lws_client_close(void *state)
{
	struct lws_client *client = state;

	client->closing = client->link.up && !client->link.gone && (client->done || !client->asked);
	if (client->closing)
		(void)lws_callback_on_writable(client->link.wsi);
	while (client->closing && !client->link.gone)
		(void)lws_service(client->link.context, 0);
	lws_link_close(&client->link);
	free(client->block);
	client->block = NULL;
}

const struct carrier carrier_lws = {
	.name = "lws",
	.title = "WebSocket over TCP, libwebsockets at both ends",
	.scheme = LWS_SCHEME,
	.waits = WAIT_ALL,
	.exchange_ns = 60000,
	.ns_per_byte = 5.9,
	.server_size = sizeof(struct stream_server),
	.client_size = sizeof(struct lws_client),
	.libraries = lws_libraries,
	.extensions = LWS_EXTENSIONS,
	.server_open = lws_server_open,
	.server_run = stream_run,
	.server_stop = stream_stop,
	.server_close = stream_close,
	.client_open = lws_client_open,
	.client_exchange = lws_client_exchange,
	.client_descriptor = lws_client_descriptor,
	.client_close = lws_client_close,
};
