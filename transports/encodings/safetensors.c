/* SPDX-License-Identifier: MIT */
/*
 * safetensors: a file of one tensor as a message. Eight bytes say how long the header is, a
 * document in JSON; the elements follow, little-endian and in C order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "transports/encoding.h"
#include "transports/encodings/headed/headed.h"
#include "transports/scan.h"
#include "transports/type_refuse.h"
#include "transports/unused.h"

#define START_BYTES sizeof(uint64_t)
#define ALIGNMENT 8 /* of the elements in a file */
#define LENGTH_MAX 100000000u /* of a header: the format's own limit */
#define NAME "array"

static const char *const names[DTYPE_COUNT] = {
	[DTYPE_FLOAT64] = "F64",   [DTYPE_FLOAT32] = "F32", [DTYPE_FLOAT16] = "F16",
	[DTYPE_BFLOAT16] = "BF16", [DTYPE_INT8] = "I8",     [DTYPE_INT16] = "I16",
	[DTYPE_INT32] = "I32",     [DTYPE_INT64] = "I64",   [DTYPE_UINT8] = "U8",
	[DTYPE_UINT16] = "U16",    [DTYPE_UINT32] = "U32",  [DTYPE_UINT64] = "U64",
	[DTYPE_BOOL] = "BOOL",
};

/* {"array":{"dtype":"F64","shape":[2,3],"data_offsets":[0,48]}}, and spaces up to the alignment. */
static size_t safetensors_write(const struct array_type *type,
				unsigned char header[HEADED_WRITE_MAX])
{
	const size_t room = HEADED_WRITE_MAX - START_BYTES;
	char *text = (char *)header + START_BYTES;
	size_t at = (size_t)snprintf(text, room, "{\"" NAME "\":{\"dtype\":\"%s\",\"shape\":[",
				     names[type->dtype]);

	for (unsigned i = 0; i < type->shape.dimensions; i++)
		at += (size_t)snprintf(text + at, room - at, "%s%" PRIu64, i ? "," : "",
				       type->shape.extents[i]);
	at += (size_t)snprintf(text + at, room - at, "],\"data_offsets\":[0,%zu]}}",
			       array_type_bytes(type));
	while (at % ALIGNMENT)
		text[at++] = ' ';
	for (size_t i = 0; i < START_BYTES; i++)
		header[i] = (unsigned char)(at >> 8 * i);
	return START_BYTES + at;
}

static int safetensors_measure(const unsigned char *start, size_t bytes, uint64_t *header_bytes,
			       struct err *err)
{
	uint64_t length = 0;

	if (bytes < START_BYTES)
		return 0;
	for (size_t i = START_BYTES; i-- > 0;)
		length = length << 8 | start[i];
	if (length < 2 || length > LENGTH_MAX || (bytes > START_BYTES && start[START_BYTES] != '{'))
		return err_set(err, ERR_WRONG,
			       "the reply does not begin as a file in safetensors does");
	if (bytes > START_BYTES)
		*header_bytes = START_BYTES + length;
	return 0;
}

/* What a header says of its one tensor. */
struct tensor {
	char dtype[SCAN_TEXT_BYTES];
	struct shape shape;
	uint64_t begin, end; /* of its elements, behind the header */
	bool has_dtype, has_shape, has_offsets;
};

static bool read_text(struct scan *scan, char text[SCAN_TEXT_BYTES])
{
	return scan_text(scan, '"', text);
}

/* Reads what stands between braces, each entry by a function, which is told its key. */
static int read_object(struct scan *scan, void *to,
		       int (*entry)(struct scan *scan, const char *key, void *to, struct err *err),
		       struct err *err)
{
	char key[SCAN_TEXT_BYTES];

	if (!scan_char(scan, '{'))
		return scan_refuse(scan, "an object is wanted", err);
	if (scan_char(scan, '}'))
		return 0;
	do {
		if (!read_text(scan, key) || !scan_char(scan, ':'))
			return scan_refuse(scan, "a key is wanted", err);
		if (entry(scan, key, to, err) != 0)
			return -1;
	} while (scan_char(scan, ','));
	return scan_char(scan, '}') ? 0 : scan_refuse(scan, "a comma is wanted", err);
}

/* Texts about the file, which are nothing to us. */
static int read_remark(struct scan *scan, const char *key UNUSED, void *to UNUSED, struct err *err)
{
	char text[SCAN_TEXT_BYTES];

	return read_text(scan, text) ? 0 : scan_refuse(scan, "a text is wanted", err);
}

/* Numbers between brackets, no more than max. */
static int read_numbers(struct scan *scan, uint64_t *numbers, unsigned max, unsigned *count,
			struct err *err)
{
	*count = 0;
	if (!scan_char(scan, '['))
		return scan_refuse(scan, "a list of numbers is wanted", err);
	if (scan_char(scan, ']'))
		return 0;
	do {
		if (*count == max || !scan_number(scan, &numbers[*count]))
			return scan_refuse(scan, "a list of numbers is wanted", err);
		++*count;
	} while (scan_char(scan, ','));
	return scan_char(scan, ']') ? 0 : scan_refuse(scan, "a list of numbers is wanted", err);
}

static int read_offsets(struct scan *scan, struct tensor *tensor, struct err *err)
{
	uint64_t offsets[2];
	unsigned count;

	if (read_numbers(scan, offsets, 2, &count, err) != 0)
		return -1;
	if (count != 2)
		return scan_refuse(scan, "two offsets are wanted", err);
	tensor->begin = offsets[0];
	tensor->end = offsets[1];
	return 0;
}

/* One of the three keys, which each must come once. */
static int read_property(struct scan *scan, const char *key, void *to, struct err *err)
{
	struct tensor *tensor = to;
	struct shape *shape = &tensor->shape;
	bool *has = strcmp(key, "dtype") == 0	     ? &tensor->has_dtype :
		    strcmp(key, "shape") == 0	     ? &tensor->has_shape :
		    strcmp(key, "data_offsets") == 0 ? &tensor->has_offsets :
						       NULL;

	if (!has || *has)
		return scan_refuse(scan, "dtype, shape and data_offsets are its keys, once each",
				   err);
	*has = true;
	if (has == &tensor->has_shape)
		return read_numbers(scan, shape->extents, ARRAY_DIMENSIONS_MAX, &shape->dimensions,
				    err);
	if (has == &tensor->has_offsets)
		return read_offsets(scan, tensor, err);
	return read_text(scan, tensor->dtype) ? 0 : scan_refuse(scan, "a dtype is wanted", err);
}

/* The tensor, whatever its name, or the remarks. */
static int read_tensor(struct scan *scan, const char *key, void *to, struct err *err)
{
	struct tensor *tensor = to;

	if (strcmp(key, "__metadata__") == 0)
		return read_object(scan, NULL, read_remark, err);
	if (tensor->has_dtype)
		return err_set(err, ERR_WRONG, "the reply has more than one tensor: send it alone");
	if (read_object(scan, tensor, read_property, err) != 0)
		return -1;
	if (!tensor->has_dtype || !tensor->has_shape || !tensor->has_offsets)
		return scan_refuse(scan, "dtype, shape and data_offsets are its keys", err);
	return 0;
}

/* numpy's name of a dtype; of one that we do not have, the format's. */
static const char *dtype_name(const char *name)
{
	for (unsigned i = 0; i < DTYPE_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return dtype_table[i].name;
	return name;
}

static int check_tensor(const struct tensor *tensor, const struct array_type *wanted,
			struct err *err)
{
	const struct type_seen seen = {.dtype = dtype_name(tensor->dtype), .shape = &tensor->shape};
	const size_t bytes = array_type_bytes(wanted);

	if (strcmp(tensor->dtype, names[wanted->dtype]) != 0) {
		(void)type_refuse(wanted, &seen, err);
		return err_add(err, " (send it as %s)", names[wanted->dtype]);
	}
	if (!shape_equal(&tensor->shape, &wanted->shape))
		return type_refuse(wanted, &seen, err);
	if (tensor->begin == 0 && tensor->end == bytes)
		return 0;
	return err_set(err, ERR_WRONG,
		       "the reply has its elements at bytes %" PRIu64 " to %" PRIu64
		       ", the array at 0 to %zu",
		       tensor->begin, tensor->end, bytes);
}

static int safetensors_check(const unsigned char *bytes, size_t count,
			     const struct array_type *wanted, bool *big_endian UNUSED,
			     struct err *err)
{
	struct scan scan = {"the reply's header", bytes, bytes + START_BYTES, bytes + count};
	struct tensor tensor = {0};

	if (read_object(&scan, &tensor, read_tensor, err) != 0)
		return -1;
	if (!scan_ended(&scan))
		return scan_refuse(&scan, "nothing may follow", err);
	if (!tensor.has_dtype)
		return err_set(err, ERR_WRONG, "the reply has no tensor");
	return check_tensor(&tensor, wanted, err);
}

static const struct headed_format safetensors_format = {safetensors_write, safetensors_measure,
							safetensors_check};

static struct encoding_need safetensors_need(const struct array_type *type)
{
	return (struct encoding_need){.taker_bytes = array_type_bytes(type)};
}

static int safetensors_encode(void *state, const struct array *array, uint64_t *length_bytes,
			      struct err *err UNUSED)
{
	return headed_encode(state, &safetensors_format, array, length_bytes);
}

static int safetensors_decode(void *state, struct array *destination, uint64_t length_bytes,
			      struct err *err)
{
	return headed_decode(state, &safetensors_format, destination, length_bytes, err);
}

const struct encoding encoding_safetensors = {
	.name = "safetensors",
	.title = "a file of one tensor in safetensors",
	.dtypes = DTYPE_BITS_ALL,
	.media_type = "application/octet-stream",
	.form = FORM_SAFETENSORS,
	.cost = ENCODING_COST_BYTES,
	.encoder_size = sizeof(struct headed_encoder),
	.decoder_size = sizeof(struct headed_decoder),
	.need = safetensors_need,
	.encode = safetensors_encode,
	.span = headed_span,
	.decode = safetensors_decode,
	.place = headed_place,
	.arrived = headed_arrived,
	.decode_end = headed_decode_end,
};
