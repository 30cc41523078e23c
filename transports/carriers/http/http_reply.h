/* SPDX-License-Identifier: MIT */
/* A message as libmicrohttpd's response: spans that lie there, or filled as it is sent. */
#ifndef TRANSPORTS_CARRIERS_HTTP_HTTP_REPLY_H
#define TRANSPORTS_CARRIERS_HTTP_HTTP_REPLY_H

#include "transports/carrier.h"

struct MHD_Response;

struct http_reply {
	struct service *service; /* hears of what goes wrong after the headers have gone */
	struct give *give;       /* the message under way, or NULL */
	size_t rest_start;       /* filled, and not handed to libmicrohttpd yet */
	size_t rest_end;
	char rest[MESSAGE_BLOCK_BYTES];
};

/*
 * The response that carries reply->give, which with its spans must last until
 * the response is gone. Owned by the caller. NULL with err filled.
 */
struct MHD_Response *http_reply_respond(struct http_reply *reply, struct err *err);

#endif
