/* SPDX-License-Identifier: MIT */
/* Shapes in text, and what follows from a shape. */
#include "transports/array.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct dtype_row dtype_table[DTYPE_COUNT] = {
#define DTYPE(id, name_, type, kind_, code) \
	[DTYPE_##id] = {#name_, code, DTYPE_##kind_, sizeof(type)},
#include "transports/dtypes.def"
#undef DTYPE
};

char *dtype_names(unsigned dtypes, char text[DTYPE_NAMES_BYTES])
{
	size_t used = 0;

	*text = '\0';
	for (unsigned i = 0; i < DTYPE_COUNT; i++)
		if (dtypes & DTYPE_BIT(i))
			used += (size_t)snprintf(text + used, DTYPE_NAMES_BYTES - used, "%s%s",
						 used ? ", " : "", dtype_table[i].name);
	return text;
}

int dtype_parse(const char *name, enum dtype *dtype, struct err *err)
{
	char names[DTYPE_NAMES_BYTES];

	for (unsigned i = 0; i < DTYPE_COUNT; i++) {
		if (strcmp(name, dtype_table[i].name) == 0) {
			*dtype = (enum dtype)i;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "there is no dtype \"%.40s\", but %s", name,
		       dtype_names(DTYPE_BITS_ALL, names));
}

/* Reads digits at *text. Returns 0, or -1 if there are none or they exceed 63 bits. */
static int extent_parse(const char **text, uint64_t *extent)
{
	const char *p = *text;
	uint64_t value = 0;

	if (*p < '0' || *p > '9')
		return -1;
	for (; *p >= '0' && *p <= '9'; p++) {
		if (value > (INT64_MAX - (uint64_t)(*p - '0')) / 10)
			return -1;
		value = value * 10 + (uint64_t)(*p - '0');
	}
	*text = p;
	*extent = value;
	return 0;
}

/* A shape with a zero in it has no bytes, but its other extents must still multiply to a size. */
static bool shape_fits(const struct shape *shape)
{
	uint64_t bytes = 8;

	for (unsigned i = 0; i < shape->dimensions; i++) {
		uint64_t extent = shape->extents[i] ? shape->extents[i] : 1;

		if (__builtin_mul_overflow(bytes, extent, &bytes) || bytes > INT64_MAX)
			return false;
	}
	return true;
}

static int shape_malformed(const char *text, struct err *err)
{
	return err_set(
		err, ERR_USAGE,
		"shape \"%.80s\" is malformed: write extents like 1x3x224x224 or (1,3,224,224)",
		text);
}

int shape_parse(const char *text, struct shape *shape, struct err *err)
{
	struct shape result = {0};
	const char *p = text;
	bool tuple = *p == '(';
	char separator = tuple ? ',' : 'x';

	p += tuple;
	for (;;) {
		if (result.dimensions == ARRAY_DIMENSIONS_MAX)
			return err_set(err, ERR_USAGE,
				       "shape \"%.80s\" has more than %d dimensions", text,
				       ARRAY_DIMENSIONS_MAX);
		while (tuple && *p == ' ')
			p++;
		if (tuple && *p == ')' && result.dimensions == 1)
			break;
		if (extent_parse(&p, &result.extents[result.dimensions]) != 0) {
			if (*p >= '0' && *p <= '9')
				return err_set(err, ERR_USAGE,
					       "shape \"%.80s\" has an extent that is too large",
					       text);
			return shape_malformed(text, err);
		}
		result.dimensions++;
		if (*p != separator)
			break;
		p++;
	}
	p += tuple && *p == ')';
	if (*p || (tuple && p[-1] != ')'))
		return shape_malformed(text, err);
	if (!shape_fits(&result))
		return err_set(err, ERR_USAGE,
			       "shape \"%.80s\" is larger than any memory: over 2^63 bytes", text);
	*shape = result;
	return 0;
}

char *shape_format(const struct shape *shape, char text[ARRAY_SHAPE_TEXT_BYTES])
{
	size_t used = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < shape->dimensions; i++)
		used += (size_t)snprintf(text + used, ARRAY_SHAPE_TEXT_BYTES - used, "%s%" PRIu64,
					 i ? "x" : "", shape->extents[i]);
	return text;
}

bool shape_equal(const struct shape *a, const struct shape *b)
{
	return a->dimensions == b->dimensions &&
	       memcmp(a->extents, b->extents, a->dimensions * sizeof(a->extents[0])) == 0;
}

char *shape_format_index(const struct shape *shape, size_t position,
			 char text[ARRAY_SHAPE_TEXT_BYTES])
{
	uint64_t index[ARRAY_DIMENSIONS_MAX] = {0};
	size_t used = 0;

	for (unsigned i = shape->dimensions; i-- > 0;) {
		index[i] = position % shape->extents[i];
		position /= shape->extents[i];
	}
	for (unsigned i = 0; i < shape->dimensions; i++)
		used += (size_t)snprintf(text + used, ARRAY_SHAPE_TEXT_BYTES - used,
					 "%s%" PRIu64, i ? ", " : "[", index[i]);
	(void)snprintf(text + used, ARRAY_SHAPE_TEXT_BYTES - used, "]");
	return text;
}

bool array_type_equal(const struct array_type *a, const struct array_type *b)
{
	return a->dtype == b->dtype && shape_equal(&a->shape, &b->shape);
}

size_t array_type_count(const struct array_type *type)
{
	size_t count = 1;

	for (unsigned i = 0; i < type->shape.dimensions; i++)
		count *= type->shape.extents[i];
	return count;
}

size_t array_type_bytes(const struct array_type *type)
{
	return array_type_count(type) * dtype_table[type->dtype].bytes;
}

int array_type_parse(const char *text, enum dtype usual, struct array_type *type, struct err *err)
{
	const char *colon = strchr(text, ':');
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	enum dtype dtype = usual;

	if (!colon || colon == text || (size_t)(colon - text) >= sizeof(shape)) {
		type->dtype = usual;
		return shape_parse(text, &type->shape, err);
	}
	(void)snprintf(shape, sizeof(shape), "%.*s", (int)(colon - text), text);
	if (dtype_parse(colon + 1, &dtype, err) != 0)
		return -1;
	type->dtype = dtype;
	return shape_parse(shape, &type->shape, err);
}

char *array_type_format(const struct array_type *type, char text[ARRAY_TYPE_TEXT_BYTES])
{
	const char *name = dtype_table[type->dtype].name;
	char shape[ARRAY_SHAPE_TEXT_BYTES];
	bool usual = type->dtype == DTYPE_FLOAT64;

	(void)snprintf(text, ARRAY_TYPE_TEXT_BYTES, "%s%s%s", shape_format(&type->shape, shape),
		       usual ? "" : ":", usual ? "" : name);
	return text;
}

struct array array_describe(const struct array_type *type)
{
	return (struct array){
		.type = *type,
		.count = array_type_count(type),
		.bytes = array_type_bytes(type),
	};
}

void array_swap_bytes(struct array *array)
{
	uint16_t *words = array->data;
	uint32_t *halves = array->data;
	uint64_t *wholes = array->data;
	const size_t bytes = dtype_table[array->type.dtype].bytes;

	for (size_t i = 0; i < array->count && bytes == sizeof(*words); i++)
		words[i] = __builtin_bswap16(words[i]);
	for (size_t i = 0; i < array->count && bytes == sizeof(*halves); i++)
		halves[i] = __builtin_bswap32(halves[i]);
	for (size_t i = 0; i < array->count && bytes == sizeof(*wholes); i++)
		wholes[i] = __builtin_bswap64(wholes[i]);
}
