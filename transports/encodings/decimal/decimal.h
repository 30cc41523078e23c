/* SPDX-License-Identifier: MIT */
/*
 * Decimal text of float64 and back: exact both ways and shortest out. The text is a JSON
 * number, or one of the names by which Python's json module writes what is not finite.
 *
 * Out: one multiplication by a 128-bit power of ten and a look at the fraction, as in
 * Yaoyuan Guo's yyjson; what that cannot decide goes to Raffaello Giulietti's Schubfach
 * ("The Schubfach way to render doubles", 2020). In: Daniel Lemire, "Number parsing at a
 * gigabyte per second" (2021), after Michael Eisel; what that cannot decide is compared
 * with the halfway point in whole numbers of any length. Rows are written and read eight
 * numbers at a time where the processor has AVX-512.
 *
 * Nothing here allocates, blocks, keeps state or depends on the locale.
 */
#ifndef TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_H
#define TRANSPORTS_ENCODINGS_DECIMAL_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes decimal_format may write to: the text (24 at most), and anything after it. */
#define DECIMAL_MAX_BYTES 32

/*
 * Writes to out the shortest text that reads back as value, and of those the closest to
 * it: what Python's repr writes ("0.1", "1.0", "-0.0", "1e-07"), but "NaN", "Infinity"
 * and "-Infinity". Returns the text's length in bytes; writes no NUL. Cannot fail.
 */
size_t decimal_format(double value, char *out);

/*
 * As decimal_format for count values, with a comma between two. out has room for
 * count * DECIMAL_MAX_BYTES. Returns the length of the whole text in bytes.
 */
size_t decimal_format_row(const double *values, size_t count, char *out);

/*
 * Reads one number as JSON spells them, or NaN, Infinity or -Infinity, from the start of
 * [text, end), and never a byte at end or beyond. The value is the nearest float64, the
 * even one of two that are as near, whatever the number of digits and the exponent; what
 * is too small becomes zero and what is too large infinite, with the sign. Returns the
 * first byte after the number, or NULL, with value untouched, if there is no number: "",
 * "+1", "01", "1.", ".5", "1e". The caller sees to what follows the number.
 */
const char *decimal_parse(const char *text, const char *end, double *value);

/* decimal_parse_rows leaves alone a number this long, which no program writes. */
#define DECIMAL_ROW_LONGEST 1024

/* A text that is read from `at` on. The bytes before may be looked at, but never count. */
struct decimal_text {
	const char *begin;
	const char *at;
	const char *end;
};

/* Numbers with a comma between two, and "],[" between two rows of them. No member is 0. */
struct decimal_rows {
	size_t left;  /* numbers that the first row has */
	size_t each;  /* those that others have */
	size_t count; /* in all; the last need not end its row */
};

/*
 * As decimal_parse for rows of numbers. Stops before what it cannot read, before a number
 * that reaches the end, since it may go on there, and after a number that is followed by
 * something else than rows says. Returns how many it read, and sets text->at to the byte
 * after the last of them, if any. Values up to count that were not read may have changed.
 */
size_t decimal_parse_rows(struct decimal_text *text, double *values,
			  const struct decimal_rows *rows);

/* The ways to do all this, best first, for the tests; the last is usable everywhere. */
struct decimal_kernel {
	const char *name;
	bool (*usable)(void);
	size_t (*format)(double value, char *out);
	size_t (*format_row)(const double *values, size_t count, char *out);
	const char *(*parse)(const char *text, const char *end, double *value);
	size_t (*parse_rows)(struct decimal_text *text, double *values,
			     const struct decimal_rows *rows);
};

extern const struct decimal_kernel decimal_kernels[];
extern const size_t decimal_kernel_count;

#endif
