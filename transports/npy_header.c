/* SPDX-License-Identifier: MIT */
/* Reads the header of a .npy file. */
#include "transports/npy_header.h"

#include <string.h>

/* Version 1 has 16 bits for its length, the later ones 32. */
static size_t length_bytes_of(unsigned char version)
{
	return version == 1 ? sizeof(uint16_t) : sizeof(uint32_t);
}

enum npy_start npy_measure(const unsigned char *start, size_t bytes, uint64_t *header_bytes)
{
	uint64_t length = 0;
	size_t counted;

	if (memcmp(start, NPY_MAGIC, bytes < NPY_MAGIC_BYTES ? bytes : NPY_MAGIC_BYTES) != 0)
		return NPY_OTHER;
	if (bytes < NPY_START_BYTES)
		return NPY_MORE;
	if (start[6] < 1 || start[6] > 3 || start[7] != 0)
		return NPY_VERSION;
	counted = length_bytes_of(start[6]);
	if (bytes < NPY_START_BYTES + counted)
		return NPY_MORE;
	for (size_t i = counted; i-- > 0;)
		length = length << 8 | start[NPY_START_BYTES + i];
	*header_bytes = NPY_START_BYTES + counted + length;
	return NPY_KNOWN;
}

static bool read_text(struct scan *scan, char text[SCAN_TEXT_BYTES])
{
	return scan_text(scan, '\'', text) || scan_text(scan, '"', text);
}

/* A list of fields is not read on: nothing else of its header matters. */
static int read_descr(struct scan *scan, struct npy_header *header, struct err *err)
{
	header->has_descr = true;
	if (scan_char(scan, '[') || scan_char(scan, '(')) {
		header->structured = true;
		return 0;
	}
	return read_text(scan, header->descr) ? 0 : scan_refuse(scan, "a dtype is wanted", err);
}

static int read_order(struct scan *scan, struct npy_header *header, struct err *err)
{
	header->has_order = true;
	header->columns_first = scan_word(scan, "True");
	return header->columns_first || scan_word(scan, "False") ?
		       0 :
		       scan_refuse(scan, "True or False is wanted", err);
}

/* "(2, 3)", "(2,)" or "()"; Python 2 has an L behind a long one. */
static int read_shape(struct scan *scan, struct npy_header *header, struct err *err)
{
	struct shape *shape = &header->shape;
	bool comma = true;

	header->has_shape = true;
	if (!scan_char(scan, '('))
		return scan_refuse(scan, "a tuple of extents is wanted", err);
	while (comma && shape->dimensions < ARRAY_DIMENSIONS_MAX &&
	       scan_number(scan, &shape->extents[shape->dimensions])) {
		(void)scan_char(scan, 'L');
		shape->dimensions++;
		comma = scan_char(scan, ',');
	}
	if (!scan_char(scan, ')') || (shape->dimensions == 1 && !comma))
		return scan_refuse(scan, "a tuple of extents is wanted", err);
	return 0;
}

/* One of the three keys, which each must come once. */
static int read_entry(struct scan *scan, struct npy_header *header, struct err *err)
{
	char key[SCAN_TEXT_BYTES];

	if (!read_text(scan, key) || !scan_char(scan, ':'))
		return scan_refuse(scan, "a key is wanted", err);
	if (strcmp(key, "descr") == 0 && !header->has_descr)
		return read_descr(scan, header, err);
	if (strcmp(key, "fortran_order") == 0 && !header->has_order)
		return read_order(scan, header, err);
	if (strcmp(key, "shape") == 0 && !header->has_shape)
		return read_shape(scan, header, err);
	return scan_refuse(scan, "descr, fortran_order and shape are its keys, once each", err);
}

static int read_dictionary(struct scan *scan, struct npy_header *header, struct err *err)
{
	bool comma = true;

	if (!scan_char(scan, '{'))
		return scan_refuse(scan, "a dictionary is wanted", err);
	while (!scan_char(scan, '}')) {
		if (!comma)
			return scan_refuse(scan, "a comma is wanted", err);
		if (read_entry(scan, header, err) != 0)
			return -1;
		if (header->structured)
			return 0;
		comma = scan_char(scan, ',');
	}
	if (!header->has_descr || !header->has_order || !header->has_shape)
		return scan_refuse(scan, "descr, fortran_order and shape are its keys", err);
	return scan_ended(scan) ? 0 : scan_refuse(scan, "nothing may follow", err);
}

int npy_header_read(const unsigned char *bytes, size_t count, const char *whose,
		    struct npy_header *header, struct err *err)
{
	struct scan scan = {.whose = whose, .start = bytes, .end = bytes + count};

	*header = (struct npy_header){0};
	scan.at = bytes + NPY_START_BYTES + length_bytes_of(bytes[6]);
	return read_dictionary(&scan, header, err);
}

/* A byte has no order. */
bool npy_header_is_of(const struct npy_header *header, enum dtype dtype)
{
	const struct dtype_row *row = &dtype_table[dtype];
	const char order = header->descr[0];

	if (!row->numpy_code || !order || strcmp(header->descr + 1, row->numpy_code) != 0)
		return false;
	return order == '<' || order == '>' || (order == '|' && row->bytes == 1);
}

bool npy_header_is_big_endian(const struct npy_header *header)
{
	return header->descr[0] == '>';
}
