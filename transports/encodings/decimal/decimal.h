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
 * [text, end) and never at end or beyond it. The value is the nearest float64, of two as
 * near the even one, whatever the number of digits and the exponent: too small is zero
 * and too large is infinite, with the sign. Returns the first byte after the number (that
 * a comma or the like follows is for the caller to see), or NULL, with value untouched,
 * where there is none: "", "+1", "01", "1.", ".5", "1e".
 */
const char *decimal_parse(const char *text, const char *end, double *value);

/* A number this long is not for decimal_parse_rows: nobody writes such a one. */
#define DECIMAL_ROW_LONGEST 1024

/* A text that is read from at on. What lies before at may be looked at, but never counts. */
struct decimal_text {
	const char *begin;
	const char *at;
	const char *end;
};

/* Numbers with a comma between two, and "],[" between two rows of them. None of these is 0. */
struct decimal_rows {
	size_t left;  /* numbers that the first row has */
	size_t each;  /* those that others have */
	size_t count; /* in all; the last need not end its row */
};

/*
 * As decimal_parse for rows of numbers. Stops before what it cannot read, before a number
 * that goes up to the end, since it may go on, and after one that is followed by other
 * than rows say. Returns how many it read, and sets text->at to the byte after the last
 * of them, if any. Those of the count values that were not read may have changed.
 */
size_t decimal_parse_rows(struct decimal_text *text, double *values,
			  const struct decimal_rows *rows);

/* The ways to do the above, best first, for the tests; the last is usable everywhere. */
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
