/* SPDX-License-Identifier: MIT */
/* What a foreign program says, line by line. */
#include "bench/wire/pair_lines.h"

#include <stdio.h>
#include <string.h>

#include "bench/text/text.h"

/* A day, in ns: no exchange takes longer, and sums of that cannot wrap. */
#define DURATION_MAX_NS (UINT64_C(86400) * 1000000000u)

#define QUOTED_BYTES 60

static const struct field_row {
	const char *name;
	unsigned base;
	uint64_t most;
} field_table[PAIR_FIELDS] = {
	[PAIR_MAKE] = {"make", 10, DURATION_MAX_NS},
	[PAIR_ENCODE] = {"encode", 10, DURATION_MAX_NS},
	[PAIR_DECODE] = {"decode", 10, DURATION_MAX_NS},
	[PAIR_READ] = {"read", 10, DURATION_MAX_NS},
	[PAIR_RELEASE] = {"release", 10, DURATION_MAX_NS},
	[PAIR_CONNECT] = {"connect", 10, DURATION_MAX_NS},
	[PAIR_WIRE] = {"wire", 10, UINT64_C(1) << 50},
	[PAIR_CLIENT] = {"client", 10, UINT32_MAX},
	[PAIR_CHECKSUM] = {"checksum", 16, UINT64_MAX},
	[PAIR_REQUEST_MAKE] = {"request_make", 10, DURATION_MAX_NS},
	[PAIR_REQUEST_ENCODE] = {"request_encode", 10, DURATION_MAX_NS},
	[PAIR_REQUEST_DECODE] = {"request_decode", 10, DURATION_MAX_NS},
	[PAIR_REQUEST_READ] = {"request_read", 10, DURATION_MAX_NS},
	[PAIR_REQUEST_RELEASE] = {"request_release", 10, DURATION_MAX_NS},
	[PAIR_REQUEST_WIRE] = {"request_wire", 10, UINT64_C(1) << 50},
	[PAIR_REQUEST_CHECKSUM] = {"request_checksum", 16, UINT64_MAX},
};

static int digit_of(char c, unsigned base)
{
	int value = -1;

	if (c >= '0' && c <= '9')
		value = c - '0';
	else if (c >= 'a' && c <= 'f')
		value = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		value = c - 'A' + 10;
	return value < (int)base ? value : -1;
}

/* Digits and nothing else: no sign, no space, no exponent, no fraction. */
static int number_parse(const char *text, unsigned base, uint64_t most, uint64_t *out)
{
	uint64_t value = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		int digit = digit_of(*text, base);

		if (digit < 0 || value > (most - (uint64_t)digit) / base)
			return -1;
		value = value * base + (uint64_t)digit;
	}
	*out = value;
	return 0;
}

static int line_refuse(const char *said, const char *why, struct err *err)
{
	char quoted[QUOTED_BYTES + 1];

	return err_set(err, ERR_PROTOCOL, "said \"%s\"%s: %s",
		       text_clean(quoted, sizeof(quoted), said),
		       strlen(said) > QUOTED_BYTES ? "..." : "", why);
}

/* Words are cut off in place; rest is what follows. NULL: there is none. */
static char *word_next(char **rest)
{
	char *word = *rest + strspn(*rest, " ");
	size_t length = strcspn(word, " ");

	if (!length)
		return NULL;
	*rest = word + length;
	if (**rest)
		*(*rest)++ = '\0';
	return word;
}

/* "name=value". 0, or -1 if it is of a known name with no such value. */
static int field_read(struct pair_line *line, char *word)
{
	char *value = strchr(word, '=');

	if (!value)
		return -1;
	*value++ = '\0';
	for (size_t i = 0; i < PAIR_FIELDS; i++) {
		if (strcmp(field_table[i].name, word) != 0)
			continue;
		line->has |= 1u << i;
		return number_parse(value, field_table[i].base, field_table[i].most,
				    &line->fields[i]);
	}
	return 0;
}

static const char *fields_read(struct pair_line *line, char *rest)
{
	char *word;

	while ((word = word_next(&rest)))
		if (field_read(line, word) != 0)
			return "a field is name=value, times whole ns, a checksum hexadecimal";
	if (pair_line_has(line, PAIR_MAKE) != pair_line_has(line, PAIR_ENCODE))
		return "make= and encode= come together";
	if (pair_line_has(line, PAIR_REQUEST_MAKE) != pair_line_has(line, PAIR_REQUEST_ENCODE))
		return "request_make= and request_encode= come together";
	return NULL;
}

/* Each returns what is wrong with what follows its verb, or NULL. */

static const char *read_ready(struct pair_line *line, char *rest)
{
	bool has_address = strncmp(rest + strspn(rest, " "), "connect=", 8) != 0;
	const char *word;

	/* An address may have an equals sign in it: it is told from a field by its place. */
	if (has_address && (word = word_next(&rest))) {
		if (strlen(word) >= CARRIER_ADDRESS_BYTES)
			return "the address is too long";
		(void)snprintf(line->text, sizeof(line->text), "%s", word);
	}
	return fields_read(line, rest);
}

static const char *read_sample(struct pair_line *line, char *rest)
{
	char *word = word_next(&rest);

	if (!word || number_parse(word, 10, DURATION_MAX_NS, &line->number) != 0 || !line->number)
		return "a sample's latency is a whole number of ns, from 1 to a day";
	return fields_read(line, rest);
}

static const char *read_exchange(struct pair_line *line, char *rest)
{
	char *word = word_next(&rest);

	if (!word || number_parse(word, 10, UINT32_MAX, &line->number) != 0)
		return "an exchange has a number, from 0";
	return fields_read(line, rest);
}

static const char *read_error(struct pair_line *line, char *rest)
{
	(void)text_clean(line->text, sizeof(line->text), rest + strspn(rest, " "));
	return NULL;
}

int pair_line_parse(struct pair_line *line, const char *text, size_t length, struct err *err)
{
	static const struct {
		const char *verb;
		const char *(*read)(struct pair_line *line, char *rest);
	} verbs[] = {
		[PAIR_READY] = {"ready", read_ready},
		[PAIR_SAMPLE] = {"sample", read_sample},
		[PAIR_EXCHANGE] = {"exchange", read_exchange},
		[PAIR_ERROR] = {"error", read_error},
	};
	char copy[PAIR_LINE_BYTES];
	char said[PAIR_LINE_BYTES];
	char *rest = copy;
	const char *word;
	const char *why = "that is not of the protocol: see ipctop-pair(7)";

	*line = (struct pair_line){0};
	if (length >= sizeof(copy) || memchr(text, '\0', length))
		return err_set(err, ERR_PROTOCOL, "said %zu bytes that are no line of text",
			       length);
	if (length && text[length - 1] == '\r')
		length--;
	memcpy(copy, text, length);
	copy[length] = '\0';
	memcpy(said, copy, length + 1);
	word = word_next(&rest);
	for (size_t i = 0; word && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(verbs[i].verb, word) != 0)
			continue;
		line->verb = (enum pair_verb)i;
		why = verbs[i].read(line, rest);
	}
	return why ? line_refuse(said, why, err) : 0;
}

int pair_lines_take(struct pair_lines *lines, struct pair_line *line, struct err *err)
{
	char *end = memchr(lines->buffer, '\n', lines->used);
	size_t length;
	int status;

	if (!end && lines->used < sizeof(lines->buffer))
		return 0;
	if (!end)
		return err_set(err, ERR_PROTOCOL, "said a line of more than %d bytes",
			       PAIR_LINE_BYTES - 1);
	length = (size_t)(end - lines->buffer);
	status = pair_line_parse(line, lines->buffer, length, err);
	lines->used -= length + 1;
	memmove(lines->buffer, end + 1, lines->used);
	return status == 0 ? 1 : -1;
}
