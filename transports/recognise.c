/* SPDX-License-Identifier: MIT */
/* What a message looks like that is not what was wanted: the words. */
#include "transports/recognise.h"

#include <string.h>

#include "transports/message.h"
#include "transports/recognise_find.h"
#include "transports/recognise_size.h"

#define QUOTE_BYTES 64   /* of a message's beginning, escapes included */
#define TOLD_BYTES 12    /* so many of its characters in the words already: they quote it */
#define TOLD_BYTES_MIN 3 /* fewer stand there by chance */

/* Adds what would have that size. Whether anything would. */
static bool add_seen_size(const struct seen *seen, struct err *err)
{
	return seen->type && seen->message_bytes && seen->length_bytes != MESSAGE_LENGTH_UNKNOWN &&
	       size_add_words(seen->type, seen->message_bytes, seen->length_bytes, err);
}

/* Whether the words show the beginning already. */
static bool is_told(const struct seen *seen, const struct err *err)
{
	struct head text = looks_trim(seen_head(seen));
	char told[TOLD_BYTES + 1] = "";
	size_t bytes = looks_printable(text);

	if (bytes < TOLD_BYTES_MIN && bytes < text.bytes)
		return false;
	memcpy(told, text.data, bytes < TOLD_BYTES ? bytes : TOLD_BYTES);
	return told[0] && strstr(err->message, told);
}

static void add_quote(const struct seen *seen, const char *before, struct err *err)
{
	char quote[QUOTE_BYTES];

	if (!is_told(seen, err))
		(void)err_add(err, "%s: %s", before,
			      err_quote(quote, sizeof(quote), seen->data, seen->bytes));
}

static void add_finding(const struct seen *seen, const struct finding *found, struct err *err)
{
	const char *remedy = found->remedy ? found->remedy : seen_wanted_words(seen);

	(void)err_add(err, "; it looks like %s", found->what);
	if (remedy[0] && seen->wanted != FORM_UNKNOWN)
		(void)err_add(err, " (%s)", remedy);
	if (found->shown)
		add_quote(seen, "", err);
}

/* Base64 as it should be, but of something else. */
static bool add_in_base64(const struct seen *seen, struct err *err)
{
	unsigned char inner[SEEN_BYTES_MAX];
	size_t bytes = looks_base64_read(seen_head(seen), inner, sizeof(inner));
	struct finding found = {0};

	if (find_letters(seen, &found))
		add_finding(seen, &found, err);
	else if (find_binary((struct head){inner, bytes, false}, &found))
		(void)err_add(err, "; it looks like base64 of %s", found.what);
	return found.what != NULL;
}

/* Base64 of a length that tells what went wrong. */
static bool add_base64_length(const struct seen *seen, struct err *err)
{
	const uint64_t raw = seen_array_bytes(seen);
	uint64_t whole = raw && seen->message_bytes ? seen->message_bytes(raw) : 0;

	if (!whole)
		return false;
	if (raw % 3 && seen->length_bytes < whole && seen->length_bytes >= whole - (3 - raw % 3))
		(void)err_add(err, "; its padding, =, is missing");
	else if (seen->length_bytes == seen->message_bytes(whole))
		(void)err_add(err, "; it looks like base64 of base64 (it was encoded twice)");
	else
		return false;
	return true;
}

/* To what is of the form that is wanted. A few letters of base64 may be another word's. */
static bool add_wanted(const struct seen *seen, struct err *err)
{
	if (seen->wanted != FORM_BASE64)
		return false;
	if (add_in_base64(seen, err) || add_base64_length(seen, err) || add_seen_size(seen, err))
		return true;
	if (seen->bytes == seen->length_bytes && seen->bytes < QUOTE_BYTES)
		add_quote(seen, "; it begins", err);
	return false;
}

bool recognise_add(const struct seen *seen, struct err *err)
{
	struct finding found;

	if (!err || err->kind == ERR_NONE)
		return false;
	if (seen->bytes == 0) {
		if (seen->length_bytes == 0 && !strstr(err->message, "empty"))
			(void)err_add(err, "; it is empty");
		return seen->length_bytes == 0;
	}
	if (seen_is_wanted(seen))
		return add_wanted(seen, err);
	if (find_stranger(seen, &found)) {
		add_finding(seen, &found, err);
		return true;
	}
	if (seen->wanted == FORM_ANY && add_seen_size(seen, err))
		return true;
	add_quote(seen, "; it begins", err);
	return false;
}

void recognise_add_message(const void *data, size_t bytes, uint64_t length_bytes, struct err *err)
{
	const struct seen seen = {
		.data = data,
		.bytes = bytes,
		.length_bytes = length_bytes,
		.wanted = FORM_UNKNOWN,
	};

	(void)recognise_add(&seen, err);
}

const char *recognise_byte(unsigned char byte)
{
	static const char *const words[256] = {
		['\n'] = "a line break",
		['\r'] = "a line break",
		[' '] = "a space",
		['\t'] = "a tab",
		['\0'] = "a NUL",
		['"'] = "a quotation mark",
		['\''] = "a quotation mark",
		['-'] = "a letter of the URL-safe alphabet",
		['_'] = "a letter of the URL-safe alphabet",
	};

	return words[byte] ? words[byte] : "";
}
