/* SPDX-License-Identifier: MIT */
/*
 * Reads a pickle that holds one numpy array and nothing else: a small stack
 * machine over the opcodes that numpy's pickles consist of. It calls nothing
 * and allocates nothing; anything else that a pickle asks for is refused by name.
 * The array's elements do not pass through it: it says where they begin. Only a single byte,
 * if that is all of the array, is put in its place here.
 */
#ifndef TRANSPORTS_ENCODINGS_PICKLE_PICKLE_READER_H
#define TRANSPORTS_ENCODINGS_PICKLE_PICKLE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"

#define PICKLE_TEXT_BYTES 64  /* a string and its NUL; longer ones are cut */
#define PICKLE_OPCODE_MAX 256 /* the longest opcode with its argument that is read at all */
#define PICKLE_STACK_MAX 64
#define PICKLE_MEMO_MAX 64
#define PICKLE_ITEMS_MAX 128  /* in all the tuples of one pickle */

enum pickle_kind {
	PICKLE_NONE,
	PICKLE_MARK,
	PICKLE_BOOL,
	PICKLE_INT,
	PICKLE_TEXT,
	PICKLE_BYTES,         /* a single one */
	PICKLE_ELEMENTS,      /* the array's elements, as bytes */
	PICKLE_ELEMENTS_TEXT, /* the same as text, a byte a code point (protocol 2) */
	PICKLE_TUPLE,
	PICKLE_NAME,          /* something importable, one of the few we know */
	PICKLE_DTYPE,
	PICKLE_ARRAY,
};

struct pickle_name;

struct pickle_value {
	enum pickle_kind kind;
	uint8_t byte;   /* PICKLE_TEXT, PICKLE_BYTES: the first one as it came */
	uint32_t count; /* PICKLE_TUPLE: items */
	uint32_t first; /* PICKLE_TUPLE: index of its first item */
	union {
		int64_t number;
		const struct pickle_name *name;
		char text[PICKLE_TEXT_BYTES];
	};
};

/* What pickle_read stopped at. */
enum pickle_event {
	PICKLE_MORE,    /* the next opcode needs `want` more bytes */
	PICKLE_PAYLOAD, /* payload_bytes of elements follow; then call pickle_read again */
	PICKLE_END,
};

/* There is at most one array and one dtype, so they live here and not in values. */
struct pickle_reader {
	enum pickle_event event;
	size_t want;
	uint64_t payload_bytes;
	bool payload_text; /* each element byte from 0x80 on takes two bytes of UTF-8 */

	const struct array *expected;
	uint64_t offset; /* of the next opcode, for messages */
	unsigned depth;
	unsigned memo_count;
	unsigned item_count;
	char dtype_code[8]; /* "f8" */
	char dtype_order;   /* 0 until it was built */
	bool started;
	bool elements_seen;
	bool array_seen;
	bool array_complete;
	struct pickle_value stack[PICKLE_STACK_MAX];
	struct pickle_value memo[PICKLE_MEMO_MAX];
	struct pickle_value items[PICKLE_ITEMS_MAX];
};

/*
 * Starts over. expected is borrowed until the end: its type and size, and its memory if it is a
 * single byte.
 */
void pickle_reader_begin(struct pickle_reader *reader, const struct array *expected);

/*
 * Reads opcodes from data until event is known; *used of the bytes were
 * consumed, the others must come first at the next call. Shape, dtype and the
 * elements' size are checked before PICKLE_PAYLOAD, as far as they are known.
 */
int pickle_read(struct pickle_reader *reader, const unsigned char *data, size_t bytes,
		size_t *used, struct err *err);

/* Fails for what ended before pickle_read began with it: these bytes are all that came. */
int pickle_refuse_start(const unsigned char *data, size_t bytes, struct err *err);

#endif
