/* SPDX-License-Identifier: MIT */
/* What the elements of arrays are: --data random|smooth|FILE.npy. */
#ifndef BENCH_PLAN_DATA_H
#define BENCH_PLAN_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"

enum data_kind {
	DATA_RANDOM, /* bench/worker/elements.h */
	DATA_SMOOTH, /* bench/worker/smooth.h */
	DATA_FILE,
};

#define DATA_PATH_BYTES 512
#define DATA_SMOOTH_WORD "smooth"

/* Zeroed: random. */
struct data {
	enum data_kind kind;
	char path[DATA_PATH_BYTES]; /* of a file: absolute */
	uint64_t hash;              /* of its array, so that all blocks send the same one */
	struct array_type type;     /* of its array */
};

/* Whether that text, which may be NULL, would be a file's name: it ends in .npy. */
bool data_is_file(const char *text);

/*
 * Reads what --data was given, NULL for nothing: random. A file is read as a whole, and refused
 * as bench/plan/npy.h says. Fails with ERR_USAGE, ERR_SYSTEM or ERR_MEMORY.
 */
int data_read(const char *text, struct data *data, struct err *err);

/* "random", "smooth", or the file's name without its folders. Borrowed from data. */
const char *data_name(const struct data *data);

#define DATA_TYPE_BYTES (ARRAY_SHAPE_TEXT_BYTES + 16)

/*
 * A file says what the type is: where *shapes is NULL, it becomes type, written as --shapes takes
 * it. Fails with ERR_USAGE if there is a file and arrays are to be fresh.
 */
int data_say_type(const struct data *data, bool fresh, const char **shapes,
		  char type[DATA_TYPE_BYTES], struct err *err);

/*
 * Fails with ERR_USAGE unless an array of that type can be of a file's elements. Data that is of
 * no file is of any type.
 */
int data_check_type(const struct data *data, const struct array_type *type, struct err *err);

/* Reads the file that data_read has read, once more. The array is owned: npy_free. */
int data_load(const char *path, uint64_t hash, struct array *array, struct err *err);

#endif
