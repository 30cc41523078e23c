/* SPDX-License-Identifier: MIT */
/* A message as libmicrohttpd's response: spans in place, or filled as it is sent. */
#ifndef TRANSPORTS_CARRIERS_HTTP_HTTP_REPLY_H
#define TRANSPORTS_CARRIERS_HTTP_HTTP_REPLY_H

#include "transports/carrier.h"

struct MHD_Response;

struct http_reply {
	struct service *service; /* is told what goes wrong after the headers have gone */
	struct give *give;       /* the message under way, or NULL */
	size_t rest_start;       /* filled, but not yet handed to libmicrohttpd */
	size_t rest_end;
	char rest[MESSAGE_BLOCK_BYTES];
};

/*
 * Returns the response that carries reply->give, owned by the caller, or NULL with
 * err filled. The give and its spans must last until the response is gone.
 */
struct MHD_Response *http_reply_respond(struct http_reply *reply, struct err *err);

#endif
