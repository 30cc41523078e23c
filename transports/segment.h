/* SPDX-License-Identifier: MIT */
/*
 * POSIX shared memory objects by name: plain names without the leading slash,
 * as Python's SharedMemory takes them. An object has at least 1 byte, because
 * Python knows no empty one. All of it may block on memory, on nothing else.
 */
#ifndef TRANSPORTS_SEGMENT_H
#define TRANSPORTS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/err.h"
#include "transports/memory.h"

#define SEGMENT_NAME_MAX 255
#define SEGMENT_NAME_BYTES (SEGMENT_NAME_MAX + 1)

/* A mapping. Zeroed: none. */
struct segment {
	void *data;
	size_t bytes; /* mapped */
};

/* The bytes of an object for an array of that size. */
static inline size_t segment_bytes(size_t bytes)
{
	return bytes ? bytes : 1;
}

/*
 * Creates an object named prefix, a dash and 16 random hexadecimal digits, maps
 * it, and allocates and touches all its pages. Fails if there is no room for
 * them, leaving nothing behind.
 */
int segment_create(const char *prefix, size_t bytes, enum pages pages,
		   char name[SEGMENT_NAME_BYTES], struct segment *segment, struct err *err);

/* Creates an object named as above that holds the bytes at data; maps nothing. */
int segment_create_filled(const char *prefix, const void *data, size_t bytes,
			  char name[SEGMENT_NAME_BYTES], struct err *err);

/*
 * Maps an object of another process, for reading and writing, and touches its
 * pages if asked. It must be a regular object of our own user, with the array's
 * bytes, or so many rounded up to whole pages. name may start with one slash;
 * anything else that is not a plain name is refused. segment must be zeroed; it stays so if this
 * fails, but for the size of an object that was refused for that.
 */
int segment_open(const char *name, size_t bytes, enum pages pages, bool touch,
		 struct segment *segment, struct err *err);

/* Accepts a zeroed struct, and leaves one. */
void segment_close(struct segment *segment);

/* Removes the name. That it is gone already is no error. */
int segment_unlink(const char *name, struct err *err);

#endif
