/* SPDX-License-Identifier: MIT */
/* Bytes that a test gives in hex, as other programs have printed them. */
#ifndef TESTS_SUPPORT_HEX_H
#define TESTS_SUPPORT_HEX_H

#include <stddef.h>
#include <string.h>

static inline unsigned hex_digit(char c)
{
	return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* Two lower-case digits a byte. Returns how many bytes they are; data has room for them. */
static inline size_t hex_read(const char *hex, unsigned char *data)
{
	size_t bytes = strlen(hex) / 2;

	for (size_t i = 0; i < bytes; i++)
		data[i] = (unsigned char)(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
	return bytes;
}

#endif
