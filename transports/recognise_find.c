/* SPDX-License-Identifier: MIT */
/* What a message looks like by its beginning and its length. */
#include "transports/recognise_find.h"

#include <string.h>

#include "transports/message.h"
#include "transports/recognise_size.h"

#define LETTERS_MIN 16 /* fewer are a word as likely as base64 or hexadecimal */

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
	{"\x93NUMPY",
	 {"a .npy file, which has a header", "the encoding npy takes those", false}},
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

bool find_binary(struct head head, struct finding *found)
{
	const struct magic *magic = find_magic(head);

	if (magic)
		*found = magic->found;
	else if (looks_safetensors(head))
		*found = (struct finding){"a file in safetensors",
					  "the encoding safetensors takes those", false};
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
static bool find_string(const struct seen *seen, struct head text, struct finding *found)
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

static bool has_length(const struct seen *seen, uint64_t bytes)
{
	return seen_array_bytes(seen) && seen->length_bytes == bytes;
}

/* Letters without spaces, for whatever they stand. */
bool find_letters(const struct seen *seen, struct finding *found)
{
	struct head head = seen_head(seen);
	const uint64_t hex = 2 * seen_array_bytes(seen);

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

static bool find_path(const struct seen *seen, struct head text, struct finding *found)
{
	if (seen->wanted != FORM_NAME ||
	    (!looks_begin(text, "/") && !looks_begin(text, ".") && !looks_begin(text, "file:")))
		return false;
	*found = (struct finding){"a path", "send the segment's name alone, without folders", true};
	return true;
}

static bool find_text(const struct seen *seen, struct finding *found)
{
	struct head text = looks_trim(seen_head(seen));

	if (!looks_text(text))
		return false;
	if (find_string(seen, text, found) || find_opening(text, found) ||
	    find_path(seen, text, found) || find_letters(seen, found))
		return true;
	if (looks_old_pickle_surely(seen_head(seen)))
		*found = (struct finding){"a pickle of protocol 0 or 1",
					  "the encoding pickle takes 2 to 5", true};
	else if (seen->wanted == FORM_LIST && looks_numbers(text))
		*found = (struct finding){"numbers without brackets", NULL, true};
	else if (!seen_wants_text(seen))
		*found = (struct finding){"text", NULL, true};
	return found->what != NULL;
}

/* What has the size of the array's bytes and is no text. */
static bool find_raw(const struct seen *seen, struct finding *found)
{
	if (seen->wanted == FORM_ANY || !has_length(seen, seen_array_bytes(seen)))
		return false;
	*found = (struct finding){"the array's bytes as they are", "the encoding bytes takes those",
				  false};
	return true;
}

static bool has_size(const struct seen *seen)
{
	return seen->type && seen->message_bytes && seen->length_bytes != MESSAGE_LENGTH_UNKNOWN &&
	       size_add_words(seen->type, seen->message_bytes, seen->length_bytes, NULL);
}

bool find_stranger(const struct seen *seen, struct finding *found)
{
	struct head head = seen_head(seen);

	*found = (struct finding){0};
	/* The elements of another dtype can look like much else. */
	if (seen->wanted == FORM_ANY && !find_magic(head) && !looks_safetensors(head) &&
	    !looks_wide_text(head, true) && !looks_text(looks_trim(head)) && has_size(seen))
		return false;
	if (find_binary(head, found) || find_text(seen, found) || find_raw(seen, found))
		return true;
	if (looks_old_pickle_surely(head))
		*found = (struct finding){"a pickle of protocol 1",
					  "the encoding pickle takes 2 to 5", false};
	return found->what != NULL;
}

