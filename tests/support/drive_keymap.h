/* SPDX-License-Identifier: MIT */
/*
 * keys.conf: whatever it says, each action keeps a key, no key means two things in one place,
 * every bound key can be written and read again, and each complaint is one line.
 */
#ifndef TESTS_SUPPORT_DRIVE_KEYMAP_H
#define TESTS_SUPPORT_DRIVE_KEYMAP_H

#include "tui/ui/keys.h"

/* The usual keys, remapped by the text; complaints are appended, a line each, cut to size. */
void drive_keymap(struct keymap *keymap, const char *text, char *complaints, size_t size);

#endif
