/* SPDX-License-Identifier: MIT */
/* What is said of an element that another dtype has. */
#include "transports/encodings/json_misfit.h"

#include <stdint.h>
#include <string.h>

/* What a dtype's values go from and to; those that are not here take any number. */
static const char *const ranges[DTYPE_COUNT] = {
	[DTYPE_FLOAT32] = "-3.4028235e38 to 3.4028235e38",
	[DTYPE_FLOAT16] = "-65504 to 65504",
	[DTYPE_BFLOAT16] = "-3.39e38 to 3.39e38",
	[DTYPE_INT8] = "-128 to 127",
	[DTYPE_INT16] = "-32768 to 32767",
	[DTYPE_INT32] = "-2147483648 to 2147483647",
	[DTYPE_INT64] = "-9223372036854775808 to 9223372036854775807",
	[DTYPE_UINT8] = "0 to 255",
	[DTYPE_UINT16] = "0 to 65535",
	[DTYPE_UINT32] = "0 to 4294967295",
	[DTYPE_UINT64] = "0 to 18446744073709551615",
	[DTYPE_BOOL] = "false and true, 0 and 1",
};

/* The narrowest first, and integers before floats, which may have to round. */
static const enum dtype by_width[] = {
	DTYPE_BOOL,   DTYPE_UINT8, DTYPE_INT8,   DTYPE_UINT16, DTYPE_INT16,   DTYPE_UINT32,
	DTYPE_INT32,  DTYPE_UINT64, DTYPE_INT64, DTYPE_FLOAT32, DTYPE_FLOAT64,
};

static bool has(enum dtype dtype, const char *word, size_t bytes)
{
	enum decimal_misfit misfit;
	uint64_t value;

	return decimal_types[dtype]->parse(word, word + bytes, &value, &misfit) == word + bytes;
}

/* A dtype that has the value, or DTYPE_COUNT. */
static enum dtype remedy_for(const char *word, size_t bytes)
{
	for (size_t i = 0; i < sizeof(by_width) / sizeof(by_width[0]); i++)
		if (has(by_width[i], word, bytes))
			return by_width[i];
	return DTYPE_COUNT;
}

enum decimal_misfit json_find_misfit(const char *word, size_t bytes)
{
	static const char *const names[] = {"true", "false", "NaN", "Infinity", "-Infinity"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (bytes == strlen(names[i]) && memcmp(word, names[i], bytes) == 0)
			return DECIMAL_NAMED;
	return DECIMAL_FITS;
}

int json_add_misfit(const char *word, size_t bytes, enum dtype dtype, enum decimal_misfit misfit,
		    struct err *err)
{
	const enum dtype remedy = remedy_for(word, bytes);
	const char *name = dtype_table[dtype].name;

	if (misfit == DECIMAL_BEYOND && ranges[dtype])
		(void)err_add(err, "beyond %s's %s", name, ranges[dtype]);
	else if (misfit == DECIMAL_FRACTION)
		(void)err_add(err, "no whole number, as %s has", name);
	else
		(void)err_add(err, "which %s does not have", name);
	if (remedy == DTYPE_COUNT)
		return -1;
	return err_add(err, " (%s%s has it)", *word == 't' || *word == 'f' ? "a truth value; " : "",
		       dtype_table[remedy].name);
}
