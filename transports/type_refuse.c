/* SPDX-License-Identifier: MIT */
/* Words for an array of another type than the one that was wanted. */
#include "transports/type_refuse.h"

#include <string.h>

int type_refuse(const struct array_type *wanted, const struct type_seen *seen, struct err *err)
{
	char got[ARRAY_SHAPE_TEXT_BYTES] = "()";
	char want[ARRAY_SHAPE_TEXT_BYTES];

	if (seen->shape && seen->shape->dimensions)
		(void)shape_format(seen->shape, got);
	return err_set(err, ERR_WRONG, "the reply is %s%s%s%s, the array %s of shape %s",
		       seen->big_endian ? "big-endian " : "", seen->dtype,
		       seen->shape ? " of shape " : "", seen->shape ? got : "",
		       dtype_table[wanted->dtype].name, shape_format(&wanted->shape, want));
}

int type_refuse_columns(const struct shape *shape, struct err *err)
{
	unsigned wide = 0;

	for (unsigned i = 0; i < shape->dimensions; i++)
		wide += shape->extents[i] > 1;
	if (wide <= 1)
		return 0;
	return err_set(err, ERR_WRONG,
		       "the reply is in Fortran order (columns first), "
		       "the array in C order (send numpy.ascontiguousarray of it)");
}

const char *type_numpy_name(const char *code)
{
	static const char *const names[][2] = {
		{"f8", "float64"},   {"f4", "float32"},     {"f2", "float16"}, {"f16", "float128"},
		{"i8", "int64"},     {"i4", "int32"},       {"i2", "int16"},   {"i1", "int8"},
		{"u8", "uint64"},    {"u4", "uint32"},      {"u2", "uint16"},  {"u1", "uint8"},
		{"c8", "complex64"}, {"c16", "complex128"}, {"b1", "bool"},    {"O8", "object"},
		{"O", "object"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i][0], code) == 0)
			return names[i][1];
	return code;
}

bool type_numpy_converts(const char *code)
{
	return code[0] && strchr("fiub", code[0]);
}
