/* SPDX-License-Identifier: MIT */
/* A WebSocket client's handshake as it comes, for a server that hands it on without its offers. */
#ifndef TRANSPORTS_CARRIERS_WS_WS_HANDSHAKE_H
#define TRANSPORTS_CARRIERS_WS_WS_HANDSHAKE_H

#include <stddef.h>

#include "transports/carriers/ws/ws_offers.h"

/*
 * Receives the client's handshake into head, takes its offers out, and sets *bytes; sleeps until
 * it is whole. What comes behind it, or asks for something else, is left in the socket:
 * libwebsockets turns for ever over bytes that it was handed and does not take, such as a body.
 * There is room for WS_REQUEST_HEAD_BYTES; of a longer one so much is received, offers included.
 * Returns -1 if the client hangs up before.
 */
int ws_receive_handshake(int fd, char *head, size_t *bytes);

#endif
