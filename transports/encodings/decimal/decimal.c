/* SPDX-License-Identifier: MIT */
/* Chooses among the ways to write and read decimal text. See decimal.h. */
#include "transports/encodings/decimal/decimal.h"

#include "transports/encodings/decimal/decimal_format.h"
#include "transports/encodings/decimal/decimal_parse.h"

static bool usable_always(void)
{
	return true;
}

#if defined(__x86_64__)

/* What decimal_avx512.h compiles for, but for lzcnt, which every such processor has. */
static bool usable_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
	       __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512vbmi") &&
	       __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512ifma") &&
	       __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

#endif

size_t decimal_format(double value, char *out)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return decimal_format_avx512(value, out);
#endif
	return decimal_format_portable(value, out);
}

size_t decimal_format_row(const double *values, size_t count, char *out)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return decimal_format_row_avx512(values, count, out);
#endif
	return decimal_format_row_portable(values, count, out);
}

const char *decimal_parse(const char *text, const char *end, double *value)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return decimal_parse_avx512(text, end, value);
#endif
	return decimal_parse_portable(text, end, value);
}

size_t decimal_parse_rows(struct decimal_text *text, double *values,
			  const struct decimal_rows *rows)
{
#if defined(__x86_64__)
	if (usable_avx512())
		return decimal_parse_rows_avx512(text, values, rows);
#endif
	return decimal_parse_rows_portable(text, values, rows);
}

const struct decimal_kernel decimal_kernels[] = {
#if defined(__x86_64__)
	{"avx512", usable_avx512, decimal_format_avx512, decimal_format_row_avx512,
	 decimal_parse_avx512, decimal_parse_rows_avx512},
#endif
	{"portable", usable_always, decimal_format_portable, decimal_format_row_portable,
	 decimal_parse_portable, decimal_parse_rows_portable},
};
const size_t decimal_kernel_count = sizeof(decimal_kernels) / sizeof(decimal_kernels[0]);
