/* SPDX-License-Identifier: MIT */
/*
 * The control plane between the runner and its workers: a byte stream given by
 * descriptor, on which each record is a line of text, "verb key=value ...".
 * Values are percent-encoded. A reader ignores keys that it does not know, so
 * that versions can differ; the first record carries "v=1".
 *
 *   runner to worker   setup ...            what to be (bench/wire/setup.h)
 *                      connect address=     client: the server is ready there
 *                      begin warmup= samples= budget_ns= timeout_ns=
 *                      go                 several clients: all are warm, take samples
 *                      pause, resume, stop
 *   worker to runner   ready [address=]     set up; the server listens there
 *                      connected            client: the handshake is over
 *                      warm                 several clients: it goes on unmeasured until `go`
 *                      done [memcpy_ps=...] the block is over; its figures are on the scoreboard,
 *                                           those of floors (bench/run/floor.c) in the record
 *                      error kind= text=    the block is lost, and why
 */
#ifndef BENCH_WIRE_CONTROL_H
#define BENCH_WIRE_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/machine/world.h"
#include "transports/err.h"

/* A worker's descriptors: its control stream, and the scoreboard if it is measured. */
#define CONTROL_FD 3
#define SCOREBOARD_FD WORLD_GIVEN_FD_MAX

#define CONTROL_VERSION 1
#define CONTROL_RECORD_BYTES 4096
#define CONTROL_FIELDS_MAX 32

/* A record, decoded in place. */
struct record {
	char text[CONTROL_RECORD_BYTES];
	size_t field_count;
	const char *verb;
	struct {
		const char *key;
		const char *value;
	} fields[CONTROL_FIELDS_MAX];
};

/* Decodes a line (no newline in it). Fails with ERR_PROTOCOL. Pure; fuzzed. */
int record_parse(struct record *record, const char *line, size_t length, struct err *err);

/* The value of a key, or NULL. Whoever uses it as more than words to show checks it first. */
const char *record_get(const struct record *record, const char *key);

struct record_range {
	uint64_t least, most;
};

/*
 * The value of a key as a number, or as text in one line. Fails with ERR_PROTOCOL where it is
 * missing, no such number, or where it does not fit into size bytes.
 */
int record_get_u64(const struct record *record, const char *key, struct record_range range,
		   uint64_t *value, struct err *err);
int record_get_text(const struct record *record, const char *key, char *text, size_t size,
		    struct err *err);

/* Builds a line: begin, any number of adds, then control_send. */
struct record_writer {
	char text[CONTROL_RECORD_BYTES];
	size_t used;
	bool overflow;
};

void record_begin(struct record_writer *writer, const char *verb);
void record_add(struct record_writer *writer, const char *key, const char *value);
void record_add_u64(struct record_writer *writer, const char *key, uint64_t value);

/* One end of the stream. */
struct control {
	const struct world *world; /* that the descriptor is one of */
	int fd;                    /* owned */
	size_t used;
	char buffer[CONTROL_RECORD_BYTES];
};

/* Sends a record whole, as often as it is asked to; blocks while the peer's buffer is full. */
int control_send(struct control *control, struct record_writer *writer, struct err *err);

/*
 * Takes the next record. Returns 1, or 0 if none is there yet (never when
 * wait), or -1 when the stream has ended (ERR_CLOSED) or is broken.
 */
int control_receive(struct control *control, bool wait, struct record *record, struct err *err);

#endif
