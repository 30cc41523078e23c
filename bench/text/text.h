/* SPDX-License-Identifier: MIT */
/*
 * Text for people and files: numbers that look the same in every locale, and
 * strings from outside made fit for a terminal or a file. Text is UTF-8; a code
 * point is taken to be one column wide.
 */
#ifndef BENCH_TEXT_TEXT_H
#define BENCH_TEXT_TEXT_H

#include <stddef.h>

#define TEXT_NUMBER_BYTES 32

/* 3.14159 with 2 decimals (at most 9) -> "3.14"; "" if not finite. Returns text. */
char *text_fixed(double value, unsigned decimals, char text[TEXT_NUMBER_BYTES]);

/* 31.3 with 4 digits -> "31.30", 12345.6 -> "12346": digits before the point are never cut. */
char *text_significant(double value, unsigned digits, char text[TEXT_NUMBER_BYTES]);

/*
 * Copies from with control characters replaced by spaces and malformed UTF-8
 * by '?'; cut between code points where capacity (at least 1) ends. Returns to.
 */
char *text_clean(char *to, size_t capacity, const char *from);

/* Columns on a terminal, of the whole text or of its first `bytes` bytes. */
size_t text_width(const char *text);
size_t text_width_of(const char *text, size_t bytes);

/* The bytes of text that its first `columns` columns take. */
size_t text_prefix_bytes(const char *text, size_t columns);

#endif
