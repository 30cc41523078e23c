/* SPDX-License-Identifier: MIT */
/*
 * What a foreign program says, line by line: ipctop-pair(7). Pure; fuzzed.
 * What ipctop says to it is built in bench/worker/worker_foreign.c.
 *
 *   ready [ADDRESS] [connect=NS]           it is set up; a server: where it listens
 *   sample NS [phase=NS ...] [wire=BYTES] [checksum=HEX] [request_checksum=HEX]
 *   exchange N [client=I] [make=NS encode=NS] [phase=NS ...] [checksum=HEX] [request_checksum=HEX]
 *   error TEXT                             it gives up, and why
 */
#ifndef BENCH_WIRE_PAIR_LINES_H
#define BENCH_WIRE_PAIR_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/carrier.h"
#include "transports/err.h"

#define PAIR_LINE_BYTES 512 /* the longest line, its newline included */

enum pair_verb {
	PAIR_READY,
	PAIR_SAMPLE,
	PAIR_EXCHANGE,
	PAIR_ERROR,
};

/* The fields that a line may carry. */
enum pair_field {
	PAIR_MAKE,
	PAIR_ENCODE,
	PAIR_DECODE,
	PAIR_READ,
	PAIR_RELEASE,
	PAIR_CONNECT,
	PAIR_WIRE,
	PAIR_CLIENT,
	PAIR_CHECKSUM,
	/* Of the request's array; the rest are of the reply's. */
	PAIR_REQUEST_MAKE,
	PAIR_REQUEST_ENCODE,
	PAIR_REQUEST_DECODE,
	PAIR_REQUEST_READ,
	PAIR_REQUEST_RELEASE,
	PAIR_REQUEST_WIRE,
	PAIR_REQUEST_CHECKSUM,
	PAIR_FIELDS,
};

struct pair_line {
	enum pair_verb verb;
	char text[PAIR_LINE_BYTES]; /* the address, or what went wrong, fit for a terminal */
	uint64_t number;            /* of a sample: its latency in ns; which exchange */
	unsigned has;               /* a bit for each field that was there */
	uint64_t fields[PAIR_FIELDS];
};

static inline bool pair_line_has(const struct pair_line *line, enum pair_field field)
{
	return line->has >> field & 1u;
}

/*
 * Reads a line (no newline in it). Fields that are not known are passed over,
 * so that versions can differ. Fails with ERR_PROTOCOL, and says what was said.
 */
int pair_line_parse(struct pair_line *line, const char *text, size_t length, struct err *err);

/* Bytes on their way to lines. Zeroed: none. */
struct pair_lines {
	size_t used;
	char buffer[PAIR_LINE_BYTES];
};

/* Where the next bytes go; never without room, if lines are taken until there is none. */
static inline char *pair_lines_space(struct pair_lines *lines, size_t *bytes)
{
	*bytes = sizeof(lines->buffer) - lines->used;
	return lines->buffer + lines->used;
}

/*
 * Takes the first whole line. Returns 1, 0 if there is none yet, or -1 where it
 * is malformed or longer than PAIR_LINE_BYTES.
 */
int pair_lines_take(struct pair_lines *lines, struct pair_line *line, struct err *err);

#endif
