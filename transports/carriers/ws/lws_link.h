/* SPDX-License-Identifier: MIT */
/* libwebsockets' contexts, and the client's connection and handshake, for ws and lws. */
#ifndef TRANSPORTS_CARRIERS_WS_LWS_LINK_H
#define TRANSPORTS_CARRIERS_WS_LWS_LINK_H

#include <libwebsockets.h>
#include <stdbool.h>

#include "transports/carrier.h"
#include "transports/wait.h"

#define LWS_SCHEME "ws" /* of both carriers' addresses */

/* Neither end offers any, and the client's libwebsockets refuses a server that names one. */
#define LWS_EXTENSIONS "none"

#define LWS_ANSWER_BYTES 2048 /* of the answer to a handshake: for what a refusal says */

/* Names the libraries of both carriers: `libraries` of their rows. */
void lws_libraries(bool server, char *text, size_t size);

/* A context for one connection; user is what lws_context_user() gives back. NULL on failure. */
struct lws_context *lws_context_open(const struct lws_protocols *protocols, int port, void *user);

/*
 * Services the context once. With a negative timeout lws_service looks and returns:
 * 4.1 polls for 0 ms. libwebsockets' header says so of lws_service_adjust_timeout
 * only, its author of lws_service too (issue 2128).
 */
static inline int lws_turn(struct lws_context *context, struct wait *wait)
{
	return lws_service(context, wait_spins(wait) ? -1 : 0);
}

/* A client's connection: the first member of the state behind its lws_context_user. */
struct lws_link {
	struct lws_context *context; /* owned; NULL when closed */
	struct lws *wsi;             /* the context's; dangles once gone */
	bool asked;                  /* the handshake was sent */
	bool looked;                 /* at how the answer begins */
	bool up;                     /* the handshake is done */
	bool gone;
	bool refused;                /* libwebsockets, not the server, has ended it */
	char answer[LWS_ANSWER_BYTES]; /* how the answer to the handshake begins */
	size_t answer_bytes;
	struct err err;              /* what happened to the connection, if anything did */
};

/*
 * Connects to address and shakes hands. The path is the address's own, or else
 * the ticket. The callback of protocols[0] passes what it does not handle on to
 * lws_link_event.
 */
int lws_link_open(struct lws_link *link, const struct lws_protocols *protocols, const char *address,
		  const struct client_setup *setup, struct err *err);
int lws_link_event(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
		   size_t length);
/* Fills err with what happened to the connection. Returns -1. */
int lws_link_fail(const struct lws_link *link, struct err *err);
/* Takes the descriptor out, blocking from now on, and closes the link. Returns it, or -1. */
int lws_link_detach(struct lws_link *link, struct err *err);
/* Accepts a zeroed struct. */
void lws_link_close(struct lws_link *link);

#endif
