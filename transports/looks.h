/* SPDX-License-Identifier: MIT */
/*
 * What bytes look like by their beginning. Pure. Each function says whether the bytes, which
 * are the head of something longer or all of it, can be what its name says; none reads on.
 */
#ifndef TRANSPORTS_LOOKS_H
#define TRANSPORTS_LOOKS_H

#include <stdbool.h>
#include <stddef.h>

/* The head of a message. */
struct head {
	const unsigned char *data;
	size_t bytes;
	bool whole; /* nothing follows */
};

/* The head from its first byte on that is no white space. */
struct head looks_trim(struct head head);

/* Whether it begins with word, in capitals or not. */
bool looks_begin(struct head head, const char *word);

/* How many of its first bytes are printable ASCII. */
size_t looks_printable(struct head head);

/* UTF-8 text, white space included, as far as a few words go. */
bool looks_text(struct head head);

/* UTF-16 or UTF-32 of characters that ASCII has; marked: with a byte order mark, and only so. */
bool looks_wide_text(struct head head, bool marked);

/* Hexadecimal digits and nothing else, perhaps behind 0x. */
bool looks_hex(struct head head);

/* Letters of base64, and padding at the end, in one line; of which alphabet and in how many. */
bool looks_base64(struct head head);
bool looks_base64_url(struct head head);
bool looks_base64_lines(struct head head);

/* Reads up to capacity bytes from such letters. Returns how many. */
size_t looks_base64_read(struct head head, unsigned char *to, size_t capacity);

/* Numbers with commas or white space between them, and no brackets. */
bool looks_numbers(struct head head);

/* A name as segments have them, a slash in front of it or not. */
bool looks_name(struct head head);

/* A zlib stream. */
bool looks_zlib(struct head head);

/* A .npy file. */
bool looks_npy(struct head head);

/* A file in safetensors: the length of its header, and an object in JSON. */
bool looks_safetensors(struct head head);

/* A pickle of protocol 2 or above, which begins by saying so. */
bool looks_pickle(struct head head);

/*
 * A pickle of protocol 0 or 1, which has no beginning of its own. Returns "0", "1" or "0 or 1";
 * "" if it may be one as far as it is seen; NULL if it is none.
 */
const char *looks_old_pickle(struct head head);

/* Whether it is one, as far as it is seen. */
bool looks_old_pickle_surely(struct head head);

#endif
