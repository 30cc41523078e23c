/* SPDX-License-Identifier: MIT */
/* A dtype as people write it, and which one they may have meant. */
#include "bench/plan/dtype_read.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "bench/text/slips.h"

/* What others call them. */
static const struct dtype_alias {
	const char *name;
	enum dtype dtype;
} dtype_aliases[] = {
	{"double", DTYPE_FLOAT64},  {"float", DTYPE_FLOAT32},   {"single", DTYPE_FLOAT32},
	{"half", DTYPE_FLOAT16},    {"fp64", DTYPE_FLOAT64},    {"fp32", DTYPE_FLOAT32},
	{"fp16", DTYPE_FLOAT16},    {"f64", DTYPE_FLOAT64},     {"f32", DTYPE_FLOAT32},
	{"f16", DTYPE_FLOAT16},     {"bf16", DTYPE_BFLOAT16},   {"brain", DTYPE_BFLOAT16},
	{"byte", DTYPE_UINT8},      {"uchar", DTYPE_UINT8},     {"ubyte", DTYPE_UINT8},
	{"char", DTYPE_INT8},       {"sbyte", DTYPE_INT8},      {"short", DTYPE_INT16},
	{"ushort", DTYPE_UINT16},   {"int", DTYPE_INT64},       {"uint", DTYPE_UINT64},
	{"long", DTYPE_INT64},      {"ulong", DTYPE_UINT64},    {"longlong", DTYPE_INT64},
	{"i8", DTYPE_INT8},         {"i16", DTYPE_INT16},       {"i32", DTYPE_INT32},
	{"i64", DTYPE_INT64},       {"u8", DTYPE_UINT8},        {"u16", DTYPE_UINT16},
	{"u32", DTYPE_UINT32},      {"u64", DTYPE_UINT64},      {"boolean", DTYPE_BOOL},
	{"bool8", DTYPE_BOOL},
};

/* What a pickled numpy.dtype says, its byte order included: "f4", "<f4", "|u1". */
static bool code_is(const char *name, enum dtype dtype)
{
	const char *code = dtype_table[dtype].numpy_code;

	return code && strcasecmp(name + (*name && strchr("<>|=", *name)), code) == 0;
}

/* The dtype whose name is nearest to the word, or DTYPE_COUNT if none is near. */
static enum dtype dtype_nearest(const char *name)
{
	size_t least = slips_forgiven(name) + 1;
	enum dtype nearest = DTYPE_COUNT;

	for (unsigned i = 0; i < DTYPE_COUNT; i++) {
		size_t slips = slips_between(name, dtype_table[i].name);

		if (slips < least) {
			least = slips;
			nearest = (enum dtype)i;
		}
	}
	return nearest;
}

/* The dtype that is called so elsewhere, or nearly so here, or DTYPE_COUNT. */
static enum dtype dtype_guess(const char *name)
{
	/* "i8" and "u8" are bits to most, and bytes to numpy alone. */
	for (size_t i = 0; i < sizeof(dtype_aliases) / sizeof(dtype_aliases[0]); i++)
		if (strcasecmp(name, dtype_aliases[i].name) == 0)
			return dtype_aliases[i].dtype;
	for (unsigned i = 0; i < DTYPE_COUNT; i++)
		if (strcasecmp(name, dtype_table[i].name) == 0 || code_is(name, (enum dtype)i))
			return (enum dtype)i;
	return dtype_nearest(name);
}

int dtype_read(const char *name, enum dtype *dtype, struct err *err)
{
	char names[DTYPE_NAMES_BYTES];
	enum dtype meant;

	if (dtype_parse(name, dtype, NULL) == 0)
		return 0;
	meant = dtype_guess(name);
	return err_set(err, ERR_USAGE, "there is no dtype \"%.40s\"%s%s: %s", name,
		       meant == DTYPE_COUNT ? "" : ", did you mean ",
		       meant == DTYPE_COUNT ? "" : dtype_table[meant].name,
		       dtype_names(DTYPE_BITS_ALL, names));
}
