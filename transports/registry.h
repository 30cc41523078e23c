/* SPDX-License-Identifier: MIT */
/* The carriers, the encodings, and the transports that they form. */
#ifndef TRANSPORTS_REGISTRY_H
#define TRANSPORTS_REGISTRY_H

#include "transports/carrier.h"
#include "transports/encoding.h"

/* NULL-terminated, in the order of the .def files. */
extern const struct encoding *const encoding_table[];
extern const struct carrier *const carrier_table[];

#define TRANSPORT_NAME_BYTES 32

/* A carrier and an encoding, written "http+json". */
struct transport {
	const struct carrier *carrier;
	const struct encoding *encoding;
};

/*
 * How many transports can be added to those of the tables. The build of tests/known needs the
 * room: it adds every carrier with a faulty twin of every encoding, and once more as
 * "mixed-NAME"; the pairs that come with ipctop are added as well.
 */
#define REGISTRY_ADDED_MAX 128

/*
 * Adds a transport that is not of the tables, such as one of foreign programs. It
 * is found, listed and named like any other. The rows are borrowed until the process
 * ends. Fails with ERR_USAGE if there is one of that name, and with ERR_RANGE if
 * there is no room. Not for two threads at once.
 */
int registry_add(const struct carrier *carrier, const struct encoding *encoding, struct err *err);

/* The encoding of that name in the table, or NULL. */
const struct encoding *encoding_find(const char *name);

/* The index'th transport (carriers outermost, added ones last), or false past the last. */
bool transport_at(size_t index, struct transport *transport);

/*
 * Finds "http+json". Fails with ERR_USAGE, naming the transport that is a few
 * slips away, if there is one.
 */
int transport_parse(const char *name, struct transport *transport, struct err *err);

/* Writes "http+json". Returns text. */
char *transport_format(const struct transport *transport, char text[TRANSPORT_NAME_BYTES]);

#define TRANSPORT_LIBRARIES_BYTES 160

/*
 * The libraries of both halves with their versions, "; " between them; "" if none.
 * server: our own takes part. Returns text.
 */
char *transport_libraries(const struct transport *transport, bool server,
			  char text[TRANSPORT_LIBRARIES_BYTES]);

#endif
