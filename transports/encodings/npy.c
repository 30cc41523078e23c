/* SPDX-License-Identifier: MIT */
/*
 * npy: numpy's .npy format as a message, byte for byte as numpy 1.24 saves an array in version
 * 1.0; read from versions 1.0 to 3.0, in either byte order.
 */
#include <stdio.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/encodings/headed/headed.h"
#include "transports/npy_header.h"
#include "transports/type_refuse.h"
#include "transports/unused.h"

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
	const size_t length_at = NPY_START_BYTES;
	char *text = (char *)header;
	size_t digits = 0;
	size_t at = put(text, 0, NPY_MAGIC "\1");
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

static int npy_known(const unsigned char *start, size_t bytes, uint64_t *header_bytes,
		     struct err *err)
{
	switch (npy_measure(start, bytes, header_bytes)) {
	case NPY_OTHER:
		return err_set(err, ERR_WRONG, "the reply does not begin as a .npy file does");
	case NPY_VERSION:
		return err_set(err, ERR_PROTOCOL,
			       "the reply is a .npy file of version %u.%u, not 1.0, 2.0 or 3.0",
			       start[6], start[7]);
	case NPY_MORE:
	case NPY_KNOWN:
		break;
	}
	return 0;
}

static int npy_refuse_type(const struct npy_header *header, const struct array_type *wanted,
			   struct err *err)
{
	const char *code = header->descr + 1;
	const bool ordered = header->descr[0] && strchr("<>|", header->descr[0]);
	const struct type_seen seen = {
		.dtype = ordered ? type_numpy_name(code) : header->descr,
		.big_endian = npy_header_is_big_endian(header),
		.shape = &header->shape,
	};

	(void)type_refuse(wanted, &seen, err);
	if (!ordered || !type_numpy_converts(code) || npy_header_is_of(header, wanted->dtype))
		return -1;
	return err_add(err, " (send its .astype(\"%s\"))", dtype_table[wanted->dtype].name);
}

static int npy_check(const unsigned char *bytes, size_t count, const struct array_type *wanted,
		     bool *big_endian, struct err *err)
{
	struct npy_header header;

	if (npy_header_read(bytes, count, "the reply's header", &header, err) != 0)
		return -1;
	if (header.structured)
		return err_set(err, ERR_WRONG,
			       "the reply is an array of fields, the array one of %s",
			       dtype_table[wanted->dtype].name);
	if (!npy_header_is_of(&header, wanted->dtype) ||
	    !shape_equal(&header.shape, &wanted->shape))
		return npy_refuse_type(&header, wanted, err);
	*big_endian = npy_header_is_big_endian(&header);
	return header.columns_first ? type_refuse_columns(&header.shape, err) : 0;
}

static const struct headed_format npy_format = {npy_write, npy_known, npy_check};

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
	.cost = ENCODING_COST_BYTES,
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
