/* SPDX-License-Identifier: MIT */
/* What both JSON encodings take and refuse, and the words for it. */
#include "transports/encodings/json_words.h"

#include <string.h>

static bool is_white(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

static bool is_digit(char letter)
{
	return letter >= '0' && letter <= '9';
}

static bool is_letter(char letter)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

static bool is_numeral(char letter)
{
	return is_digit(letter) || letter == '.' || letter == '-' || letter == '+' ||
	       letter == 'e' || letter == 'E';
}

#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

/* How the text begins, and what JSON has to say of it. A word ends where its letters do. */
static const struct oddity {
	const char *text;
	const char *words;
	bool word;
	bool start; /* worth saying in front of the list, too: the rest is seen by its beginning */
} oddities[] = {
	{"//", "a comment, which JSON does not have", false, true},
	{"/*", "a comment, which JSON does not have", false, true},
	{"#", "a comment, which JSON does not have", false, true},
	{"\"", "a string, where JSON's numbers have no quotation marks", false, false},
	{"'", "a string, which JSON has in double quotation marks", false, false},
	{"{", "an object", false, false},
	{"+", "JSON's numbers have no plus sign", false, false},
	{".", "JSON's numbers begin with a digit", false, false},
	{"-.", "JSON's numbers begin with a digit", false, false},
	{"\f", "white space that JSON does not have", false, true},
	{"\v", "white space that JSON does not have", false, true},
	{"\xc2\xa0", "white space that JSON does not have", false, true},
	{"NaN", "JSON has no word for what is not finite", true, false},
	{"-NaN", "JSON has no word for what is not finite", true, false},
	{"nan", "JSON has no word for what is not finite", true, false},
	{"-nan", "JSON has no word for what is not finite", true, false},
	{"Infinity", "JSON has no word for what is not finite", true, false},
	{"-Infinity", "JSON has no word for what is not finite", true, false},
	{"inf", "JSON has no word for what is not finite", true, false},
	{"-inf", "JSON has no word for what is not finite", true, false},
	{"None", "Python's word for nothing", true, false},
	{"True", "a truth value, in Python's words", true, false},
	{"False", "a truth value, in Python's words", true, false},
	{"true", "a truth value", true, false},
	{"false", "a truth value", true, false},
};

static bool begins(const char *at, size_t bytes, const struct oddity *oddity)
{
	size_t length = strlen(oddity->text);

	if (bytes < length || memcmp(at, oddity->text, length) != 0)
		return false;
	return !oddity->word || bytes == length || !is_letter(at[length]);
}

/* A number of digits that are not as JSON writes them. */
static const char *number_words(const char *at, size_t bytes)
{
	size_t sign = bytes && *at == '-';
	size_t length = 0;

	while (length < bytes && is_numeral(at[length]))
		length++;
	if (length > JSON_NUMBER_BYTES_MAX)
		return "a number of more than " TEXT_OF(JSON_NUMBER_BYTES_MAX) " characters";

	if (bytes - sign < 2 || !is_digit(at[sign]))
		return NULL;
	if (at[sign] == '0' && is_digit(at[sign + 1]))
		return "JSON's numbers have no leading zeros";
	while (sign < bytes && is_digit(at[sign]))
		sign++;
	if (sign < bytes && at[sign] == '.' && (sign + 1 == bytes || !is_digit(at[sign + 1])))
		return "JSON's numbers have digits behind the point";
	return NULL;
}

static const char *place_words(char letter, enum json_place place)
{
	if (place == JSON_AFTER_COMMA && (letter == ']' || letter == '}'))
		return "the comma before it is one too many";
	if (place == JSON_AFTER_ELEMENT && (is_digit(letter) || letter == '-'))
		return "a comma is missing before it";
	if (place == JSON_AFTER_LIST && (letter == '[' || letter == '{' || letter == '"'))
		return "a second document";
	return letter ? NULL : "a NUL";
}

static const char *words_for(const char *at, size_t bytes, enum json_place place)
{
	const char *words = place_words(*at, place);

	for (size_t i = 0; !words && i < sizeof(oddities) / sizeof(oddities[0]); i++)
		if (begins(at, bytes, &oddities[i]) &&
		    (oddities[i].start || place != JSON_AT_START))
			words = oddities[i].words;
	return words || place == JSON_AT_START ? words : number_words(at, bytes);
}

int json_add_words(const char *at, size_t bytes, enum json_place place, struct err *err)
{
	const char *words = bytes ? words_for(at, bytes, place) : NULL;

	return words ? err_add(err, " (%s)", words) : -1;
}

enum json_place json_place_of(const char *text, size_t at)
{
	while (at && is_white(text[at - 1]))
		at--;
	if (at == 0)
		return JSON_AT_START;
	if (text[at - 1] == ',')
		return JSON_AFTER_COMMA;
	return text[at - 1] == '[' ? JSON_IN_PLACE_OF_ELEMENT : JSON_AFTER_ELEMENT;
}

static size_t skip_digits(const char *text, size_t bytes, size_t at)
{
	while (at < bytes && is_digit(text[at]))
		at++;
	return at;
}

/* The end of the number at text[at], or at if it is not written as JSON's are. */
static size_t number_end(const char *text, size_t bytes, size_t at)
{
	size_t first = at + (text[at] == '-');
	size_t end = skip_digits(text, bytes, first);
	size_t part;

	if (end == first || (text[first] == '0' && end - first > 1))
		return at;
	if (end < bytes && text[end] == '.') {
		part = end + 1;
		end = skip_digits(text, bytes, part);
		if (end == part)
			return at;
	}
	if (end < bytes && (text[end] == 'e' || text[end] == 'E')) {
		part = end + 1;
		part += part < bytes && (text[part] == '+' || text[part] == '-');
		end = skip_digits(text, bytes, part);
		if (end == part)
			return at;
	}
	return (end < bytes && is_numeral(text[end])) || end - at > JSON_NUMBER_BYTES_MAX ? at :
											    end;
}

/* The last byte of the string that begins at text[at], or of the text. */
static size_t string_end(const char *text, size_t bytes, size_t at)
{
	while (++at < bytes && text[at] != '"')
		at += text[at] == '\\';
	return at < bytes ? at : bytes - 1;
}

static bool is_number_start(const char *text, size_t bytes, size_t at)
{
	return is_digit(text[at]) || (text[at] == '-' && at + 1 < bytes &&
				      (is_digit(text[at + 1]) || text[at + 1] == '.'));
}

size_t json_find_lax(const char *text, size_t bytes, bool *over)
{
	size_t depth = 0;

	*over = false;
	if (bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return 0;
	for (size_t i = 0; i < bytes; i++) {
		char letter = text[i];

		if (is_white(letter))
			continue;
		if (*over || (unsigned char)letter < ' ')
			return i;
		if (letter == '"') {
			i = string_end(text, bytes, i);
		} else if (is_number_start(text, bytes, i)) {
			size_t end = number_end(text, bytes, i);

			if (end == i)
				return i;
			i = end - 1;
		} else if (letter == '[' || letter == '{') {
			depth++;
		} else if ((letter == ']' || letter == '}') && depth) {
			*over = --depth == 0;
		}
	}
	return bytes;
}

bool json_is_blank(const char *text, size_t bytes)
{
	while (bytes && is_white(text[bytes - 1]))
		bytes--;
	return bytes == 0;
}
