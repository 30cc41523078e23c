/* SPDX-License-Identifier: MIT */
/* Messages in chunks over a stream socket. */
#include "transports/net/chunks.h"

#include <endian.h>
#include <inttypes.h>
#include <string.h>

#define CHUNK_BYTES_MAX (1u << 30)

/*
 * Sends spans as chunks. The end mark travels with the last chunk, in one
 * system call, which is why a span is fetched before the one ahead of it goes.
 */
static int chunks_send_spans(struct io_peer peer, struct give *give, uint64_t *wire_bytes,
			     struct err *err)
{
	struct span span;
	struct span next = {0};
	uint32_t end = 0;

	if (give->span(give, &span, err) != 0)
		return -1;
	*wire_bytes = sizeof(end);
	while (span.bytes) {
		uint32_t bytes = span.bytes < CHUNK_BYTES_MAX ? (uint32_t)span.bytes :
								CHUNK_BYTES_MAX;
		uint32_t header = htole32(bytes);
		struct iovec vectors[] = {
			{&header, sizeof(header)},
			{(void *)(uintptr_t)span.data, bytes},
			{&end, sizeof(end)},
		};

		*wire_bytes += sizeof(header) + bytes;
		span.data = (const char *)span.data + bytes;
		span.bytes -= bytes;
		if (span.bytes == 0) {
			if (give->span(give, &next, err) != 0)
				return -1;
			span = next;
		}
		if (io_send(peer, vectors, span.bytes ? 2 : 3, err) != 0)
			return -1;
		if (span.bytes == 0)
			return 0;
	}
	return io_send(peer, &(struct iovec){&end, sizeof(end)}, 1, err);
}

static int chunks_send_filled(struct io_peer peer, struct give *give, uint64_t *wire_bytes,
			      struct err *err)
{
	char block[MESSAGE_BLOCK_BYTES];
	size_t filled;

	*wire_bytes = 0;
	do {
		uint32_t header;
		struct iovec vectors[] = {{&header, sizeof(header)}, {block, 0}};

		if (give->fill(give, block, sizeof(block), &filled, err) != 0)
			return -1;
		header = htole32((uint32_t)filled);
		vectors[1].iov_len = filled;
		*wire_bytes += sizeof(header) + filled;
		if (io_send(peer, vectors, 2, err) != 0)
			return -1;
	} while (filled);
	return 0;
}

/* Sends a whole message; NULL: an empty one. */
static int chunks_send(struct io_peer peer, struct give *give, uint64_t *wire_bytes,
		       struct err *err)
{
	uint32_t end = 0;

	if (give)
		return give->by_span ? chunks_send_spans(peer, give, wire_bytes, err) :
				       chunks_send_filled(peer, give, wire_bytes, err);
	*wire_bytes = sizeof(end);
	return io_send(peer, &(struct iovec){&end, sizeof(end)}, 1, err);
}

/*
 * Receives one chunk of *header bytes and the header after it, together once the
 * chunk's end is in sight: a small message costs two calls.
 */
static int chunks_receive_one(struct io_peer peer, struct take *take, uint32_t *header,
			      struct err *err)
{
	uint64_t left = le32toh(*header);
	size_t ahead = 0; /* bytes of the next header that came along */

	while (left) {
		struct space space;
		struct iovec vectors[2];
		size_t want;
		ssize_t got;

		if (take->place(take, &space, err) != 0)
			return -1;
		if (space.bytes == 0)
			return err_set(err, ERR_WRONG,
				       "the %s is longer than the array: %" PRIu64 " more bytes",
				       take->what, left);
		want = space.bytes < left ? space.bytes : left;
		if (want > MESSAGE_PIECE_BYTES)
			want = MESSAGE_PIECE_BYTES;
		vectors[0] = (struct iovec){space.data, want};
		vectors[1] = (struct iovec){header, sizeof(*header)};
		got = io_receive_some(peer, vectors, want == left ? 2 : 1, err);
		if (got < 0)
			return -1;
		if ((size_t)got > want) {
			ahead = (size_t)got - want;
			got = (ssize_t)want;
		}
		if (take->arrived(take, (size_t)got, err) != 0)
			return -1;
		left -= (uint64_t)got;
	}
	return io_receive(peer, (char *)header + ahead, sizeof(*header) - ahead, err);
}

/* Receives the message whose first header has come. Adds to *wire_bytes. */
static int chunks_receive(struct io_peer peer, struct take *take, uint32_t header,
			  uint64_t *wire_bytes, struct err *err)
{
	*wire_bytes = sizeof(header);
	while (header) {
		*wire_bytes += le32toh(header) + sizeof(header);
		if (chunks_receive_one(peer, take, &header, err) != 0)
			return -1;
	}
	return take->end(take, err);
}

static int chunks_take_request(struct io_peer peer, struct service *service, void *slot,
			       uint32_t header, struct err *err)
{
	struct take *take;
	uint64_t wire_bytes;

	if (!service->takes)
		return 0;
	take = service->request(slot, err);
	if (!take || take->begin(take, MESSAGE_LENGTH_UNKNOWN, err) != 0)
		return -1;
	return chunks_receive(peer, take, header, &wire_bytes, err);
}

static int chunks_reply(struct io_peer peer, struct service *service, void *slot, struct err *err)
{
	struct give *give = NULL;
	uint64_t wire_bytes;

	if (service->reply(slot, &give, err) != 0)
		return -1;
	return chunks_send(peer, give, &wire_bytes, err);
}

/* Answers requests until the client hangs up between two of them. */
static int chunks_answer(struct io_peer peer, struct service *service, void *slot, struct err *err)
{
	uint32_t header;
	int status = 0;

	while (status == 0 && io_receive(peer, &header, sizeof(header), err) == 0) {
		if (header && !service->takes)
			return err_set(err, ERR_PROTOCOL, "a request of %u bytes", le32toh(header));
		status = chunks_take_request(peer, service, slot, header, err);
		if (status == 0)
			status = chunks_reply(peer, service, slot, err);
		service->replied(slot, status == 0);
	}
	if (status != 0 || err->kind != ERR_CLOSED)
		return -1;
	err_clear(err); /* hanging up between requests is how a client leaves */
	return 0;
}

/* Sleeps meanwhile, whatever the wait: a stranger may never say anything. */
static int chunks_receive_ticket(int fd, char ticket[CARRIER_TICKET_BYTES], struct err *err)
{
	const struct io_peer peer = {.fd = fd, .wait = WAIT_BLOCK};
	uint32_t bytes;

	if (io_receive(peer, &bytes, sizeof(bytes), err) != 0)
		return -1;
	bytes = le32toh(bytes);
	if (bytes >= CARRIER_TICKET_BYTES)
		return err_set(err, ERR_PROTOCOL, "a ticket of %u bytes", bytes);
	memset(ticket, 0, CARRIER_TICKET_BYTES);
	return io_receive(peer, ticket, bytes, err);
}

int chunks_serve(struct io_peer peer, struct service *service, struct err *err)
{
	char ticket[CARRIER_TICKET_BYTES];
	uint32_t accepted = 0;
	void *slot;
	int status;

	if (chunks_receive_ticket(peer.fd, ticket, err) != 0)
		return -1;
	slot = service->admit(service, ticket, peer.fd, err);
	if (!slot)
		return -1;
	status = io_send(peer, &(struct iovec){&accepted, sizeof(accepted)}, 1, err);
	if (status == 0)
		status = chunks_answer(peer, service, slot, err);
	service->leave(slot);
	return status;
}

static int chunks_present(struct io_peer peer, const char *ticket, struct err *err)
{
	uint32_t bytes = htole32((uint32_t)strlen(ticket));
	struct iovec vectors[] = {
		{&bytes, sizeof(bytes)},
		{(void *)(uintptr_t)ticket, strlen(ticket)},
	};
	uint32_t accepted;

	if (io_send(peer, vectors, 2, err) != 0)
		return -1;
	if (io_receive(peer, &accepted, sizeof(accepted), err) != 0)
		return err_wrap(err, "the server refused our ticket");
	if (accepted == 0)
		return 0;
	(void)err_set(err, ERR_PROTOCOL, "the server answered our ticket with a chunk");
	return io_add_beginning(peer.fd, &accepted, sizeof(accepted), err);
}

int chunks_client_open(struct chunks_client *client, int fd, const struct client_setup *setup,
		       struct err *err)
{
	*client = (struct chunks_client){.peer = {fd, setup->wait}, .open = fd >= 0};
	return client->open ? chunks_present(client->peer, setup->ticket, err) : -1;
}

void chunks_client_close(void *state)
{
	struct chunks_client *client = state;

	if (client->open)
		io_close(&client->peer.fd);
	client->open = false;
}

int chunks_client_descriptor(const void *state)
{
	const struct chunks_client *client = state;

	return client->open ? client->peer.fd : -1;
}

int chunks_client_exchange(void *state, struct give *give, struct take *take,
			   struct wire_bytes *wire, struct err *err)
{
	struct io_peer peer = ((struct chunks_client *)state)->peer;
	uint32_t header;

	if (chunks_send(peer, give, &wire->request, err) != 0)
		return -1;
	if (take && take->begin(take, MESSAGE_LENGTH_UNKNOWN, err) != 0)
		return -1;
	if (io_receive(peer, &header, sizeof(header), err) != 0)
		return -1;
	if (take)
		return chunks_receive(peer, take, header, &wire->reply, err);
	wire->reply = sizeof(header);
	return header ?
		       err_set(err, ERR_PROTOCOL,
			       "the server sent a chunk of %u bytes in place of an acknowledgement",
			       le32toh(header)) :
		       0;
}
