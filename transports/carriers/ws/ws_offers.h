/* SPDX-License-Identifier: MIT */
/*
 * What a WebSocket client offers in its handshake: subprotocols and extensions. Our server
 * knows none, so it selects none (RFC 6455, 4.2.2), which libwebsockets does not do: it hangs up
 * on a client whose subprotocols it does not know. So it is not shown them. Pure.
 */
#ifndef TRANSPORTS_CARRIERS_WS_WS_OFFERS_H
#define TRANSPORTS_CARRIERS_WS_WS_OFFERS_H

#include <stdbool.h>
#include <stddef.h>

/* A request line and headers are at most that long; libwebsockets takes no more of them. */
#define WS_REQUEST_HEAD_BYTES 8192

/* Whether the bytes begin a GET, as a handshake does, as far as they go. */
bool ws_head_may_get(const char *head, size_t bytes);

/* Where headers end, of an answer too, behind an empty line; 0 if that is not among the bytes. */
size_t ws_head_end(const char *head, size_t bytes);

/* Removes the headers with offers, and what continues them. Returns how many bytes are left. */
size_t ws_remove_offers(char *head, size_t bytes);

#endif
