/* SPDX-License-Identifier: MIT */
/*
 * Reads the words of a header, which is a literal of Python's or a document in JSON. Each function
 * goes past what it reads, and past the white space before it, and stays where it is if that is
 * something else.
 */
#ifndef TRANSPORTS_SCAN_H
#define TRANSPORTS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transports/array.h"
#include "transports/err.h"

#define SCAN_TEXT_BYTES 24 /* of a text that is read, with its NUL; longer ones are cut */

struct scan {
	const char *whose;          /* "the reply's header": for words about it */
	const unsigned char *start; /* of the message, likewise */
	const unsigned char *at;
	const unsigned char *end;
};

/* Fails with ERR_PROTOCOL: the header is malformed where the scan has come to. Returns -1. */
int scan_refuse(const struct scan *scan, const char *what, struct err *err);

/* Whether nothing but white space is left. */
bool scan_ended(struct scan *scan);

/* A character, or a word. */
bool scan_char(struct scan *scan, char wanted);
bool scan_word(struct scan *scan, const char *wanted);

/*
 * A text between two of that quotation mark, into text as err_quote shows it. A character behind
 * a backslash belongs to it, whatever it is.
 */
bool scan_text(struct scan *scan, char quote, char text[SCAN_TEXT_BYTES]);

/* A whole number of up to 20 digits that fits, without zeros in front. */
bool scan_number(struct scan *scan, uint64_t *number);

#endif
