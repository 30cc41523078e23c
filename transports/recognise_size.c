/* SPDX-License-Identifier: MIT */
/* Which dtype, or how many arrays, would have the size that a message has. */
#include "transports/recognise_size.h"

#include <inttypes.h>

#define ARRAYS_MAX 16 /* arrays that are worth a word */

static bool is_size(message_size *sized, uint64_t array_bytes, uint64_t bytes)
{
	return (sized ? sized(array_bytes) : array_bytes) == bytes;
}

/* The name of a dtype of which as many elements have that size, or NULL. */
static const char *dtype_of_size(const struct array_type *type, message_size *sized, uint64_t bytes)
{
	static const struct {
		size_t bytes;
		const char *name;
	} dtypes[] = {
		{1, "uint8"}, {2, "float16"}, {4, "float32"}, {8, "float64"}, {16, "complex128"},
	};

	for (size_t i = 0; i < sizeof(dtypes) / sizeof(dtypes[0]); i++)
		if (dtypes[i].bytes != dtype_table[type->dtype].bytes &&
		    is_size(sized, array_type_count(type) * (uint64_t)dtypes[i].bytes, bytes))
			return dtypes[i].name;
	return NULL;
}

/* How many arrays have that size; 0 if no number of them has. */
static unsigned arrays_of_size(const struct array_type *type, message_size *sized, uint64_t bytes)
{
	for (unsigned i = 2; i <= ARRAYS_MAX; i++)
		if (is_size(sized, (uint64_t)array_type_bytes(type) * i, bytes))
			return i;
	return 0;
}

/* The first of an array's axes that is longer than 1, as a matrix has rows. */
static uint64_t rows_of(const struct shape *shape)
{
	for (unsigned i = 0; i < shape->dimensions; i++)
		if (shape->extents[i] > 1)
			return shape->extents[i];
	return 1;
}

/* Of how many along that axis one has that size; 0 if none has. */
static uint64_t rows_of_size(const struct array_type *type, message_size *sized, uint64_t bytes)
{
	const uint64_t rows = rows_of(&type->shape);

	return rows > 1 && is_size(sized, array_type_bytes(type) / rows, bytes) ? rows : 0;
}

bool size_add_words(const struct array_type *type, message_size *sized, uint64_t bytes,
			struct err *err)
{
	const char *dtype = dtype_of_size(type, sized, bytes);
	const unsigned arrays = arrays_of_size(type, sized, bytes);
	uint64_t rows;

	if (array_type_count(type) == 0)
		return false;
	rows = rows_of_size(type, sized, bytes);
	if (dtype && arrays)
		(void)err_add(err, "; %s, or %u arrays, would have that size", dtype, arrays);
	else if (dtype)
		(void)err_add(err, "; %s would have that size", dtype);
	else if (arrays)
		(void)err_add(err, "; %u arrays would have that size", arrays);
	else if (rows)
		(void)err_add(err,
			      "; 1 of the %" PRIu64 " along an axis would have that size",
			      rows);
	return dtype || arrays || rows;
}
