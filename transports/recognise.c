/* SPDX-License-Identifier: MIT */
/* What a message looks like that is not what was wanted. */
#include "transports/recognise.h"

#include <limits.h>
#include <string.h>

#include "transports/looks.h"
#include "transports/message.h"

#define QUOTE_BYTES 64   /* of a message's beginning, escapes included */
#define TOLD_BYTES 12    /* so many of its characters in the words already: they quote it */
#define TOLD_BYTES_MIN 3 /* fewer stand there by chance */
#define LETTERS_MIN 16   /* fewer are a word as likely as base64 or hexadecimal */

static struct head head_of(const struct recognise *seen)
{
	return (struct head){seen->data, seen->bytes, seen->bytes == seen->length_bytes};
}

static bool is_list(const struct recognise *seen)
{
	struct head head = head_of(seen);

	return looks_begin(looks_trim(head), "[") && !looks_wide_text(head, false);
}

static bool is_base64(const struct recognise *seen)
{
	return looks_base64(head_of(seen));
}

static bool is_old_pickle(struct head head)
{
	const char *protocol = looks_old_pickle(head);

	return protocol && protocol[0];
}

static bool is_pickle(const struct recognise *seen)
{
	return (seen->bytes && *(const unsigned char *)seen->data == 0x80) ||
	       is_old_pickle(head_of(seen));
}

static bool is_name(const struct recognise *seen)
{
	return looks_name(head_of(seen)) &&
	       (seen->length_bytes <= NAME_MAX || seen->length_bytes == MESSAGE_LENGTH_UNKNOWN);
}

/* What is wanted, and how a message is known to be that. */
static const struct {
	bool (*is)(const struct recognise *seen);
	const char *words;
	bool text;
} forms[] = {
	[FORM_ANY] = {NULL, "the array's bytes alone are wanted", false},
	[FORM_LIST] = {is_list, "nested lists of numbers are wanted", true},
	[FORM_BASE64] = {is_base64, "base64 of the array's bytes is wanted", true},
	[FORM_PICKLE] = {is_pickle, "a pickled numpy array is wanted", false},
	[FORM_NAME] = {is_name, "the segment's name alone is wanted", true},
	[FORM_UNKNOWN] = {NULL, "", true},
};

bool recognise_wanted(const struct recognise *seen)
{
	return forms[seen->wanted].is && forms[seen->wanted].is(seen);
}

/* What was recognised. Zeroed: nothing. */
struct finding {
	const char *what;
	const char *remedy; /* NULL: say what is wanted; "": nothing helps */
	bool shown;         /* its beginning says more */
};

#define UNCOMPRESSED "send it uncompressed"

/* Formats that begin with bytes of their own. */
static const struct magic {
	const char *bytes;
	struct finding found;
} magics[] = {
	{"\xef\xbb\xbf", {"text behind a byte order mark, or BOM", "send it without that", true}},
	{"\x1f\x8b\x08", {"gzip", UNCOMPRESSED, false}},
	{"\x28\xb5\x2f\xfd", {"zstd", UNCOMPRESSED, false}},
	{"\xfd"
	 "7zXZ",
	 {"xz", UNCOMPRESSED, false}},
	{"BZh", {"bzip2", UNCOMPRESSED, false}},
	{"\x04\x22\x4d\x18", {"lz4", UNCOMPRESSED, false}},
	{"PK\x03\x04", {"a zip archive, as .npz files are", NULL, false}},
	{"\x93NUMPY", {"a .npy file, which has a header", NULL, false}},
	{"\x89PNG\r\n", {"an image in PNG", NULL, false}},
	{"\xff\xd8\xff", {"an image in JPEG", NULL, false}},
	{"\x89HDF\r\n", {"an HDF5 file", NULL, false}},
};

static const struct magic *find_magic(struct head head)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
		size_t count = strlen(magics[i].bytes);

		if (head.bytes >= count && memcmp(head.data, magics[i].bytes, count) == 0)
			return &magics[i];
	}
	return NULL;
}

/* What is no text, whatever is wanted. */
static bool find_binary(struct head head, struct finding *found)
{
	const struct magic *magic = find_magic(head);

	if (magic)
		*found = magic->found;
	else if (looks_wide_text(head, false))
		*found = (struct finding){"text in UTF-16 or UTF-32", "send UTF-8", false};
	else if (looks_zlib(head))
		*found = (struct finding){"zlib", UNCOMPRESSED, false};
	else if (looks_pickle(head))
		*found = (struct finding){"a pickle", "the encoding pickle takes those", false};
	return found->what != NULL;
}

/* What texts begin with, behind white space. */
static const struct {
	const char *word;
	struct finding found;
} openings[] = {
	{"<!doctype html", {"an HTML page", "", true}},
	{"<html", {"an HTML page", "", true}},
	{"<head", {"an HTML page", "", true}},
	{"<body", {"an HTML page", "", true}},
	{"<", {"HTML or XML", "", true}},
	{"http/1.", {"a whole reply of HTTP", NULL, true}},
	{"data: ", {"an event stream", NULL, true}},
	{"data:", {"a data: URL", NULL, true}},
	{"b'", {"Python's repr of bytes", "send them as they are", true}},
	{"b\"", {"Python's repr of bytes", "send them as they are", true}},
	{"array(", {"Python's repr of an array", NULL, true}},
	{"'", {"text in quotation marks", "send it without them", true}},
	{"{", {"an object in JSON", NULL, true}},
	{"[", {"a list in JSON", "the encoding json takes those", true}},
};

static bool find_opening(struct head text, struct finding *found)
{
	for (size_t i = 0; i < sizeof(openings) / sizeof(openings[0]); i++) {
		if (looks_begin(text, openings[i].word)) {
			*found = openings[i].found;
			return true;
		}
	}
	return false;
}

/* Text in quotation marks. What is in them may be what is wanted. */
static bool find_string(const struct recognise *seen, struct head text, struct finding *found)
{
	bool inner = seen->wanted == FORM_BASE64 || seen->wanted == FORM_NAME;
	struct head rest = {text.data + 1, text.bytes - 1, false};

	if (!looks_begin(text, "\""))
		return false;
	if (looks_begin(looks_trim(rest), "["))
		*found = (struct finding){"a list within a string in JSON", "it was encoded twice",
					  true};
	else
		*found = (struct finding){"a string in JSON, in quotation marks",
					  inner ? "send the text alone" : NULL, true};
	return true;
}

/* Of the array that is wanted; 0 if that is unknown. */
static uint64_t wanted_bytes(const struct recognise *seen)
{
	return seen->type ? array_type_bytes(seen->type) : 0;
}

static bool has_length(const struct recognise *seen, uint64_t bytes)
{
	return wanted_bytes(seen) && seen->length_bytes == bytes;
}

/* Letters without spaces, for whatever they stand. */
static bool find_letters(const struct recognise *seen, struct finding *found)
{
	struct head head = head_of(seen);
	const uint64_t hex = 2 * wanted_bytes(seen);

	if (seen->bytes < LETTERS_MIN && seen->wanted != FORM_BASE64)
		return false;
	if (looks_hex(head) &&
	    (seen->wanted != FORM_BASE64 || has_length(seen, hex) || has_length(seen, hex + 2)))
		*found = (struct finding){"hexadecimal digits", NULL, true};
	else if (looks_base64_lines(head))
		*found = (struct finding){"base64 with line breaks", "send it without them", true};
	else if (looks_base64_url(head))
		*found = (struct finding){"base64 of the URL-safe alphabet",
					  "send the usual one, with + and /", true};
	else if (seen->wanted != FORM_BASE64 && looks_base64(head))
		*found = (struct finding){"base64", "the encoding base64 takes that", true};
	return found->what != NULL;
}

static bool find_path(const struct recognise *seen, struct head text, struct finding *found)
{
	if (seen->wanted != FORM_NAME ||
	    (!looks_begin(text, "/") && !looks_begin(text, ".") && !looks_begin(text, "file:")))
		return false;
	*found = (struct finding){"a path", "send the segment's name alone, without folders", true};
	return true;
}

static bool find_text(const struct recognise *seen, struct finding *found)
{
	struct head text = looks_trim(head_of(seen));

	if (!looks_text(text))
		return false;
	if (find_string(seen, text, found) || find_opening(text, found) ||
	    find_path(seen, text, found) || find_letters(seen, found))
		return true;
	if (is_old_pickle(head_of(seen)))
		*found = (struct finding){"a pickle of protocol 0 or 1",
					  "the encoding pickle takes 2 to 5", true};
	else if (seen->wanted == FORM_LIST && looks_numbers(text))
		*found = (struct finding){"numbers without brackets", NULL, true};
	else if (!forms[seen->wanted].text)
		*found = (struct finding){"text", NULL, true};
	return found->what != NULL;
}

/* What has the size of the array's bytes and is no text. */
static bool find_raw(const struct recognise *seen, struct finding *found)
{
	if (seen->wanted == FORM_ANY || !has_length(seen, wanted_bytes(seen)))
		return false;
	*found = (struct finding){"the array's bytes as they are", "the encoding bytes takes those",
				  false};
	return true;
}

/* Adds what would have that size. Whether anything would; err NULL: only that. */
static bool add_seen_size(const struct recognise *seen, struct err *err)
{
	return seen->type && seen->message_bytes && seen->length_bytes != MESSAGE_LENGTH_UNKNOWN &&
	       recognise_add_size(seen->type, seen->message_bytes, seen->length_bytes, err);
}

static bool find(const struct recognise *seen, struct finding *found)
{
	struct head head = head_of(seen);

	*found = (struct finding){0};
	/* The elements of another dtype can look like much else. */
	if (seen->wanted == FORM_ANY && !find_magic(head) && !looks_wide_text(head, true) &&
	    !looks_text(looks_trim(head)) && add_seen_size(seen, NULL))
		return false;
	if (find_binary(head, found) || find_text(seen, found) || find_raw(seen, found))
		return true;
	if (is_old_pickle(head))
		*found = (struct finding){"a pickle of protocol 1",
					  "the encoding pickle takes 2 to 5", false};
	return found->what != NULL;
}

/* Whether the words show the beginning already. */
static bool is_told(const struct recognise *seen, const struct err *err)
{
	struct head text = looks_trim(head_of(seen));
	char told[TOLD_BYTES + 1] = "";
	size_t bytes = looks_printable(text);

	if (bytes < TOLD_BYTES_MIN && bytes < text.bytes)
		return false;
	memcpy(told, text.data, bytes < TOLD_BYTES ? bytes : TOLD_BYTES);
	return told[0] && strstr(err->message, told);
}

static void add_quote(const struct recognise *seen, const char *before, struct err *err)
{
	char quote[QUOTE_BYTES];

	if (!is_told(seen, err))
		(void)err_add(err, "%s: %s", before,
			      err_quote(quote, sizeof(quote), seen->data, seen->bytes));
}

static void add_finding(const struct recognise *seen, const struct finding *found, struct err *err)
{
	const char *remedy = found->remedy ? found->remedy : forms[seen->wanted].words;

	(void)err_add(err, "; it looks like %s", found->what);
	if (remedy[0] && seen->wanted != FORM_UNKNOWN)
		(void)err_add(err, " (%s)", remedy);
	if (found->shown)
		add_quote(seen, "", err);
}

/* Base64 as it should be, but of something else. */
static bool add_in_base64(const struct recognise *seen, struct err *err)
{
	unsigned char inner[RECOGNISE_BYTES];
	size_t bytes = looks_base64_read(head_of(seen), inner, sizeof(inner));
	struct finding found = {0};

	if (find_letters(seen, &found))
		add_finding(seen, &found, err);
	else if (find_binary((struct head){inner, bytes, false}, &found))
		(void)err_add(err, "; it looks like base64 of %s", found.what);
	return found.what != NULL;
}

/* Base64 of a length that tells what went wrong. */
static bool add_base64_length(const struct recognise *seen, struct err *err)
{
	const uint64_t raw = wanted_bytes(seen);
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

/* To what is of the form that is wanted. Letters of base64 may be another word's. */
static bool add_wanted(const struct recognise *seen, struct err *err)
{
	if (seen->wanted != FORM_BASE64)
		return false;
	if (add_in_base64(seen, err) || add_base64_length(seen, err) || add_seen_size(seen, err))
		return true;
	add_quote(seen, "; it begins", err);
	return false;
}

bool recognise_add(const struct recognise *seen, struct err *err)
{
	struct finding found;

	if (!err || err->kind == ERR_NONE)
		return false;
	if (seen->bytes == 0) {
		if (seen->length_bytes == 0 && !strstr(err->message, "empty"))
			(void)err_add(err, "; it is empty");
		return seen->length_bytes == 0;
	}
	if (recognise_wanted(seen))
		return add_wanted(seen, err);
	if (find(seen, &found)) {
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
	const struct recognise seen = {
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
