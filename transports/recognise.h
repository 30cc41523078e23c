/* SPDX-License-Identifier: MIT */
/*
 * What a message looks like that is not what was wanted: bytes in, words out. One list for
 * every encoding and carrier, so that each names the same things alike. Pure.
 */
#ifndef TRANSPORTS_RECOGNISE_H
#define TRANSPORTS_RECOGNISE_H

#include "transports/err.h"
#include "transports/seen.h"

/*
 * Adds to err, which says why the message is refused: what it looks like, what would help, and
 * how it begins unless err says that already. Adds nothing to what looks as it should. Returns
 * whether it knows it for something.
 */
bool recognise_add(const struct seen *seen, struct err *err);

/*
 * The same for a carrier, which knows no encoding, of a message that it refuses itself.
 * length_bytes may be MESSAGE_LENGTH_UNKNOWN.
 */
void recognise_add_message(const void *data, size_t bytes, uint64_t length_bytes, struct err *err);

/* Names a byte that may not stand where it does: "a line break". "" if there is nothing to say. */
const char *recognise_byte(unsigned char byte);

#endif
