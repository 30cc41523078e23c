/* SPDX-License-Identifier: MIT */
/*
 * Files of numpy's, .npy (numpy.lib.format): versions 1.0 to 3.0, read strictly. What no array of
 * ours can be is refused in a sentence that says how to save it instead.
 */
#ifndef BENCH_PLAN_NPY_H
#define BENCH_PLAN_NPY_H

#include <stdbool.h>
#include <stddef.h>

#include "transports/array.h"
#include "transports/err.h"

#define NPY_HEADER_MAX 65546u /* the longest of version 1.0; ours are of about a hundred bytes */

/* What a file's header says of it. */
struct npy_file {
	struct array_type type;
	bool big_endian;
	bool columns_first; /* Fortran order */
	size_t header_bytes; /* where the elements begin */
};

/*
 * Reads the header of a file that begins so; count: as much as there is of NPY_HEADER_MAX bytes.
 * Fails with ERR_USAGE. Pure; fuzzed.
 */
int npy_read_header(const unsigned char *bytes, size_t count, struct npy_file *file,
		    struct err *err);

/*
 * Reads a file as an array in C order, of the machine's byte order, whose elements are finite, and
 * whose bools are bools. Fails with ERR_USAGE, ERR_SYSTEM or ERR_MEMORY. The array is owned:
 * npy_free.
 */
int npy_load(const char *path, struct array *array, struct err *err);

/* Accepts a zeroed struct. */
void npy_free(struct array *array);

#endif
