/* SPDX-License-Identifier: MIT */
/*
 * npy: numpy's .npy format as a message, byte for byte as numpy 1.24 saves an array in version
 * 1.0; read from versions 1.0 to 3.0, in either byte order.
 */
#include <stdio.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/encodings/headed/headed.h"
#include "transports/encodings/headed/scan.h"
#include "transports/type_refuse.h"
#include "transports/unused.h"

#define MAGIC "\x93NUMPY"
#define MAGIC_BYTES 6
#define START_BYTES 8   /* with the version */
#define ALIGNMENT 64    /* of the elements in a file */
#define GROWTH_DIGITS 21 /* numpy leaves room for so many digits of the first extent */

/* Appends text. Returns where the next goes. */
static size_t put(char *header, size_t at, const char *text)
{
	const size_t bytes = strlen(text);

	memcpy(header + at, text, bytes);
	return at + bytes;
}

/* "(2, 3)" or "(2,)". *first_digits: of the first extent. */
static size_t put_shape(char *header, size_t at, const struct shape *shape, size_t *first_digits)
{
	char digits[24];

	at = put(header, at, "(");
	for (unsigned i = 0; i < shape->dimensions; i++) {
		(void)snprintf(digits, sizeof(digits), "%llu",
			       (unsigned long long)shape->extents[i]);
		*first_digits = i ? *first_digits : strlen(digits);
		at = put(header, at, i ? ", " : "");
		at = put(header, at, digits);
	}
	return put(header, at, shape->dimensions == 1 ? ",)" : ")");
}

/* Room for a longer first extent, then spaces up to the alignment; a whole one if it is met. */
static size_t npy_write(const struct array_type *type, unsigned char header[HEADED_WRITE_MAX])
{
	const struct dtype_row *dtype = &dtype_table[type->dtype];
	const size_t length_at = START_BYTES;
	char *text = (char *)header;
	size_t digits = 0;
	size_t at = put(text, 0, MAGIC "\1");
	size_t padded;

	header[at] = 0;
	at = length_at + sizeof(uint16_t);
	at = put(text, at, dtype->bytes == 1 ? "{'descr': '|" : "{'descr': '<");
	at = put(text, at, dtype->numpy_code);
	at = put(text, at, "', 'fortran_order': False, 'shape': ");
	at = put_shape(text, at, &type->shape, &digits);
	at = put(text, at, ", }");
	padded = at + (GROWTH_DIGITS - digits) + 1;
	padded += ALIGNMENT - padded % ALIGNMENT;
	memset(text + at, ' ', padded - at);
	text[padded - 1] = '\n';
	header[length_at] = (unsigned char)(padded - length_at - sizeof(uint16_t));
	header[length_at + 1] = (unsigned char)((padded - length_at - sizeof(uint16_t)) >> 8);
	return padded;
}

/* Version 1 has 16 bits for its length, the later ones 32. */
static size_t length_bytes_of(unsigned char version)
{
	return version == 1 ? sizeof(uint16_t) : sizeof(uint32_t);
}

static int npy_measure(const unsigned char *start, size_t bytes, uint64_t *header_bytes,
		       struct err *err)
{
	uint64_t length = 0;
	size_t counted;

	if (memcmp(start, MAGIC, bytes < MAGIC_BYTES ? bytes : MAGIC_BYTES) != 0)
		return err_set(err, ERR_WRONG, "the reply does not begin as a .npy file does");
	if (bytes < START_BYTES)
		return 0;
	if (start[6] < 1 || start[6] > 3 || start[7] != 0)
		return err_set(err, ERR_PROTOCOL,
			       "the reply is a .npy file of version %u.%u, not 1.0, 2.0 or 3.0",
			       start[6], start[7]);
	counted = length_bytes_of(start[6]);
	if (bytes < START_BYTES + counted)
		return 0;
	for (size_t i = counted; i-- > 0;)
		length = length << 8 | start[START_BYTES + i];
	*header_bytes = START_BYTES + counted + length;
	return 0;
}

/* What a header says. */
struct npy_header {
	char descr[SCAN_TEXT_BYTES];
	bool structured; /* fields rather than numbers */
	bool columns_first;
	struct shape shape;
	bool has_descr, has_order, has_shape;
};

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

static int read_header(struct scan *scan, struct npy_header *header, struct err *err)
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

/* Whether the dtype's code is the one that is wanted. A byte has no order. */
static bool is_code(const char *descr, enum dtype dtype)
{
	const struct dtype_row *row = &dtype_table[dtype];

	return strcmp(descr + 1, row->numpy_code) == 0 && (descr[0] != '|' || row->bytes == 1);
}

static int npy_refuse_type(const struct npy_header *header, const struct array_type *wanted,
			   struct err *err)
{
	const char *code = header->descr + 1;
	const bool ordered = header->descr[0] && strchr("<>|", header->descr[0]);
	const struct type_seen seen = {
		.dtype = ordered ? type_numpy_name(code) : header->descr,
		.big_endian = header->descr[0] == '>',
		.shape = &header->shape,
	};

	(void)type_refuse(wanted, &seen, err);
	if (!ordered || !type_numpy_converts(code) || is_code(header->descr, wanted->dtype))
		return -1;
	return err_add(err, " (send its .astype(\"%s\"))", dtype_table[wanted->dtype].name);
}

static int npy_check(const unsigned char *bytes, size_t count, const struct array_type *wanted,
		     bool *big_endian, struct err *err)
{
	struct scan scan = {.start = bytes, .end = bytes + count};
	struct npy_header header = {0};

	scan.at = bytes + START_BYTES + length_bytes_of(bytes[6]);
	if (read_header(&scan, &header, err) != 0)
		return -1;
	if (header.structured)
		return err_set(err, ERR_WRONG,
			       "the reply is an array of fields, the array one of %s",
			       dtype_table[wanted->dtype].name);
	if (!header.descr[0] || !strchr("<>|", header.descr[0]) ||
	    !is_code(header.descr, wanted->dtype) || !shape_equal(&header.shape, &wanted->shape))
		return npy_refuse_type(&header, wanted, err);
	*big_endian = header.descr[0] == '>';
	return header.columns_first ? type_refuse_columns(&header.shape, err) : 0;
}

static const struct headed_format npy_format = {npy_write, npy_measure, npy_check};

static struct encoding_need npy_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static int npy_encode(void *state, const struct array *array, uint64_t *length_bytes,
		      struct err *err UNUSED)
{
	return headed_encode(state, &npy_format, array, length_bytes);
}

static int npy_decode(void *state, struct array *destination, uint64_t length_bytes,
		      struct err *err)
{
	return headed_decode(state, &npy_format, destination, length_bytes, err);
}

const struct encoding encoding_npy = {
	.name = "npy",
	.title = "numpy's .npy file, version 1.0",
	.dtypes = DTYPE_BITS_ALL & ~DTYPE_BIT(DTYPE_BFLOAT16),
	.cannot = "numpy has none",
	.media_type = "application/octet-stream",
	.form = FORM_NPY,
	.cost = {
		.fresh_ns_per_byte = 0.3, .wire_per_byte = 1,
		.foreign = {
			.ns_per_byte = 1.4,
			.fresh_ns_per_byte = 0.6,
			.private_copies = 6,
		},
	},
	.encoder_size = sizeof(struct headed_encoder),
	.decoder_size = sizeof(struct headed_decoder),
	.need = npy_need,
	.encode = npy_encode,
	.span = headed_span,
	.decode = npy_decode,
	.place = headed_place,
	.arrived = headed_arrived,
	.decode_end = headed_decode_end,
};
