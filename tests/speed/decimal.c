/* SPDX-License-Identifier: MIT */
/* Nanoseconds per float64 to write and read decimal text, beside C++'s <charconv>. */
#include "transports/encodings/decimal/decimal.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/speed/verdict.h"

#define COUNT 1000000
#define ROUNDS 15
#define BOUND_FORMAT_NS 25
#define BOUND_PARSE_NS 15

/* tests/speed/decimal_charconv.cpp */
size_t charconv_format(double value, char *out);
const char *charconv_parse(const char *text, const char *end, double *value);

struct work {
	double *values;
	double *back;
	char *text; /* what the formatters write */
	char *row;  /* the values, joined with commas: what the parsers read */
	size_t row_length;
};

struct way {
	const char *name;
	size_t (*format)(double value, char *out);
	size_t (*format_row)(const double *values, size_t count, char *out);
	const char *(*parse)(const char *text, const char *end, double *value);
	size_t (*parse_rows)(struct decimal_text *text, double *values,
			     const struct decimal_rows *rows);
};

struct times {
	double format;
	double format_row;
	double parse;
	double parse_row;
};

static double now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Uniform in (0, 1): a xorshift generator is random enough here. */
static double uniform(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return ((double)(*state >> 11) + 0.5) * 0x1p-53;
}

static void fill_normal(double *values)
{
	uint64_t state = UINT64_C(88172645463325252);

	for (size_t i = 0; i < COUNT; i++) {
		const double size = sqrt(-2 * log(uniform(&state)));

		values[i] = size * cos(2 * M_PI * uniform(&state));
	}
}

static double time_format(const struct way *way, struct work *work)
{
	const double start = now_ns();
	char *at = work->text;

	for (size_t i = 0; i < COUNT; i++) {
		at += way->format(work->values[i], at);
		*at++ = ',';
	}
	return (now_ns() - start) / COUNT;
}

static double time_format_row(const struct way *way, struct work *work)
{
	const double start = now_ns();

	if (!way->format_row)
		return NAN;
	(void)way->format_row(work->values, COUNT, work->text); /* the length is known */
	return (now_ns() - start) / COUNT;
}

/* Prepares for a reading of the row, and says afterwards whether it was right. */
static void forget(struct work *work)
{
	memset(work->back, 0, COUNT * sizeof(double));
}

static void compare(const struct way *way, const struct work *work)
{
	if (memcmp(work->values, work->back, COUNT * sizeof(double)) != 0)
		printf("%s: does not read what was written\n", way->name);
}

static double time_parse(const struct way *way, struct work *work)
{
	const char *const end = work->row + work->row_length;
	const char *at = work->row;
	double start;

	forget(work);
	start = now_ns();
	for (size_t i = 0; i < COUNT; i++) {
		const char *const after = way->parse(at, end, &work->back[i]);

		at = after ? after + 1 : end;
	}
	start = now_ns() - start;
	compare(way, work);
	return start / COUNT;
}

static double time_parse_row(const struct way *way, struct work *work)
{
	const struct decimal_rows rows = {.left = COUNT, .each = COUNT, .count = COUNT};
	struct decimal_text text = {
		.begin = work->row,
		.at = work->row,
		.end = work->row + work->row_length + 1,
	};
	double start;

	if (!way->parse_rows)
		return NAN;
	forget(work);
	work->row[work->row_length] = ']';
	start = now_ns();
	(void)way->parse_rows(&text, work->back, &rows); /* what it has read is compared */
	start = now_ns() - start;
	compare(way, work);
	return start / COUNT;
}

static void keep_least(double *least, double time)
{
	if (!(*least <= time))
		*least = time;
}

/* One round of every way, so that what disturbs the machine disturbs all of them. */
static void run_round(const struct way *ways, struct times *times, size_t count, struct work *work)
{
	for (size_t i = 0; i < count; i++) {
		keep_least(&times[i].format, time_format(&ways[i], work));
		keep_least(&times[i].format_row, time_format_row(&ways[i], work));
		keep_least(&times[i].parse, time_parse(&ways[i], work));
		keep_least(&times[i].parse_row, time_parse_row(&ways[i], work));
	}
}

/* One by one, which is the slower way. */
static void judge(const char *what, double ours, double charconv, double bound)
{
	printf("%-10s %8.2f <= %.0f, < %.2f of charconv  %s\n", what, ours, bound, charconv,
	       verdict(ours <= bound && ours < charconv));
}

int main(void)
{
	struct work work = {
		.values = malloc(COUNT * sizeof(double)),
		.back = malloc(COUNT * sizeof(double)),
		.text = malloc((size_t)COUNT * (DECIMAL_MAX_BYTES + 1)),
		.row = malloc((size_t)COUNT * DECIMAL_MAX_BYTES),
	};
	struct way ways[8] = {
		{"decimal", decimal_format, decimal_format_row, decimal_parse, decimal_parse_rows},
		{"charconv", charconv_format, NULL, charconv_parse, NULL},
	};
	struct times times[8];
	size_t count = 2;

	if (!work.values || !work.back || !work.text || !work.row)
		abort();
	for (size_t i = 0; i < decimal_kernel_count; i++) {
		const struct decimal_kernel *const kernel = &decimal_kernels[i];

		if (kernel->usable())
			ways[count++] = (struct way){kernel->name, kernel->format,
						     kernel->format_row, kernel->parse,
						     kernel->parse_rows};
	}
	fill_normal(work.values);
	work.row_length = decimal_format_row(work.values, COUNT, work.row);
	memset(times, 0xff, sizeof(times)); /* not numbers: any time is less */
	for (int i = 0; i < ROUNDS; i++)
		run_round(ways, times, count, &work);
	printf("ns per value, least of %d rounds of %d standard normals\n", ROUNDS, COUNT);
	printf("%-10s %8s %8s %8s %8s\n", "", "format", "row", "parse", "row");
	for (size_t i = 0; i < count; i++)
		printf("%-10s %8.2f %8.2f %8.2f %8.2f\n", ways[i].name, times[i].format,
		       times[i].format_row, times[i].parse, times[i].parse_row);
	judge("format", times[0].format, times[1].format, BOUND_FORMAT_NS);
	judge("parse", times[0].parse, times[1].parse, BOUND_PARSE_NS);
	free(work.values);
	free(work.back);
	free(work.text);
	free(work.row);
	return 0;
}
