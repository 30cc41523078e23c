/* SPDX-License-Identifier: MIT */
/* The control plane's records. */
#include "bench/wire/control.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Percent-decodes in place; text only shrinks. A stray '%' or an encoded NUL is an error. */
static int field_decode(char *text)
{
	char *out = text;

	for (; *text; text++) {
		int value = (unsigned char)*text;

		if (*text == '%') {
			int high = hex_digit(text[1]);
			int low = high < 0 ? -1 : hex_digit(text[2]);

			if (low < 0 || high * 16 + low == 0)
				return -1;
			value = high * 16 + low;
			text += 2;
		}
		*out++ = (char)value;
	}
	*out = '\0';
	return 0;
}

int record_parse(struct record *record, const char *line, size_t length, struct err *err)
{
	char *word;
	char *rest;

	if (length >= sizeof(record->text) || memchr(line, '\0', length))
		return err_set(err, ERR_PROTOCOL, "a control record of %zu bytes is malformed",
			       length);
	memcpy(record->text, line, length);
	record->text[length] = '\0';
	record->field_count = 0;
	record->verb = strtok_r(record->text, " ", &rest);
	if (!record->verb)
		return err_set(err, ERR_PROTOCOL, "an empty control record");
	while ((word = strtok_r(NULL, " ", &rest))) {
		char *value = strchr(word, '=');

		if (!value || record->field_count == CONTROL_FIELDS_MAX)
			return err_set(err, ERR_PROTOCOL, "a malformed control record");
		*value++ = '\0';
		if (field_decode(value) != 0)
			return err_set(err, ERR_PROTOCOL, "a malformed value in a control record");
		record->fields[record->field_count].key = word;
		record->fields[record->field_count++].value = value;
	}
	return 0;
}

const char *record_get(const struct record *record, const char *key)
{
	for (size_t i = 0; i < record->field_count; i++)
		if (strcmp(record->fields[i].key, key) == 0)
			return record->fields[i].value;
	return NULL;
}

/* Decimal digits and nothing else. Returns false if it is not that, or above 2^64 - 1. */
static bool number_parse(const char *text, uint64_t *value)
{
	char *end;

	if (!text || *text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return !*end && !errno;
}

int record_get_u64(const struct record *record, const char *key, struct record_range range,
		   uint64_t *value, struct err *err)
{
	uint64_t number;

	if (!number_parse(record_get(record, key), &number) || number < range.least ||
	    number > range.most)
		return err_set(err, ERR_PROTOCOL,
			       "the %.20s record's %s is missing, or no number from %" PRIu64
			       " to %" PRIu64,
			       record->verb, key, range.least, range.most);
	*value = number;
	return 0;
}

static bool is_one_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			return false;
	return true;
}

int record_get_text(const struct record *record, const char *key, char *text, size_t size,
		    struct err *err)
{
	const char *value = record_get(record, key);

	if (!value || strlen(value) >= size || !is_one_line(value))
		return err_set(err, ERR_PROTOCOL,
			       "the %.20s record's %s is missing, too long, or not one line",
			       record->verb, key);
	memcpy(text, value, strlen(value) + 1);
	return 0;
}

static void writer_put(struct record_writer *writer, const char *text, size_t bytes)
{
	/* One byte is kept for the newline. */
	if (writer->used + bytes + 1 > sizeof(writer->text)) {
		writer->overflow = true;
		return;
	}
	memcpy(writer->text + writer->used, text, bytes);
	writer->used += bytes;
}

void record_begin(struct record_writer *writer, const char *verb)
{
	writer->used = 0;
	writer->overflow = false;
	writer_put(writer, verb, strlen(verb));
}

void record_add(struct record_writer *writer, const char *key, const char *value)
{
	writer_put(writer, " ", 1);
	writer_put(writer, key, strlen(key));
	writer_put(writer, "=", 1);
	for (; *value; value++) {
		unsigned char c = (unsigned char)*value;
		char encoded[4];

		if (c > ' ' && c < 127 && c != '%') {
			writer_put(writer, value, 1);
			continue;
		}
		(void)snprintf(encoded, sizeof(encoded), "%%%02X", c);
		writer_put(writer, encoded, 3);
	}
}

void record_add_u64(struct record_writer *writer, const char *key, uint64_t value)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRIu64, value);
	record_add(writer, key, text);
}

int control_send(struct control *control, struct record_writer *writer, struct err *err)
{
	size_t length = writer->used + 1;
	size_t sent = 0;

	if (writer->overflow)
		return err_set(err, ERR_RANGE, "a control record is too long");
	writer->text[writer->used] = '\n';
	while (sent < length) {
		ssize_t n = control->world->send(control->world, control->fd, writer->text + sent,
						 length - sent);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_system(err, "sending a control record");
		sent += (size_t)n;
	}
	return 0;
}

/* Parses the first whole line of the buffer, if there is one. */
static int control_take_line(struct control *control, struct record *record, struct err *err)
{
	char *end = memchr(control->buffer, '\n', control->used);
	size_t length;
	int status;

	if (!end)
		return 0;
	length = (size_t)(end - control->buffer);
	status = record_parse(record, control->buffer, length, err);
	control->used -= length + 1;
	memmove(control->buffer, end + 1, control->used);
	return status == 0 ? 1 : -1;
}

int control_receive(struct control *control, bool wait, struct record *record, struct err *err)
{
	for (;;) {
		int status = control_take_line(control, record, err);
		ssize_t got;

		if (status != 0)
			return status;
		if (control->used == sizeof(control->buffer))
			return err_set(err, ERR_PROTOCOL, "a control record has no end");
		got = control->world->receive(control->world, control->fd,
					      control->buffer + control->used,
					      sizeof(control->buffer) - control->used, wait);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (got < 0 && errno != ECONNRESET)
			return err_system(err, "receiving a control record");
		if (got <= 0)
			return err_set(err, ERR_CLOSED, "the control stream ended");
		control->used += (size_t)got;
	}
}
