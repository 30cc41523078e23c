/* SPDX-License-Identifier: MIT */
/*
 * Both ends of an encoding in one process, and what a carrier could do between
 * them: the ground that the contract tests of encodings stand on. A function
 * that returns bool fails the running test when it returns false.
 */
#ifndef TESTS_SUPPORT_CODEC_ENDS_H
#define TESTS_SUPPORT_CODEC_ENDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/support/test.h"
#include "transports/codec.h"

/* The encoding under test, and what the names of its segments begin with. */
extern const struct encoding *ends_row;
extern char ends_prefix[64];
extern enum dtype ends_dtype; /* of the arrays; float64 at each property's start */

/* Random bits, the same ones in every run of a test; and a number below limit. */
uint64_t random_bits(void);
size_t random_below(size_t limit);

/* Values to send. A lossy encoding may refuse the refusable ones, in words. */
struct values {
	const char *name;
	double (*at)(size_t i);
	bool refusable;
};

extern const struct values values_table[];
extern const size_t values_count;

#define VALUES_NORMAL (&values_table[0])
#define VALUES_SHORT (&values_table[1])

/* Memory for an array that ends where a page that must not be touched begins. */
struct guard {
	unsigned char *map;
	size_t map_bytes;
	unsigned char *data;
};

struct ends {
	struct encoding_setup give_setup;
	struct encoding_setup take_setup;
	struct encoder encoder;
	struct decoder decoder;
	struct array array; /* what is sent; owned */
	struct guard guard;
	void *usual;        /* the decoder's own destination, while guard stands in */
};

struct message {
	char *data; /* malloc'd */
	size_t bytes;
};

/* How a message goes over: the carrier's choices. */
struct way {
	bool fill;       /* else by span */
	size_t capacity; /* of the buffer to fill */
	bool place;      /* else by accept */
	size_t piece;
	bool unknown;    /* the length is not announced, even if it is known */
};

extern const struct way way_usual;

/* Ways to feed what is wrong. */
#define WAYS_WRONG 4
extern const struct way ways_wrong[WAYS_WRONG];

bool setup_init(struct encoding_setup *setup, const char *shape_text, enum memory memory);

/* Opens both ends with ends's setups; all else in it is zero. Nothing is open if it fails. */
bool ends_start(struct ends *ends);

/* The same for a shape, or for ends of two shapes. */
bool ends_open(struct ends *ends, const char *shape, enum memory memory);
bool ends_open_unlike(struct ends *ends, const char *given, const char *taken,
		      enum memory memory);
void ends_close(struct ends *ends);

/* Fills the array to send; values are of float64, of another dtype any that there are. */
void ends_draw(struct ends *ends, const struct values *values);

/* One exchange: the array must arrive, or be refused where that is allowed. */
bool ends_exchange(struct ends *ends, const struct way *way, bool refusable);

/* Whether what was taken is what was sent, as exactly as the row says. */
bool ends_agrees(const struct ends *ends);

/* Between exchanges: what the last one left must not pass for the next one. */
bool ends_release(struct ends *ends);

/* Encodes new normals and keeps the message; the encoder stays begun. */
bool ends_capture(struct ends *ends, struct message *message);
bool ends_open_captured(struct ends *ends, const char *shape, struct message *message);
void ends_close_captured(struct ends *ends, struct message *message);

/* Feeds what is not quite a message; true if it was taken. A refusal must have words. */
bool ends_takes(struct ends *ends, const struct way *way, const struct message *message,
		uint64_t length_bytes);

void message_add(struct message *message, const void *data, size_t bytes);
void message_free(struct message *message);

/* Pulls a whole message. 1 instead of -1 is a byte written beyond the capacity. */
int message_pull(struct give *give, const struct way *way, struct message *message,
		 struct err *err);

/* Runs every property for every encoding of the table. Returns the exit status. */
int ends_main(const struct test *properties, size_t count, int argc, char **argv);

#define ENDS_MAIN(table) \
	int main(int argc, char **argv) \
	{ \
		return ends_main(table, sizeof(table) / sizeof((table)[0]), argc, argv); \
	}

#endif
