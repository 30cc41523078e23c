/* SPDX-License-Identifier: MIT */
/* What must be true of keymap_read. */
#include "tests/support/drive_keymap.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/must.h"

struct complaints {
	char *text;
	size_t size;
	size_t count;
};

static void complain(void *context, const char *line)
{
	struct complaints *complaints = context;
	size_t used = strlen(complaints->text);

	must(strncmp(line, "keys.conf:", 10) == 0 && !strchr(line, '\n'));
	(void)snprintf(complaints->text + used, complaints->size - used, "%s\n", line);
	complaints->count++;
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

void drive_keymap(struct keymap *keymap, const char *text, char *complaints, size_t size)
{
	struct complaints all = {.text = complaints, .size = size};

	keymap_init(keymap);
	keymap_read(keymap, text, complain, &all);
	check_keymap(keymap);
	must(all.count <= strlen(text));
}
