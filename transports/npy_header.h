/* SPDX-License-Identifier: MIT */
/*
 * The header of numpy's .npy format (numpy.lib.format), versions 1.0 to 3.0, read strictly: for
 * messages in that format and for files. Pure.
 */
#ifndef TRANSPORTS_NPY_HEADER_H
#define TRANSPORTS_NPY_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"
#include "transports/scan.h"

#define NPY_MAGIC "\x93NUMPY"
#define NPY_MAGIC_BYTES 6
#define NPY_START_BYTES 8 /* with the version */

/* What the first bytes are. */
enum npy_start {
	NPY_OTHER,   /* no such header */
	NPY_VERSION, /* one of a version that is not read: bytes 6 and 7 */
	NPY_MORE,    /* perhaps one: more bytes are needed to tell how long it is */
	NPY_KNOWN,   /* one whose length is known */
};

/* What a header says. */
struct npy_header {
	char descr[SCAN_TEXT_BYTES]; /* the dtype: "<f8" */
	bool structured;             /* fields rather than numbers: nothing below is known then */
	bool columns_first;          /* Fortran order */
	struct shape shape;          /* of 0 dimensions: one number */
	bool has_descr, has_order, has_shape;
};

/* NPY_KNOWN: sets *header_bytes to where the elements begin. */
enum npy_start npy_measure(const unsigned char *start, size_t bytes, uint64_t *header_bytes);

/*
 * Reads a whole header of so many bytes, that npy_measure knows. whose: "the reply's header", for
 * words. Fails with ERR_PROTOCOL.
 */
int npy_header_read(const unsigned char *bytes, size_t count, const char *whose,
		    struct npy_header *header, struct err *err);

/* Whether its elements are of that dtype, in either byte order. */
bool npy_header_is_of(const struct npy_header *header, enum dtype dtype);

/* Whether they are big-endian, of a dtype that has an order. */
bool npy_header_is_big_endian(const struct npy_header *header);

#endif
