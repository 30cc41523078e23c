/* SPDX-License-Identifier: MIT */
/*
 * The challenge of Python's multiprocessing.connection: each end proves to the
 * other, by an HMAC over random bytes, that it has the same key. Python up to
 * 3.11 uses HMAC-MD5; from 3.12 on a challenge names its digest, "{sha256}".
 * Our challenges do too, which both understand, and we answer both kinds. All of
 * this blocks, whatever --wait says, since it comes before the first exchange.
 */
#ifndef TRANSPORTS_CARRIERS_MP_MP_AUTH_H
#define TRANSPORTS_CARRIERS_MP_MP_AUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/err.h"

#define MP_AUTH_MESSAGE_MAX 256 /* Python refuses longer ones */

/* One message of the dialogue, without its framing. */
struct mp_auth_message {
	size_t bytes;
	unsigned char data[MP_AUTH_MESSAGE_MAX];
};

/* Whether a message's header, its length as it comes, is text: of another protocol, then. */
bool mp_auth_is_text(uint32_t header);

/* Whether data begins as a challenge: what a server with a key says first. */
bool mp_auth_is_challenge(const void *data, size_t bytes);

/* Draws a challenge, "#CHALLENGE#{sha256}" and 40 random bytes. */
int mp_auth_challenge(struct mp_auth_message *challenge, struct err *err);

/* The answer to a challenge of either kind. */
int mp_auth_answer(const char *key, const struct mp_auth_message *challenge,
		   struct mp_auth_message *answer, struct err *err);

/* Whether this is the key's answer, of either kind. Takes the same time wherever it differs. */
bool mp_auth_verify(const char *key, const struct mp_auth_message *challenge,
		    const struct mp_auth_message *answer);

/*
 * The server's end on a fresh connection: challenges, finds out whose key it
 * is, welcomes and is challenged. key(context, index) is the index'th key, or
 * NULL past the last. Returns the key that fits, or NULL with err filled.
 */
const char *mp_auth_serve(int fd, const char *(*key)(void *context, size_t index), void *context,
			  struct err *err);

/* The client's end: is challenged, then challenges. */
int mp_auth_connect(int fd, const char *key, struct err *err);

/* Names the linked library, "OpenSSL 3.0.17": `libraries` of a struct carrier. */
void mp_auth_libraries(bool server, char *text, size_t size);

#endif
