/* SPDX-License-Identifier: MIT */
/* An array's type as people write it, and what they may have meant. */
#include "bench/plan/type_read.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/plan/dtype_read.h"
#include "bench/text/quantity.h"

#define DIGITS "0123456789"

size_t type_item_length(const char *text)
{
	size_t length = 0;
	bool inside = false;

	for (; text[length] && (inside || text[length] != ','); length++) {
		if (strchr("()[]", text[length]))
			inside = text[length] == '(' || text[length] == '[';
	}
	return length;
}

/* The bytes of the sign between two extents that stands at text, or 0. */
static size_t sign_bytes(const char *text)
{
	static const char *const signs[] = {"x", "X", "*", "\xc3\x97", ",", ";", " "};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strncmp(text, signs[i], strlen(signs[i])) == 0)
			return strlen(signs[i]);
	return 0;
}

/* Takes extents with any signs between them, perhaps in brackets, for a type. */
static bool extents_guess(const char *text, enum dtype usual, struct array_type *type)
{
	char like[ARRAY_TYPE_TEXT_BYTES];
	size_t used = 0;
	size_t bytes;

	text += strspn(text, " ([");
	if (!strspn(text, DIGITS))
		return false;
	while ((bytes = strspn(text, DIGITS))) {
		used += (size_t)snprintf(like + used, sizeof(like) - used, "%s%.*s",
					 used ? "x" : "", (int)(bytes < 32 ? bytes : 32), text);
		if (used >= sizeof(like))
			return false;
		for (text += bytes; (bytes = sign_bytes(text)); text += bytes)
			;
	}
	if (strchr("xX*\x97", text[-1])) /* an extent is missing there */
		return false;
	text += strspn(text, " )]");
	if (*text && *text != ':')
		return false;
	(void)snprintf(like + used, sizeof(like) - used, "%s", text);
	return array_type_parse(like, usual, type, NULL) == 0;
}

/* Takes "4K" and "1.5 MB" for the size of an array. */
static bool size_guess(const char *text, uint64_t *bytes)
{
	return *text && !strchr(DIGITS ".", text[strlen(text) - 1]) &&
	       quantity_bytes(text, bytes) == 0 && *bytes < INT64_MAX;
}

/* Several types stand where one is wanted; if each is one extent, they may be meant as one. */
static int several_say(const char *text, enum dtype usual, struct err *err)
{
	char hint[ARRAY_TYPE_TEXT_BYTES];
	struct array_type meant;

	if (!strpbrk(text, "xX()[]") && extents_guess(text, usual, &meant))
		return err_set(err, ERR_USAGE,
			       "shape \"%.80s\" is malformed: a comma separates shapes; for one "
			       "write %.80s",
			       text, array_type_format(&meant, hint));
	return err_set(err, ERR_USAGE,
		       "shape \"%.80s\" is malformed: a comma separates shapes, and one is wanted",
		       text);
}

static int guess_say(const char *text, enum dtype usual, const struct err *first, struct err *err)
{
	char hint[ARRAY_TYPE_TEXT_BYTES];
	struct array_type meant;
	uint64_t bytes;

	if (text[type_item_length(text)])
		return several_say(text, usual, err);
	if (strpbrk(text, "xX*,; ()[]\xc3") && extents_guess(text, usual, &meant))
		return err_set(err, ERR_USAGE, "shape \"%.80s\" is malformed: write %.80s", text,
			       array_type_format(&meant, hint));
	if (size_guess(text, &bytes) && bytes % dtype_table[usual].bytes == 0)
		return err_set(err, ERR_USAGE,
			       "shape \"%.80s\" is malformed: extents count elements; write "
			       "%" PRIu64 " for an array of %" PRIu64 " bytes of %s",
			       text, bytes / dtype_table[usual].bytes, bytes,
			       dtype_table[usual].name);
	return err_set(err, first->kind, "%s", first->message);
}

/* Fails with what is wrong with the dtype behind the colon, if anything is. */
static int dtype_check(const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');
	enum dtype dtype;

	return colon && colon > text && !text[type_item_length(text)] ?
		       dtype_read(colon + 1, &dtype, err) :
		       0;
}

int type_read(const char *text, enum dtype usual, struct array_type *type, struct err *err)
{
	struct array_type read;
	struct err first = {0};

	if (dtype_check(text, err) != 0)
		return -1;
	if (array_type_parse(text, usual, &read, &first) != 0)
		return guess_say(text, usual, &first, err);
	*type = read;
	return 0;
}
