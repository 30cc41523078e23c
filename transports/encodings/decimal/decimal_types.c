/* SPDX-License-Identifier: MIT */
/* The rows of all dtypes, and that of float64, which decimal.h has already. */
#include "transports/encodings/decimal/decimal_types.h"

#define DTYPE(id, name, type, kind, code) extern const struct decimal_type decimal_##name;
#include "transports/dtypes.def"
#undef DTYPE

static size_t float64_format_row(const void *elements, size_t count, char *out)
{
	return decimal_format_row(elements, count, out);
}

static const char *float64_parse(const char *text, const char *end, void *element,
				 enum decimal_misfit *misfit)
{
	*misfit = DECIMAL_FITS;
	return decimal_parse(text, end, element);
}

static size_t float64_parse_rows(struct decimal_text *text, void *elements,
				 const struct decimal_rows *rows)
{
	return decimal_parse_rows(text, elements, rows);
}

const struct decimal_type decimal_float64 = {
	float64_format_row,
	float64_parse,
	float64_parse_rows,
};

const struct decimal_type *const decimal_types[DTYPE_COUNT] = {
#define DTYPE(id, name, type, kind, code) [DTYPE_##id] = &decimal_##name,
#include "transports/dtypes.def"
#undef DTYPE
};
