/* SPDX-License-Identifier: MIT */
/* A message as libmicrohttpd's response: spans in place, or filled as it is sent. */
#include "transports/carriers/http/http_reply.h"

#include <string.h>

#include <microhttpd.h>

#include "transports/unused.h"

#define HTTP_SPANS_MAX 8

/* A give's fill wants this much room; libmicrohttpd offers less where a known length ends. */
#define HTTP_FILL_BYTES 1024

/*
 * libmicrohttpd sends a block in one call. This one is just under two of
 * loopback's segments of 65483 bytes; 64 KiB, which is one segment and a runt,
 * takes 1.3 times as long.
 */
#define HTTP_BLOCK_BYTES ((128u << 10) - 512)

/* Fills the rest from its start until the message ends (*ended) or no room is left. */
static int http_reply_prepare(struct http_reply *reply, size_t capacity, bool *ended,
			      struct err *err)
{
	struct give *give = reply->give;
	size_t filled = 1;

	reply->rest_start = 0;
	reply->rest_end = 0;
	while (filled && capacity - reply->rest_end >= HTTP_FILL_BYTES) {
		if (give->fill(give, reply->rest + reply->rest_end, capacity - reply->rest_end,
			       &filled, err) != 0)
			return -1;
		reply->rest_end += filled;
	}
	*ended = filled == 0;
	return 0;
}

static size_t http_reply_hand_out(struct http_reply *reply, char *buffer, size_t capacity)
{
	size_t bytes = reply->rest_end - reply->rest_start;

	if (bytes > capacity)
		bytes = capacity;
	memcpy(buffer, reply->rest + reply->rest_start, bytes);
	reply->rest_start += bytes;
	return bytes;
}

static int http_reply_fill(struct http_reply *reply, char *buffer, size_t capacity,
			   size_t *filled, struct err *err)
{
	bool ended;

	if (reply->rest_start == reply->rest_end) {
		if (capacity >= HTTP_FILL_BYTES)
			return reply->give->fill(reply->give, buffer, capacity, filled, err);
		if (http_reply_prepare(reply, HTTP_FILL_BYTES, &ended, err) != 0)
			return -1;
	}
	*filled = http_reply_hand_out(reply, buffer, capacity);
	return 0;
}

/* libmicrohttpd wants the next bytes of a body. */
static ssize_t http_reply_read(void *arg, uint64_t position UNUSED, char *buffer, size_t capacity)
{
	struct http_reply *reply = arg;
	struct err err = {0};
	size_t filled = 0;

	if (http_reply_fill(reply, buffer, capacity, &filled, &err) != 0) {
		reply->service->complain(reply->service, err.message);
		return MHD_CONTENT_READER_END_WITH_ERROR;
	}
	return filled ? (ssize_t)filled : MHD_CONTENT_READER_END_OF_STREAM;
}

static struct MHD_Response *http_reply_of_buffer(const void *data, size_t bytes)
{
	return MHD_create_response_from_buffer(bytes, (void *)(uintptr_t)data,
					       MHD_RESPMEM_PERSISTENT);
}

/*
 * Fills the first block. A message that fits in it goes out as a buffer, in one
 * call with the headers, even if its encoding does not know its length; a callback
 * takes two or three calls.
 */
static struct MHD_Response *http_reply_of_fill(struct http_reply *reply, struct err *err)
{
	uint64_t bytes = reply->give->length_bytes;
	bool ended;

	if (http_reply_prepare(reply, sizeof(reply->rest), &ended, err) != 0)
		return NULL;
	if (ended)
		return http_reply_of_buffer(reply->rest, reply->rest_end);
	if (bytes == MESSAGE_LENGTH_UNKNOWN)
		bytes = MHD_SIZE_UNKNOWN;
	return MHD_create_response_from_callback(bytes, HTTP_BLOCK_BYTES, http_reply_read, reply,
						 NULL);
}

static struct MHD_Response *http_reply_of_spans(struct give *give, struct err *err)
{
	struct MHD_IoVec vectors[HTTP_SPANS_MAX + 1];
	unsigned count = 0;
	struct span span;

	do {
		if (give->span(give, &span, err) != 0)
			return NULL;
		vectors[count++] = (struct MHD_IoVec){span.data, span.bytes};
	} while (span.bytes && count <= HTTP_SPANS_MAX);
	if (span.bytes) {
		(void)err_set(err, ERR_UNSUPPORTED, "a message of more than %d spans",
			      HTTP_SPANS_MAX);
		return NULL;
	}
	/* A single span goes out as a buffer, in one call with the headers. */
	if (count <= 2)
		return http_reply_of_buffer(vectors[0].iov_base, vectors[0].iov_len);
	return MHD_create_response_from_iovec(vectors, count - 1, NULL, NULL);
}

struct MHD_Response *http_reply_respond(struct http_reply *reply, struct err *err)
{
	struct give *give = reply->give;
	struct MHD_Response *response;

	response = give->by_span ? http_reply_of_spans(give, err) : http_reply_of_fill(reply, err);
	if (!response) {
		(void)err_set(err, ERR_MEMORY, "no memory for a reply");
		return NULL;
	}
	(void)MHD_add_response_header(response, "Content-Type", give->media_type);
	/* A server open to everybody lets web pages from elsewhere read its replies, too. */
	if (reply->service->admit_any)
		(void)MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
	return response;
}
