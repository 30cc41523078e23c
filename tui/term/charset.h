/* SPDX-License-Identifier: MIT */
/* The characters of the user's locale: one answer for tables and screens alike. */
#ifndef TUI_TERM_CHARSET_H
#define TUI_TERM_CHARSET_H

#include <stdbool.h>

/*
 * Takes over the environment's locale, for characters only. Returns whether it is one of UTF-8:
 * one that is named so and is not installed is not.
 */
bool charset_open(void);

#endif
