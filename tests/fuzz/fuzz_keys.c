/* SPDX-License-Identifier: MIT */
/*
 * Fuzzes keys.conf: whatever it says, each action keeps a key, no key means two things in one
 * place, every bound key can be written and read again, and each complaint is one line.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/ui/keys.h"

static void check_line(void *context, const char *line)
{
	size_t *complaints = context;

	must(strncmp(line, "keys.conf:", 10) == 0 && !strchr(line, '\n'));
	(*complaints)++;
}

static void check_key(const struct keymap *keymap, enum action action, uint32_t key)
{
	char name[KEY_NAME_BYTES];

	must(key_parse(key_format(key, name)) == key);
	must(key_show(key, GLYPHS_UTF8, name)[0] && key_show(key, GLYPHS_ASCII, name)[0]);
	for (unsigned context = 1; context <= IN_ASK; context <<= 1)
		if (key_table[action].contexts & context)
			must(keymap_find(keymap, context, key) == action);
}

static void check_keymap(const struct keymap *keymap)
{
	char text[256];

	for (unsigned i = 1; i < ACTION_COUNT; i++) {
		must(keymap->keys[i][0] != CODE_NONE);
		for (size_t k = 0; k < KEYS_A_ROW && keymap->keys[i][k]; k++)
			check_key(keymap, (enum action)i, keymap->keys[i][k]);
		must(keymap_show(keymap, (enum action)i, GLYPHS_UTF8, text, sizeof(text))[0]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	size_t complaints = 0;
	struct keymap keymap;

	keymap_init(&keymap);
	keymap_read(&keymap, text, check_line, &complaints);
	check_keymap(&keymap);
	must(complaints <= size);
	free(text);
	return 0;
}
