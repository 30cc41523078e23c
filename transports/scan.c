/* SPDX-License-Identifier: MIT */
/* Reads the words of a header. */
#include "transports/scan.h"

#include <string.h>

int scan_refuse(const struct scan *scan, const char *what, struct err *err)
{
	return err_set(err, ERR_PROTOCOL, "%s is malformed at byte %zu: %s", scan->whose,
		       (size_t)(scan->at - scan->start), what);
}

static void scan_white(struct scan *scan)
{
	while (scan->at < scan->end && *scan->at && strchr(" \t\r\n", *scan->at))
		scan->at++;
}

bool scan_ended(struct scan *scan)
{
	scan_white(scan);
	return scan->at == scan->end;
}

bool scan_char(struct scan *scan, char wanted)
{
	if (scan_ended(scan) || *scan->at != (unsigned char)wanted)
		return false;
	scan->at++;
	return true;
}

bool scan_word(struct scan *scan, const char *wanted)
{
	const size_t bytes = strlen(wanted);

	scan_white(scan);
	if ((size_t)(scan->end - scan->at) < bytes || memcmp(scan->at, wanted, bytes) != 0)
		return false;
	scan->at += bytes;
	return true;
}

bool scan_text(struct scan *scan, char quote, char text[SCAN_TEXT_BYTES])
{
	const unsigned char *from = scan->at;
	const unsigned char *p;

	if (!scan_char(scan, quote))
		return false;
	for (p = scan->at; p < scan->end && *p != (unsigned char)quote; p++)
		p += *p == '\\' && p + 1 < scan->end;
	if (p == scan->end) {
		scan->at = from;
		return false;
	}
	(void)err_quote(text, SCAN_TEXT_BYTES, scan->at, (size_t)(p - scan->at));
	scan->at = p + 1;
	return true;
}

bool scan_number(struct scan *scan, uint64_t *number)
{
	const unsigned char *p;
	uint64_t value = 0;

	scan_white(scan);
	for (p = scan->at; p < scan->end && *p >= '0' && *p <= '9'; p++) {
		if (p > scan->at && *scan->at == '0')
			return false;
		if (__builtin_mul_overflow(value, UINT64_C(10), &value) ||
		    __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value))
			return false;
	}
	if (p == scan->at)
		return false;
	scan->at = p;
	*number = value;
	return true;
}
