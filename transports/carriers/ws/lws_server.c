/* SPDX-License-Identifier: MIT */
/* libwebsockets' server, for the ws and lws carriers: a context and a thread for each client. */
#include "transports/carriers/ws/lws_server.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "transports/carriers/ws/lws_link.h"
#include "transports/carriers/ws/ws_frames.h"
#include "transports/carriers/ws/ws_handshake.h"
#include "transports/net/io.h"
#include "transports/recognise.h"
#include "transports/unused.h"

/* A request's content means nothing, but a message longer than this is no request. */
#define LWS_REQUEST_BYTES_MAX (1u << 20)
#define LWS_REQUESTS_WAITING_MAX 64

/* One client of the server, and the whole of its context. */
struct lws_peer {
	struct service *service;
	struct err *err;
	int status;
	bool gone;
	struct wait wait;     /* for the client's next sign of life */
	enum wait_mode mode;  /* how, once there is a slot: we never spin for strangers */
	void *slot;
	bool receiving;       /* a message is coming in */
	size_t request_bytes; /* of it, where requests carry nothing */
	struct take *take;    /* where it goes, where they carry something */
	unsigned requests;    /* complete, their answers not begun */
	bool exchanging;      /* service->replied is due */
	bool replying;        /* a reply is under way */
	struct give *give;    /* its message, or NULL: an empty text acknowledges */
	bool framed;          /* it goes as one frame: its length is known */
	uint64_t left;        /* of the frame */
	bool begun;           /* the first piece was sent */
	bool ended;           /* the last one was, if perhaps only into libwebsockets' buffer */
	struct span span;     /* what is left of the last one given */
	unsigned char *buffer; /* LWS_PRE bytes for a frame's head, and room for a piece */
};

/* What a give may be asked to fill at least. */
#define LWS_FILL_BYTES_MIN 1024u

static struct lws_peer *lws_peer_of(struct lws *wsi)
{
	return lws_context_user(lws_get_context(wsi));
}

/* Remembers the first failure, for the log. Returns -1. */
static int lws_peer_fail(struct lws_peer *peer, const struct err *err)
{
	if (peer->status == 0)
		*peer->err = *err;
	peer->status = -1;
	return -1;
}

/* Fails, and tells the client why in the close frame. */
static int lws_peer_refuse(struct lws_peer *peer, struct lws *wsi, enum lws_close_status status,
			   const struct err *err)
{
	unsigned char reason[WS_CONTROL_BYTES - 2];
	size_t bytes = strnlen(err->message, sizeof(reason));

	while (bytes && (err->message[bytes] & 0xc0) == 0x80) /* no half of a UTF-8 character */
		bytes--;
	memcpy(reason, err->message, bytes);
	lws_close_reason(wsi, status, reason, bytes);
	return lws_peer_fail(peer, err);
}

/*
 * Fails where a close frame would be taken for payload: in the middle of a
 * frame. The client sees the connection end.
 */
static int lws_peer_cut(struct lws_peer *peer, struct lws *wsi, const struct err *err)
{
	(void)shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
	return lws_peer_fail(peer, err);
}

/* Checks the ticket of a client that asks for the upgrade: its path. */
static int lws_peer_admit(struct lws_peer *peer, struct lws *wsi, void *in, size_t length UNUSED)
{
	char path[1 + CARRIER_TICKET_BYTES];
	struct err err = {0};

	if (strcmp(in, "websocket") != 0)
		return -1;
	if (lws_hdr_copy(wsi, path, sizeof(path), WSI_TOKEN_GET_URI) < 1)
		(void)err_set(&err, ERR_PROTOCOL, "a client came with no path, or one too long");
	else
		peer->slot = peer->service->admit(peer->service, path + 1, lws_get_socket_fd(wsi),
						  &err);
	if (peer->slot)
		return 0;
	(void)lws_peer_fail(peer, &err);
	(void)lws_return_http_status(wsi, HTTP_STATUS_FORBIDDEN, NULL);
	return 1;
}

/*
 * Nothing is read while a frame of ours is being sent, lest libwebsockets answer
 * a ping in the middle of it. Between fragments it may answer.
 */
static int lws_reply_begin(struct lws_peer *peer, struct lws *wsi)
{
	struct err err = {0};

	peer->requests--;
	peer->exchanging = true;
	peer->give = NULL;
	if (peer->service->reply(peer->slot, &peer->give, &err) != 0)
		return lws_peer_refuse(peer, wsi, LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, &err);
	peer->replying = true;
	peer->left = peer->give ? peer->give->length_bytes : MESSAGE_LENGTH_UNKNOWN;
	peer->framed = peer->left != MESSAGE_LENGTH_UNKNOWN;
	peer->begun = false;
	peer->ended = false;
	peer->span = (struct span){0};
	if (peer->framed)
		(void)lws_rx_flow_control(wsi, 0);
	(void)lws_callback_on_writable(wsi);
	return 0;
}

static int lws_reply_end(struct lws_peer *peer, struct lws *wsi)
{
	peer->replying = peer->exchanging = false;
	peer->service->replied(peer->slot, true);
	if (peer->framed)
		(void)lws_rx_flow_control(wsi, 1);
	return peer->requests ? lws_reply_begin(peer, wsi) : 0;
}

/* Finds the next bytes of a span, at most limit. *bytes is 0 at the message's end. */
static int lws_next_span(struct lws_peer *peer, size_t limit, const void **data, size_t *bytes,
			 struct err *err)
{
	struct span *span = &peer->span;

	if (span->bytes == 0 && peer->give->span(peer->give, span, err) != 0)
		return -1;
	*data = span->data;
	*bytes = span->bytes < limit ? span->bytes : limit;
	span->data = (const char *)span->data + *bytes;
	span->bytes -= *bytes;
	return 0;
}

static int lws_copy_span(struct lws_peer *peer, void *room, size_t limit, size_t *bytes,
			 struct err *err)
{
	const void *data;

	if (lws_next_span(peer, limit, &data, bytes, err) != 0)
		return -1;
	if (*bytes)
		memcpy(room, data, *bytes);
	return 0;
}

/* Fills the buffer up to limit. Sets *dry if the message has ended. */
static int lws_gather(struct lws_peer *peer, size_t limit, size_t *bytes, bool *dry,
		      struct err *err)
{
	struct give *give = peer->give;
	size_t filled = 1;

	*bytes = 0;
	while (filled && limit - *bytes >= LWS_FILL_BYTES_MIN) {
		unsigned char *room = peer->buffer + LWS_PRE + *bytes;

		if ((peer->framed && give->by_span ?
			     lws_copy_span(peer, room, limit - *bytes, &filled, err) :
			     give->fill(give, room, limit - *bytes, &filled, err)) != 0)
			return -1;
		*bytes += filled;
	}
	*dry = filled == 0;
	return 0;
}

static int lws_send(struct lws *wsi, const unsigned char *data, size_t bytes, int protocol,
		    struct err *err)
{
	/* A server's payload is not masked, so libwebsockets changes none of it. */
	if (lws_write(wsi, (unsigned char *)data, bytes, (enum lws_write_protocol)protocol) < 0)
		return err_set(err, ERR_CLOSED, "a client hung up in the middle of a reply");
	return 0;
}

/*
 * Sends the next piece of a reply that is one frame, since Python's clients join
 * fragments at quadratic cost. libwebsockets wants a frame in one write and copies
 * what the socket does not take of it, so we write the head ourselves. Head and
 * first block are copied together, so that a small message is one packet; the rest
 * of a span is sent from where it lies.
 */
static int lws_send_framed(struct lws_peer *peer, struct lws *wsi, struct err *err)
{
	const struct give *give = peer->give;
	const struct ws_frame frame = {give->text ? WS_TEXT : WS_BINARY, true, peer->left};
	const void *data = peer->buffer + LWS_PRE;
	uint8_t head[WS_HEAD_BYTES];
	size_t head_bytes = peer->begun ? 0 : ws_head_write(head, &frame);
	size_t bytes;
	bool dry;

	if ((give->by_span && peer->begun ?
		     lws_next_span(peer, MESSAGE_PIECE_BYTES, &data, &bytes, err) :
		     lws_gather(peer, give->by_span ? MESSAGE_BLOCK_BYTES : MESSAGE_PIECE_BYTES,
				&bytes, &dry, err)) != 0)
		return -1;
	if (bytes > peer->left || (bytes == 0 && peer->left))
		return err_set(err, ERR_WRONG, "a reply is not as long as its encoder said");
	if (head_bytes)
		data = memcpy((unsigned char *)data - head_bytes, head, head_bytes);
	peer->left -= bytes;
	peer->ended = peer->left == 0;
	return lws_send(wsi, data, head_bytes + bytes, LWS_WRITE_RAW, err);
}

/* Sends the next fragment of a reply whose length is not known yet. */
static int lws_send_fragment(struct lws_peer *peer, struct lws *wsi, struct err *err)
{
	int kind = peer->give->text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY;
	size_t bytes;

	if (lws_gather(peer, MESSAGE_PIECE_BYTES, &bytes, &peer->ended, err) != 0)
		return -1;
	return lws_send(wsi, peer->buffer + LWS_PRE, bytes,
			lws_write_ws_flags(kind, !peer->begun, peer->ended), err);
}

/* Acknowledges a request whose reply carries nothing. */
static int lws_send_empty(struct lws_peer *peer, struct lws *wsi, struct err *err)
{
	peer->ended = true;
	return lws_send(wsi, peer->buffer + LWS_PRE, 0, LWS_WRITE_TEXT, err);
}

/* Sends one piece when the socket takes more, so that libwebsockets never buffers two. */
static int lws_peer_write(struct lws_peer *peer, struct lws *wsi, void *in UNUSED,
			  size_t length UNUSED)
{
	struct err err = {0};

	if (!peer->replying)
		return 0;
	if (!peer->ended && (peer->framed ? lws_send_framed(peer, wsi, &err) :
			     peer->give ? lws_send_fragment(peer, wsi, &err) :
					  lws_send_empty(peer, wsi, &err)) != 0)
		return peer->framed ? lws_peer_cut(peer, wsi, &err) :
				      lws_peer_refuse(peer, wsi,
						      LWS_CLOSE_STATUS_UNEXPECTED_CONDITION, &err);
	peer->begun = true;
	if (peer->ended && !lws_partial_buffered(wsi))
		return lws_reply_end(peer, wsi);
	(void)lws_callback_on_writable(wsi);
	return 0;
}

/* Passes over a message that carries nothing: any is a request, whatever is in it. */
static int lws_request_skip(struct lws_peer *peer, struct lws *wsi, size_t length)
{
	struct err err = {0};

	peer->request_bytes += length;
	if (peer->request_bytes <= LWS_REQUEST_BYTES_MAX)
		return 0;
	(void)err_set(&err, ERR_PROTOCOL, "a client sent a request of more than %u bytes",
		      LWS_REQUEST_BYTES_MAX);
	return lws_peer_refuse(peer, wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, &err);
}

/* The first piece of a request that carries a message. There is room for one at a time. */
static int lws_request_begin(struct lws_peer *peer, struct lws *wsi, const void *in, size_t length,
			     struct err *err)
{
	if (peer->exchanging)
		return err_set(err, ERR_PROTOCOL,
			       "a client sent a request before the reply to its last");
	peer->exchanging = true;
	peer->take = peer->service->request(peer->slot, err);
	if (!peer->take)
		return -1;
	if (ws_check_kind("client", !lws_frame_is_binary(wsi), peer->take->text, err) != 0) {
		recognise_add_message(in, length, MESSAGE_LENGTH_UNKNOWN, err);
		return -1;
	}
	/* Only with the last byte libwebsockets tells whether frames follow. */
	return peer->take->begin(peer->take, MESSAGE_LENGTH_UNKNOWN, err);
}

static int lws_request_take(struct lws_peer *peer, struct lws *wsi, const void *in, size_t length)
{
	struct err err = {0};

	if ((!peer->receiving && lws_request_begin(peer, wsi, in, length, &err) != 0) ||
	    (length && peer->take->accept(peer->take, in, length, &err) != 0) ||
	    (lws_is_final_fragment(wsi) && peer->take->end(peer->take, &err) != 0))
		return lws_peer_refuse(peer, wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, &err);
	return 0;
}

static int lws_peer_receive(struct lws_peer *peer, struct lws *wsi, void *in, size_t length)
{
	struct err err = {0};

	if ((peer->service->takes ? lws_request_take(peer, wsi, in, length) :
				    lws_request_skip(peer, wsi, length)) != 0)
		return -1;
	peer->receiving = !lws_is_final_fragment(wsi);
	if (peer->receiving)
		return 0;
	peer->request_bytes = 0;
	if (++peer->requests > LWS_REQUESTS_WAITING_MAX) {
		(void)err_set(&err, ERR_PROTOCOL, "a client sent more than %d requests at once",
			      LWS_REQUESTS_WAITING_MAX);
		return lws_peer_refuse(peer, wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION, &err);
	}
	return peer->replying ? 0 : lws_reply_begin(peer, wsi);
}

/*
 * A request for no upgrade is answered and hung up on: over a body that came with it
 * libwebsockets would turn for ever.
 */
static int lws_peer_decline(struct lws_peer *peer UNUSED, struct lws *wsi, void *in UNUSED,
			    size_t length UNUSED)
{
	(void)lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, NULL);
	return -1;
}

static int lws_peer_destroy(struct lws_peer *peer, struct lws *wsi UNUSED, void *in UNUSED,
			    size_t length UNUSED)
{
	peer->gone = true;
	return 0;
}

static const struct {
	enum lws_callback_reasons reason;
	int (*handle)(struct lws_peer *peer, struct lws *wsi, void *in, size_t length);
} lws_peer_events[] = {
	{LWS_CALLBACK_HTTP, lws_peer_decline},
	{LWS_CALLBACK_HTTP_CONFIRM_UPGRADE, lws_peer_admit},
	{LWS_CALLBACK_RECEIVE, lws_peer_receive},
	{LWS_CALLBACK_SERVER_WRITEABLE, lws_peer_write},
	{LWS_CALLBACK_WSI_DESTROY, lws_peer_destroy},
};

static int lws_peer_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
			  size_t length)
{
	struct lws_peer *peer = lws_peer_of(wsi);

	for (size_t i = 0; i < sizeof(lws_peer_events) / sizeof(lws_peer_events[0]); i++) {
		if (lws_peer_events[i].reason != reason)
			continue;
		peer->wait = wait_begin(peer->slot ? peer->mode : WAIT_BLOCK);
		return lws_peer_events[i].handle(peer, wsi, in, length);
	}
	return lws_callback_http_dummy(wsi, reason, user, in, length);
}

static const struct lws_protocols lws_server_protocols[] = {
	{
		.name = "ipctop",
		.callback = lws_peer_event,
		.rx_buffer_size = MESSAGE_BLOCK_BYTES,
		.tx_packet_size = LWS_PRE + MESSAGE_PIECE_BYTES,
	},
	{.name = NULL},
};

static int lws_peer_no_room(struct lws_peer *peer)
{
	peer->status = err_set(peer->err, ERR_MEMORY, "libwebsockets has no room for a client");
	return -1;
}

/* Serves the client, whose handshake is in the buffer, until it is gone. */
static void lws_peer_adopt(struct lws_peer *peer, struct lws_context *context, int fd, size_t bytes)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0); /* libwebsockets closes what it adopts */

	if (own < 0) {
		(void)lws_peer_no_room(peer);
		return;
	}
	if (lws_adopt_socket_readbuf(context, own, (const char *)peer->buffer, bytes))
		while (!peer->gone && lws_turn(context, &peer->wait) >= 0)
			;
}

_Static_assert(MESSAGE_PIECE_BYTES >= WS_REQUEST_HEAD_BYTES, "the buffer has room for a handshake");

/* Gives the client to a context of its own. */
static int lws_peer_run(struct lws_peer *peer, int fd)
{
	struct lws_context *context;
	size_t bytes;

	if (ws_receive_handshake(fd, (char *)peer->buffer, &bytes) != 0)
		return 0;
	context = lws_context_open(lws_server_protocols, CONTEXT_PORT_NO_LISTEN_SERVER, peer);
	if (!context)
		return lws_peer_no_room(peer);
	lws_peer_adopt(peer, context, fd, bytes);
	lws_context_destroy(context);
	return peer->status;
}

static int lws_serve(struct io_peer client, struct service *service, struct err *err)
{
	struct lws_peer peer = {
		.service = service,
		.err = err,
		.wait = wait_begin(WAIT_BLOCK),
		.mode = client.wait,
		.buffer = malloc(LWS_PRE + MESSAGE_PIECE_BYTES),
	};
	int status = peer.buffer ? lws_peer_run(&peer, client.fd) :
				   err_set(err, ERR_MEMORY, "no memory for a client");

	if (status == 0 && peer.exchanging)
		status = err_set(err, ERR_CLOSED, "a client hung up in the middle of a %s",
				 peer.replying ? "reply" : "request");
	if (peer.exchanging)
		service->replied(peer.slot, false);
	if (peer.slot)
		service->leave(peer.slot);
	free(peer.buffer);
	return status;
}

int lws_server_open(void *state, const struct server_setup *setup,
		    char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	int listener = io_listen_tcp(setup, LWS_SCHEME, address, err);

	if (listener < 0)
		return -1;
	return stream_open(state, setup, listener, "", lws_serve, err);
}
