/* SPDX-License-Identifier: MIT */
/*
 * mp: Python's multiprocessing.connection over TCP. A message is its length,
 * 32 bits big-endian, and its bytes; from 2 GiB on, 32 ones and a length of 64
 * bits. A ticket is the authkey: the challenge tells whose it is.
 */
#include <endian.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "transports/carrier.h"
#include "transports/carriers/mp/mp_auth.h"
#include "transports/net/io.h"
#include "transports/net/stream.h"

#define HEADER_BYTES 4
#define HEADER_BYTES_MAX 12
#define SHORT_LENGTH_MAX INT32_MAX
#define REQUEST_BYTES_MAX (64u << 10)
#define VECTORS_MAX 8

/* A request or reply without a message: what conn.send("") sends, framed. */
static const unsigned char mp_empty[] = "\0\0\0\x0f\x80\x04\x95\x04\0\0\0\0\0\0\0\x8c\0\x94.";

struct mp_client {
	struct io_peer peer; /* owned while open */
	bool open;
	bool challenged; /* the server has challenged us, or has shown that it will not */
};

/* Bytes that were received but not yet consumed. Most messages come whole. */
struct mp_inbox {
	struct io_peer peer;
	size_t start;
	size_t end;
	unsigned char data[512];
};

/* Receives until at least `bytes` are there (no more than the inbox holds). */
static int inbox_need(struct mp_inbox *inbox, size_t bytes, struct err *err)
{
	size_t held = inbox->end - inbox->start;

	if (held >= bytes)
		return 0;
	memmove(inbox->data, inbox->data + inbox->start, held);
	inbox->start = 0;
	inbox->end = held;
	while (inbox->end < bytes) {
		struct iovec room = {inbox->data + inbox->end, sizeof(inbox->data) - inbox->end};
		ssize_t got = io_receive_some(inbox->peer, &room, 1, err);

		if (got < 0)
			return -1;
		inbox->end += (size_t)got;
	}
	return 0;
}

/* Reads the next message's length. Sets *header to the size of its framing. */
static int inbox_length(struct mp_inbox *inbox, uint64_t *length, size_t *header, struct err *err)
{
	uint32_t narrow;

	if (inbox_need(inbox, HEADER_BYTES, err) != 0)
		return -1;
	memcpy(&narrow, inbox->data + inbox->start, sizeof(narrow));
	narrow = be32toh(narrow);
	*length = narrow;
	*header = HEADER_BYTES;
	if (narrow == UINT32_MAX) {
		*header = HEADER_BYTES_MAX;
		if (inbox_need(inbox, HEADER_BYTES_MAX, err) != 0)
			return -1;
		memcpy(length, inbox->data + inbox->start + HEADER_BYTES, sizeof(*length));
		*length = be64toh(*length);
	}
	if ((narrow > SHORT_LENGTH_MAX && narrow != UINT32_MAX) || *length > INT64_MAX)
		return err_set(err, ERR_PROTOCOL,
			       "the other end sent a message of negative length");
	inbox->start += *header;
	return 0;
}

/* Passes over a request without a message: any is one, whatever it says. */
static int mp_skip_request(struct mp_inbox *inbox, uint64_t length, struct err *err)
{
	if (length > REQUEST_BYTES_MAX)
		return err_set(err, ERR_PROTOCOL, "a request of %" PRIu64 " bytes", length);
	while (length) {
		size_t bytes;

		if (inbox_need(inbox, 1, NULL) != 0)
			return err_set(err, ERR_PROTOCOL, "the client hung up within a request");
		bytes = inbox->end - inbox->start;
		if (bytes > length)
			bytes = (size_t)length;
		inbox->start += bytes;
		length -= bytes;
	}
	return 0;
}

/* Writes the length's framing. Returns its size. */
static size_t mp_write_header(unsigned char header[HEADER_BYTES_MAX], uint64_t length)
{
	uint32_t narrow = length <= SHORT_LENGTH_MAX ? htobe32((uint32_t)length) : UINT32_MAX;
	uint64_t wide = htobe64(length);

	memcpy(header, &narrow, sizeof(narrow));
	memcpy(header + HEADER_BYTES, &wide, sizeof(wide));
	return length <= SHORT_LENGTH_MAX ? HEADER_BYTES : HEADER_BYTES_MAX;
}

static int mp_wrong_length(uint64_t length, struct err *err)
{
	return err_set(err, ERR_PROTOCOL, "the message is not of the %" PRIu64 " bytes announced",
		       length);
}

/* Sends the header and all spans, which are lasting, in as few calls as it can. */
static int mp_send_spans(struct io_peer peer, struct give *give, struct iovec header,
			 struct err *err)
{
	struct iovec vectors[VECTORS_MAX] = {header};
	uint64_t left = give->length_bytes;
	int count = 1;
	struct span span;

	do {
		if (give->span(give, &span, err) != 0)
			return -1;
		if (span.bytes > left)
			return mp_wrong_length(give->length_bytes, err);
		left -= span.bytes;
		if (span.bytes)
			vectors[count++] = (struct iovec){(void *)(uintptr_t)span.data, span.bytes};
		if (count == VECTORS_MAX || !span.bytes) {
			if (io_send(peer, vectors, count, err) != 0)
				return -1;
			count = 0;
		}
	} while (span.bytes);
	return left ? mp_wrong_length(give->length_bytes, err) : 0;
}

static int mp_send_filled(struct io_peer peer, struct give *give, struct iovec header,
			  struct err *err)
{
	char block[MESSAGE_BLOCK_BYTES];
	uint64_t left = give->length_bytes;
	size_t filled;

	do {
		struct iovec vectors[] = {header, {block, 0}};

		if (give->fill(give, block, sizeof(block), &filled, err) != 0)
			return -1;
		if (filled > left)
			return mp_wrong_length(give->length_bytes, err);
		left -= filled;
		vectors[1].iov_len = filled;
		if (io_send(peer, vectors, 2, err) != 0)
			return -1;
		header.iov_len = 0;
	} while (filled);
	return left ? mp_wrong_length(give->length_bytes, err) : 0;
}

/* Sends a whole message; NULL: an empty one. */
static int mp_send(struct io_peer peer, struct give *give, uint64_t *wire_bytes, struct err *err)
{
	unsigned char header[HEADER_BYTES_MAX];
	struct iovec vector = {(void *)(uintptr_t)mp_empty, sizeof(mp_empty) - 1};

	if (!give) {
		*wire_bytes = vector.iov_len;
		return io_send(peer, &vector, 1, err);
	}
	if (give->measure(give, err) != 0)
		return -1;
	vector.iov_base = header;
	vector.iov_len = mp_write_header(header, give->length_bytes);
	*wire_bytes = vector.iov_len + give->length_bytes;
	return give->by_span ? mp_send_spans(peer, give, vector, err) :
			       mp_send_filled(peer, give, vector, err);
}

/* The message's first bytes came with its length; the others are received in their place. */
static int mp_receive(struct mp_inbox *inbox, struct take *take, uint64_t length, struct err *err)
{
	size_t held = inbox->end - inbox->start;

	if (held > length)
		held = (size_t)length;
	if (take->begin(take, length, err) != 0)
		return -1;
	if (held && take->accept(take, inbox->data + inbox->start, held, err) != 0)
		return -1;
	inbox->start += held;
	if (io_take(inbox->peer, take, length - held, err) != 0)
		return -1;
	return take->end(take, err);
}

static int mp_take_request(struct mp_inbox *inbox, struct service *service, void *slot,
			   uint64_t length, struct err *err)
{
	struct take *take = service->request(slot, err);

	return take ? mp_receive(inbox, take, length, err) : -1;
}

static int mp_reply(struct io_peer peer, struct service *service, void *slot, struct err *err)
{
	struct give *give = NULL;
	uint64_t wire_bytes;

	return service->reply(slot, &give, err) == 0 ? mp_send(peer, give, &wire_bytes, err) : -1;
}

/* Answers requests until the client hangs up between two of them. */
static int mp_answer(struct io_peer peer, struct service *service, void *slot, struct err *err)
{
	struct mp_inbox inbox = {.peer = peer};
	uint64_t length;
	size_t header;
	int status = 0;

	while (status == 0 && inbox_length(&inbox, &length, &header, err) == 0) {
		if (!service->takes && mp_skip_request(&inbox, length, err) != 0)
			return -1;
		if (service->takes)
			status = mp_take_request(&inbox, service, slot, length, err);
		if (status == 0)
			status = mp_reply(peer, service, slot, err);
		service->replied(slot, status == 0);
	}
	if (status != 0 || err->kind != ERR_CLOSED || inbox.end != inbox.start)
		return -1;
	err_clear(err); /* hanging up between requests is how a client leaves */
	return 0;
}

static const char *mp_ticket(void *context, size_t index)
{
	struct service *service = context;

	return service->ticket(service, index);
}

static int mp_serve(struct io_peer peer, struct service *service, struct err *err)
{
	const char *ticket = "";
	void *slot;
	int status;

	if (mp_ticket(service, 0)) {
		ticket = mp_auth_serve(peer.fd, mp_ticket, service, err);
		if (!ticket)
			return -1;
	}
	slot = service->admit(service, ticket, peer.fd, err);
	if (!slot)
		return -1;
	status = mp_answer(peer, service, slot, err);
	service->leave(slot);
	return status;
}

static int mp_server_open(void *state, const struct server_setup *setup,
			  char address[CARRIER_ADDRESS_BYTES], struct err *err)
{
	int listener = io_listen_tcp(setup, "mp", address, err);

	if (listener < 0)
		return -1;
	return stream_open(state, setup, listener, "", mp_serve, err);
}

static int mp_client_open(void *state, const struct client_setup *setup, const char *address,
			  struct err *err)
{
	struct mp_client *client = state;

	client->peer = (struct io_peer){io_connect_tcp(address, err), setup->wait};
	client->open = client->peer.fd >= 0;
	client->challenged = setup->ticket[0] != '\0';
	if (!client->open)
		return -1;
	return client->challenged ? mp_auth_connect(client->peer.fd, setup->ticket, err) : 0;
}

/* A server with a key does not wait for a request: its challenge comes in the reply's place. */
static int mp_check_challenge(struct mp_client *client, struct mp_inbox *inbox, uint64_t length,
			      struct err *err)
{
	if (client->challenged || length > MP_AUTH_MESSAGE_MAX)
		return 0;
	if (inbox_need(inbox, (size_t)length, err) != 0)
		return -1;
	if (mp_auth_is_challenge(inbox->data + inbox->start, (size_t)length))
		return err_set(err, ERR_PROTOCOL,
			       "the server asks for an authkey: set IPCTOP_AUTHKEY");
	return 0;
}

/* The empty string that stands for a reply without a message. */
static int mp_receive_empty(struct mp_inbox *inbox, uint64_t length, struct err *err)
{
	const uint64_t expected = sizeof(mp_empty) - 1 - HEADER_BYTES;

	if (length != expected)
		return err_set(err, ERR_PROTOCOL,
			       "the server sent %" PRIu64 " bytes in place of an acknowledgement, "
			       "a pickled empty string", length);
	if (inbox_need(inbox, (size_t)length, err) != 0)
		return -1;
	if (memcmp(inbox->data + inbox->start, mp_empty + HEADER_BYTES, (size_t)length) != 0)
		return err_set(err, ERR_PROTOCOL,
			       "the server's acknowledgement is no pickled empty string");
	inbox->start += (size_t)length;
	return 0;
}

/* Of a message that was refused, the length may be no length. Returns -1. */
static int mp_add_length(uint64_t length, struct err *err)
{
	const uint32_t header = htobe32((uint32_t)length);

	if (length > SHORT_LENGTH_MAX || !mp_auth_is_text(header))
		return -1;
	return err_add(err, "; its length was read from the text \"%.4s\"", (const char *)&header);
}

static int mp_client_exchange(void *state, struct give *give, struct take *take,
			      struct wire_bytes *wire, struct err *err)
{
	struct mp_client *client = state;
	struct mp_inbox inbox = {.peer = client->peer};
	uint64_t length;
	size_t header;

	if (mp_send(client->peer, give, &wire->request, err) != 0 ||
	    inbox_length(&inbox, &length, &header, err) != 0 ||
	    mp_check_challenge(client, &inbox, length, err) != 0)
		return -1;
	client->challenged = true;
	wire->reply = header + length;
	if (inbox.end - inbox.start > length)
		return err_set(err, ERR_PROTOCOL, "the server sent more than one reply");
	if ((take ? mp_receive(&inbox, take, length, err) :
		    mp_receive_empty(&inbox, length, err)) == 0)
		return 0;
	return mp_add_length(length, err);
}

static int mp_client_descriptor(const void *state)
{
	const struct mp_client *client = state;

	return client->open ? client->peer.fd : -1;
}

static void mp_client_close(void *state)
{
	struct mp_client *client = state;

	if (client->open)
		io_close(&client->peer.fd);
	client->open = false;
}

const struct carrier carrier_mp = {
	.name = "mp",
	.title = "Python's multiprocessing over TCP",
	.scheme = "mp",
	.flags = CARRIER_KEYED,
	.waits = WAIT_ALL,
	.exchange_ns = 30000,
	.ns_per_byte = 0.22,
	.server_size = sizeof(struct stream_server),
	.client_size = sizeof(struct mp_client),
	.libraries = mp_auth_libraries,
	.server_open = mp_server_open,
	.server_run = stream_run,
	.server_stop = stream_stop,
	.server_close = stream_close,
	.client_open = mp_client_open,
	.client_exchange = mp_client_exchange,
	.client_descriptor = mp_client_descriptor,
	.client_close = mp_client_close,
};
