/* SPDX-License-Identifier: MIT */
/* What bytes look like by their beginning: texts and their letters. */
#include "transports/looks.h"

#include <ctype.h>
#include <string.h>

#define TEXT_BYTES 8 /* so many characters in a row are no accident */
#define WIDE_BYTES_MIN 8
#define HEX_DIGITS_MIN 16
#define BASE64_BYTES_MIN 16

static bool is_white(unsigned char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static bool is_printable(unsigned char byte)
{
	return byte >= ' ' && byte <= '~';
}

struct head looks_trim(struct head head)
{
	while (head.bytes && is_white(*head.data)) {
		head.data++;
		head.bytes--;
	}
	return head;
}

/* Without the line breaks at its end. */
static struct head chomped(struct head head)
{
	while (head.whole && head.bytes && is_white(head.data[head.bytes - 1]))
		head.bytes--;
	return head;
}

bool looks_begin(struct head head, const char *word)
{
	size_t length = strlen(word);

	if (head.bytes < length)
		return false;
	for (size_t i = 0; i < length; i++)
		if (tolower(head.data[i]) != tolower((unsigned char)word[i]))
			return false;
	return true;
}

size_t looks_printable(struct head head)
{
	size_t count = 0;

	while (count < head.bytes && is_printable(head.data[count]))
		count++;
	return count;
}

/* The length of the UTF-8 character of more than one byte at `at`, or 0. */
static size_t utf8_length(struct head head, size_t at)
{
	const unsigned char first = head.data[at];
	size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

	if (first < 0xc2 || first > 0xf4 || length > head.bytes - at)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((head.data[at + i] & 0xc0) != 0x80)
			return 0;
	return length;
}

bool looks_text(struct head head)
{
	size_t count = head.bytes < TEXT_BYTES ? head.bytes : TEXT_BYTES;

	for (size_t i = 0; i < count; i++) {
		size_t more = utf8_length(head, i);

		if (!is_printable(head.data[i]) && !is_white(head.data[i]) && more == 0)
			return false;
		i += more ? more - 1 : 0;
	}
	return count == TEXT_BYTES || (head.whole && count > 0);
}

/* Characters of ASCII in units of so many bytes, each at offset `at` of its unit, zeros around. */
static bool in_units(struct head head, size_t unit, size_t at)
{
	size_t count = head.bytes - head.bytes % unit;

	for (size_t i = 0; i < count; i++) {
		unsigned char byte = head.data[i];

		if (i % unit == at ? !is_printable(byte) && !is_white(byte) : byte != 0)
			return false;
	}
	return count >= WIDE_BYTES_MIN;
}

bool looks_wide_text(struct head head, bool marked)
{
	static const struct {
		const char *mark;
		size_t bytes, unit, at;
	} kinds[] = {
		{"\xff\xfe\0", 4, 4, 0}, {"\0\0\xfe\xff", 4, 4, 3},
		{"\xff\xfe", 2, 2, 0},   {"\xfe\xff", 2, 2, 1},
		{"", 0, 4, 0},           {"", 0, 4, 3},
		{"", 0, 2, 0},           {"", 0, 2, 1},
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct head rest = head;
		size_t mark = kinds[i].bytes;

		if ((marked && mark == 0) || head.bytes < mark ||
		    memcmp(head.data, kinds[i].mark, mark) != 0)
			continue;
		rest.data += mark;
		rest.bytes -= mark;
		if (in_units(rest, kinds[i].unit, kinds[i].at))
			return true;
	}
	return false;
}

/* How many bytes at the start are among those that the class takes. */
static size_t run(struct head head, bool (*class)(unsigned char))
{
	size_t count = 0;

	while (count < head.bytes && class(head.data[count]))
		count++;
	return count;
}

static bool is_hex_digit(unsigned char byte)
{
	return isxdigit(byte) && byte < 0x80;
}

bool looks_hex(struct head head)
{
	head = chomped(head);
	if (looks_begin(head, "0x")) {
		head.data += 2;
		head.bytes -= 2;
	}
	return head.bytes >= HEX_DIGITS_MIN && run(head, is_hex_digit) == head.bytes;
}

static bool is_letter(unsigned char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= '0' && byte <= '9');
}

static bool is_base64(unsigned char byte)
{
	return is_letter(byte) || byte == '+' || byte == '/';
}

static bool is_base64_url(unsigned char byte)
{
	return is_letter(byte) || byte == '-' || byte == '_';
}

static bool is_base64_line(unsigned char byte)
{
	return is_base64(byte) || byte == '\n' || byte == '\r';
}

/* Letters of the class and then padding, up to the end. */
static bool padded(struct head head, bool (*class)(unsigned char))
{
	size_t letters = run(head, class);
	size_t padding = head.bytes - letters;

	for (size_t i = letters; i < head.bytes; i++)
		if (head.data[i] != '=')
			return false;
	return letters && padding <= 2 && (head.whole || head.bytes >= BASE64_BYTES_MIN);
}

bool looks_base64(struct head head)
{
	return padded(head, is_base64);
}

bool looks_base64_url(struct head head)
{
	return padded(head, is_base64_url) &&
	       (memchr(head.data, '-', head.bytes) || memchr(head.data, '_', head.bytes));
}

bool looks_base64_lines(struct head head)
{
	struct head lines = chomped(head);

	return head.bytes && is_base64(*head.data) && padded(lines, is_base64_line) &&
	       (lines.bytes < head.bytes || memchr(head.data, '\n', head.bytes) ||
		memchr(head.data, '\r', head.bytes));
}

static unsigned letter_value(unsigned char letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 26u;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52u;
	return letter == '+' || letter == '-' ? 62 : 63;
}

size_t looks_base64_read(struct head head, unsigned char *to, size_t capacity)
{
	size_t letters = run(head, is_base64);
	size_t count = 0;

	for (size_t i = 0; i + 4 <= letters && count + 3 <= capacity; i += 4) {
		unsigned group = 0;

		for (size_t k = 0; k < 4; k++)
			group = group << 6 | letter_value(head.data[i + k]);
		to[count++] = (unsigned char)(group >> 16);
		to[count++] = (unsigned char)(group >> 8);
		to[count++] = (unsigned char)group;
	}
	return count;
}

static bool is_name(unsigned char byte)
{
	return is_letter(byte) || byte == '_' || byte == '-' || byte == '.';
}

static bool is_numeral(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || (byte && strchr("+-.eE,; \t\r\n", byte));
}

bool looks_numbers(struct head head)
{
	return head.bytes > 1 && run(head, is_numeral) == head.bytes &&
	       (memchr(head.data, ',', head.bytes) || memchr(head.data, ' ', head.bytes) ||
		memchr(head.data, '\n', head.bytes));
}

bool looks_name(struct head head)
{
	if (head.bytes && *head.data == '/') {
		head.data++;
		head.bytes--;
	}
	return head.bytes && run(head, is_name) == head.bytes;
}

bool looks_npy(struct head head)
{
	static const char magic[] = "\x93NUMPY";
	const size_t bytes = sizeof(magic) - 1;

	return head.bytes >= bytes && memcmp(head.data, magic, bytes) == 0;
}

bool looks_safetensors(struct head head)
{
	/* No header is longer than 100 MB, so that the length's upper half is 0. */
	static const char upper[] = "\0\0\0\0{";

	return head.bytes > 9 && memcmp(head.data + 4, upper, sizeof(upper) - 1) == 0 &&
	       strchr("\" }", head.data[9]) && head.data[9];
}

bool looks_zlib(struct head head)
{
	/* Deflate with the usual window, no dictionary, and a check over both bytes. */
	return head.bytes >= 2 && head.data[0] == 0x78 && !(head.data[1] & 0x20) &&
	       (head.data[0] << 8 | head.data[1]) % 31 == 0;
}

bool looks_pickle(struct head head)
{
	return head.bytes >= 3 && head.data[0] == 0x80 && head.data[1] >= 2 && head.data[1] <= 5 &&
	       (head.data[1] < 4 || head.data[2] == 0x95 || head.whole);
}
