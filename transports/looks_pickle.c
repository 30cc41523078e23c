/* SPDX-License-Identifier: MIT */
/* What a pickle of protocol 0 or 1 looks like, which does not say that it is one. */
#include "transports/looks.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#define OPCODES_MIN 4 /* in a head that goes on: so many in a row are no accident */

/* What follows an opcode. Protocol 1 added those that are not lines of text. */
enum argument {
	NO_OPCODE,
	NOTHING,
	NOTHING_OF_1, /* nothing, and protocol 0 has no such opcode */
	NUMBER,       /* a line with a number */
	QUOTED,       /* a line with a string in quotation marks */
	LINE,
	IMPORT, /* two lines: a module and a name */
	FIXED_1,
	FIXED_2,
	FIXED_4,
	FIXED_8,
	COUNTED_1,
	COUNTED_4, /* a length, and so many bytes */
};

static const unsigned char arguments[256] = {
	['('] = NOTHING,      [')'] = NOTHING_OF_1, ['.'] = NOTHING,      ['0'] = NOTHING,
	['2'] = NOTHING,      ['F'] = NUMBER,       ['G'] = FIXED_8,      ['I'] = NUMBER,
	['J'] = FIXED_4,      ['K'] = FIXED_1,      ['L'] = NUMBER,       ['M'] = FIXED_2,
	['N'] = NOTHING,      ['R'] = NOTHING,      ['S'] = QUOTED,       ['T'] = COUNTED_4,
	['U'] = COUNTED_1,    ['V'] = LINE,         ['X'] = COUNTED_4,    [']'] = NOTHING_OF_1,
	['a'] = NOTHING,      ['b'] = NOTHING,      ['c'] = IMPORT,       ['d'] = NOTHING,
	['e'] = NOTHING_OF_1, ['g'] = NUMBER,       ['h'] = FIXED_1,      ['i'] = IMPORT,
	['j'] = FIXED_4,      ['l'] = NOTHING,      ['o'] = NOTHING_OF_1, ['p'] = NUMBER,
	['q'] = FIXED_1,      ['r'] = FIXED_4,      ['s'] = NOTHING,      ['t'] = NOTHING,
	['u'] = NOTHING_OF_1, ['}'] = NOTHING_OF_1,
};

static bool is_number(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || strchr("+-.eLnaif", byte);
}

static bool is_identifier(unsigned char byte)
{
	return isalnum(byte) || byte == '_' || byte == '.';
}

/* The size of a line of such bytes, its end included, or more than bytes; 0: there is none. */
static size_t line_size(const unsigned char *data, size_t bytes, bool (*class)(unsigned char))
{
	for (size_t i = 0; i < bytes; i++) {
		if (data[i] == '\n')
			return i ? i + 1 : 0;
		if (class && (!data[i] || !class(data[i])))
			return 0;
	}
	return bytes + 1;
}

static size_t import_size(const unsigned char *data, size_t bytes)
{
	size_t module = line_size(data, bytes, is_identifier);
	size_t name;

	if (module == 0 || module >= bytes)
		return module;
	name = line_size(data + module, bytes - module, is_identifier);
	return name ? module + name : 0;
}

/* A length that has come is added; one that has not makes more than there is. */
static size_t counted_size(const unsigned char *data, size_t bytes, size_t width)
{
	size_t size = 0;

	if (bytes < width)
		return bytes + 1;
	for (size_t i = width; i-- > 0;)
		size = size << 8 | data[i];
	return width + size;
}

/* The argument's size, more than bytes if it does not end here; SIZE_MAX if it cannot be one. */
static size_t argument_size(enum argument argument, const unsigned char *data, size_t bytes)
{
	static const unsigned char widths[] = {
		[FIXED_1] = 1,
		[FIXED_2] = 2,
		[FIXED_4] = 4,
		[FIXED_8] = 8,
	};
	size_t size;

	switch (argument) {
	case NOTHING:
	case NOTHING_OF_1:
		return 0;
	case NUMBER:
		size = line_size(data, bytes, is_number);
		break;
	case QUOTED:
		size = bytes && data[0] != '\'' && data[0] != '"' ? 0 :
								    line_size(data, bytes, NULL);
		break;
	case LINE:
		size = line_size(data, bytes, NULL);
		break;
	case IMPORT:
		size = import_size(data, bytes);
		break;
	case COUNTED_1:
	case COUNTED_4:
		return counted_size(data, bytes, argument == COUNTED_1 ? 1 : 4);
	default:
		return widths[argument];
	}
	return size ? size : SIZE_MAX;
}

static bool is_of_1(enum argument argument)
{
	return argument == NOTHING_OF_1 || argument >= FIXED_1;
}

const char *looks_old_pickle(struct head head)
{
	size_t at = 0;
	unsigned count = 0;
	bool of_1 = false;
	bool of_0 = false; /* protocol 1 writes no lines for what it remembers */

	while (at < head.bytes) {
		unsigned char code = head.data[at++];
		enum argument argument = arguments[code];
		size_t size;

		if (argument == NO_OPCODE)
			return NULL;
		of_1 |= is_of_1(argument);
		of_0 |= code == 'p' || code == 'g';
		count++;
		if (code == '.') {
			if (at < head.bytes || count < 2)
				return NULL;
			if (!head.whole && count < OPCODES_MIN)
				return "";
			return of_1 ? "1" : of_0 ? "0" : "0 or 1";
		}
		size = argument_size(argument, head.data + at, head.bytes - at);
		if (size == SIZE_MAX)
			return NULL;
		at = size > head.bytes - at ? head.bytes : at + size;
	}
	if (head.whole)
		return NULL;
	if (count < OPCODES_MIN)
		return "";
	return of_1 ? "1" : of_0 ? "0" : "0 or 1";
}

bool looks_old_pickle_surely(struct head head)
{
	const char *protocol = looks_old_pickle(head);

	return protocol && protocol[0];
}
