/* SPDX-License-Identifier: MIT */
/* lws: WebSocket over TCP, libwebsockets' own code at both ends. */
#include <libwebsockets.h>
#include <string.h>

#include "transports/carrier.h"
#include "transports/carriers/ws/lws_link.h"
#include "transports/carriers/ws/lws_server.h"
#include "transports/carriers/ws/ws_frames.h"

struct lws_client {
	struct lws_link link; /* first: the context's user */
	struct take *take;    /* of the exchange under way */
	struct err *err;
	int status;           /* the taker's */
	bool sent;            /* the request */
	bool begun;           /* the reply */
	bool done;
	bool closing;
	struct wait wait;     /* for the server's next sign of life */
	uint64_t frame_bytes; /* of the frame that is coming in */
	uint64_t wire_bytes;
	unsigned char request[LWS_PRE]; /* room for the head of the empty message */
};

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
	client->wire_bytes += client->frame_bytes;
	client->wire_bytes += ws_head_write(head, &(struct ws_frame){.bytes = client->frame_bytes});
	client->frame_bytes = 0;
}

/* libwebsockets tells only with the last byte whether frames follow: the length is unknown. */
static int lws_client_take(struct lws_client *client, struct lws *wsi, void *in, size_t length)
{
	struct take *take = client->take;
	bool text = !lws_frame_is_binary(wsi);

	client->wait = wait_begin(client->wait.mode);
	if (!client->begun && (ws_check_kind(text, take->text, client->err) != 0 ||
			       take->begin(take, MESSAGE_LENGTH_UNKNOWN, client->err) != 0))
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
	if (!client->take || client->done)
		return err_set(&client->link.err, ERR_PROTOCOL,
			       "the server sent a message that nobody asked for");
	client->status = lws_client_take(client, wsi, in, length);
	return client->status;
}

static int lws_client_write(struct lws_client *client, struct lws *wsi)
{
	if (client->closing) {
		lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
		return -1;
	}
	if (!client->take || client->sent)
		return 0;
	client->sent = true;
	return lws_write(wsi, client->request + LWS_PRE, 0, LWS_WRITE_TEXT) < 0 ? -1 : 0;
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

static int lws_client_exchange(void *state, struct take *take, uint64_t *wire_bytes,
			       struct err *err)
{
	struct lws_client *client = state;

	client->take = take;
	client->err = err;
	client->sent = false;
	client->begun = false;
	client->done = false;
	client->wire_bytes = 0;
	client->wait = wait_begin(client->wait.mode);
	if (!client->link.gone)
		(void)lws_callback_on_writable(client->link.wsi);
	while (!client->done && client->status == 0 && !client->link.gone)
		(void)lws_turn(client->link.context, &client->wait);
	client->take = NULL;
	if (client->status == 0 && !client->done)
		return lws_link_fail(&client->link, err);
	*wire_bytes = client->wire_bytes;
	return client->status;
}

/* Says goodbye unless a reply is under way. libwebsockets waits five seconds for the answer. */
static void lws_client_close(void *state)
{
	struct lws_client *client = state;

	client->closing = client->link.up && !client->link.gone && (client->done || !client->sent);
	if (client->closing)
		(void)lws_callback_on_writable(client->link.wsi);
	while (client->closing && !client->link.gone)
		(void)lws_service(client->link.context, 0);
	lws_link_close(&client->link);
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
	.client_close = lws_client_close,
};
