/* SPDX-License-Identifier: MIT */
/* Errors in words: the first report wins. */
#include "transports/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	if (!err || err->kind != ERR_NONE)
		return -1;
	va_start(args, format);
	(void)vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	err->kind = kind;
	return -1;
}

int err_system(struct err *err, const char *format, ...)
{
	int code = errno;
	size_t used;
	va_list args;

	if (!err || err->kind != ERR_NONE)
		return -1;
	va_start(args, format);
	(void)vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	(void)snprintf(err->message + used, sizeof(err->message) - used, ": %s%s", strerror(code),
		       code == EMFILE ? " (ulimit -n raises the limit)" : "");
	err->kind = ERR_SYSTEM;
	return -1;
}

int err_wrap(struct err *err, const char *context)
{
	char old[ERR_MESSAGE_BYTES];

	if (!err)
		return -1;
	memcpy(old, err->message, sizeof(old));
	(void)snprintf(err->message, sizeof(err->message), "%.90s: %.300s", context, old);
	return -1;
}

int err_add(struct err *err, const char *format, ...)
{
	size_t used;
	va_list args;

	if (!err || err->kind == ERR_NONE)
		return -1;
	used = strlen(err->message);
	va_start(args, format);
	(void)vsnprintf(err->message + used, sizeof(err->message) - used, format, args);
	va_end(args);
	return -1;
}

void err_rename(struct err *err, const char *from, const char *to)
{
	char rest[ERR_MESSAGE_BYTES];
	char *at = err ? strstr(err->message, from) : NULL;

	if (!at)
		return;
	(void)snprintf(rest, sizeof(rest), "%s", at + strlen(from));
	(void)snprintf(at, sizeof(err->message) - (size_t)(at - err->message), "%s%s", to, rest);
}

/* Writes one byte as it may stand in a line of text. Returns its length. */
static size_t err_quote_byte(char text[5], unsigned char byte)
{
	if (byte == '\n')
		return (size_t)snprintf(text, 5, "\\n");
	if (byte < ' ' || byte > '~')
		return (size_t)snprintf(text, 5, "\\x%02x", byte);
	return (size_t)snprintf(text, 5, "%c", byte);
}

char *err_quote(char *to, size_t capacity, const void *data, size_t bytes)
{
	static const char cut[] = "...";
	const unsigned char *from = data;
	size_t whole = 0;
	size_t used = 0;
	char text[5];

	for (size_t i = 0; i < bytes && whole < capacity; i++)
		whole += err_quote_byte(text, from[i]);
	for (size_t i = 0; i < bytes; i++) {
		size_t length = err_quote_byte(text, from[i]);

		if (whole >= capacity && used + length + sizeof(cut) > capacity) {
			memcpy(to + used, cut, sizeof(cut));
			return to;
		}
		memcpy(to + used, text, length);
		used += length;
	}
	to[used] = '\0';
	return to;
}

void err_clear(struct err *err)
{
	err->kind = ERR_NONE;
	err->message[0] = '\0';
}
