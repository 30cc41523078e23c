/* SPDX-License-Identifier: MIT */
/* The table of keys and what is made from it. */
#include "tui/ui/keys.h"

#include <ctype.h>
#include <string.h>

const struct key_row key_table[ACTION_COUNT] = {
#define KEY(action, name, contexts, when, group, keys, label, help) \
	[ACTION_##action] = {name, contexts, WHEN_##when, GROUP_##group, keys, label, help},
#include "tui/ui/keys.def"
#undef KEY
};

const char *const key_group_names[GROUP_COUNT] = {
	[GROUP_CHOOSING] = "choosing",    [GROUP_RUNNING] = "the run",
	[GROUP_LOOKING] = "looking",      [GROUP_MOVING] = "moving",
	[GROUP_GENERAL] = "everywhere",   [GROUP_HELPING] = "in this help",
	[GROUP_EDITING] = "while typing", [GROUP_ASKING] = "when asked",
};

struct key_word {
	uint32_t key;
	const char *name;
	const char *sign; /* as UTF-8 screens show it */
	const char *word; /* as others do */
};

static const struct key_word key_word_table[] = {
	{CODE_TAB, "Tab", "Tab", "Tab"},
	{CODE_ENTER, "Enter", "⏎", "CR"},
	{CODE_ESC, "Esc", "Esc", "Esc"},
	{CODE_SPACE, "Space", "Space", "Space"},
	{CODE_BACKSPACE, "Backspace", "Backspace", "Backspace"},
	{CODE_UP, "Up", "↑", "Up"},
	{CODE_DOWN, "Down", "↓", "Down"},
	{CODE_LEFT, "Left", "←", "Left"},
	{CODE_RIGHT, "Right", "→", "Right"},
	{CODE_HOME, "Home", "Home", "Home"},
	{CODE_END, "End", "End", "End"},
	{CODE_PAGE_UP, "PgUp", "PgUp", "PgUp"},
	{CODE_PAGE_DOWN, "PgDn", "PgDn", "PgDn"},
	{CODE_DELETE, "Delete", "Del", "Del"},
	{CODE_SHIFT_TAB, "Shift-Tab", "Shift-Tab", "Shift-Tab"},
};

#define KEY_WORDS (sizeof(key_word_table) / sizeof(key_word_table[0]))

static const struct key_word *word_find(uint32_t key)
{
	for (size_t i = 0; i < KEY_WORDS; i++)
		if (key_word_table[i].key == key)
			return &key_word_table[i];
	return NULL;
}

static char *key_plain(uint32_t key, char text[KEY_NAME_BYTES])
{
	if (key >= CODE_F1 && key <= CODE_F12)
		(void)snprintf(text, KEY_NAME_BYTES, "F%u", (unsigned)(key - CODE_F1 + 1));
	else if (key < ' ')
		(void)snprintf(text, KEY_NAME_BYTES, "Ctrl-%c", (char)(key + '@'));
	else
		(void)utf8_put(key, text);
	return text;
}

char *key_format(uint32_t key, char text[KEY_NAME_BYTES])
{
	const struct key_word *word = word_find(key);

	if (!word)
		return key_plain(key, text);
	(void)snprintf(text, KEY_NAME_BYTES, "%s", word->name);
	return text;
}

char *key_show(uint32_t key, enum glyph_set glyphs, char text[KEY_NAME_BYTES])
{
	const struct key_word *word = word_find(key);

	if (!word)
		return key_plain(key, text);
	(void)snprintf(text, KEY_NAME_BYTES, "%s", glyphs == GLYPHS_UTF8 ? word->sign : word->word);
	return text;
}

/* Reads "F1" to "F12" with nothing after it. */
static uint32_t parse_function_key(const char *name)
{
	int number = 0;
	int used = 0;

	if (sscanf(name, "F%2d%n", &number, &used) != 1 || name[used] || number < 1 || number > 12)
		return CODE_NONE;
	return CODE_F1 + (uint32_t)number - 1;
}

uint32_t key_parse(const char *name)
{
	const char *rest = name;
	uint32_t key = utf8_next(&rest);

	for (size_t i = 0; i < KEY_WORDS; i++)
		if (strcmp(key_word_table[i].name, name) == 0)
			return key_word_table[i].key;
	if (strncmp(name, "Ctrl-", 5) == 0 && isalpha((unsigned char)name[5]) && !name[6])
		return (uint32_t)(toupper((unsigned char)name[5]) - '@');
	if (key > ' ' && key != 127 && !*rest)
		return key;
	return parse_function_key(name);
}

/* Copies the next word of *text and moves past it. False at the end. */
static bool next_word(const char **text, char *word, size_t size)
{
	size_t length;

	*text += strspn(*text, " \t\r");
	length = strcspn(*text, " \t\r");
	if (length == 0)
		return false;
	(void)snprintf(word, size, "%.*s", (int)length, *text);
	*text += length;
	return true;
}

/* Reads up to KEYS_A_ROW keys. Returns NULL, or what is wrong. */
static const char *parse_keys(const char *text, uint32_t keys[KEYS_A_ROW])
{
	char word[KEY_NAME_BYTES + 1];
	size_t count = 0;

	memset(keys, 0, KEYS_A_ROW * sizeof(*keys));
	while (next_word(&text, word, sizeof(word))) {
		if (count == KEYS_A_ROW)
			return "more than 4 keys";
		keys[count] = key_parse(word);
		if (keys[count++] == CODE_NONE)
			return "not a key";
	}
	return count ? NULL : "no key";
}

void keymap_init(struct keymap *keymap)
{
	memset(keymap, 0, sizeof(*keymap));
	for (size_t i = 1; i < ACTION_COUNT; i++)
		(void)parse_keys(key_table[i].keys, keymap->keys[i]);
}

static bool row_has(const uint32_t keys[KEYS_A_ROW], uint32_t key)
{
	for (size_t i = 0; i < KEYS_A_ROW; i++)
		if (keys[i] == key)
			return key != CODE_NONE;
	return false;
}

enum action keymap_find(const struct keymap *keymap, enum key_context context, uint32_t key)
{
	for (unsigned i = 1; i < ACTION_COUNT; i++)
		if ((key_table[i].contexts & context) && row_has(keymap->keys[i], key))
			return (enum action)i;
	return ACTION_NONE;
}

static enum action action_find(const char *name)
{
	for (unsigned i = 1; i < ACTION_COUNT; i++)
		if (strcmp(key_table[i].name, name) == 0)
			return (enum action)i;
	return ACTION_NONE;
}

/* Another action that has one of these keys in a common context, or ACTION_NONE. */
static enum action keymap_clash(const struct keymap *keymap, enum action action,
				const uint32_t keys[KEYS_A_ROW])
{
	for (unsigned i = 1; i < ACTION_COUNT; i++) {
		if (i == action || !(key_table[i].contexts & key_table[action].contexts))
			continue;
		for (size_t k = 0; k < KEYS_A_ROW; k++)
			if (row_has(keymap->keys[i], keys[k]))
				return (enum action)i;
	}
	return ACTION_NONE;
}

struct remap {
	struct keymap *keymap;
	void (*complain)(void *context, const char *line);
	void *context;
	int line;
};

static void remap_complain(const struct remap *remap, const char *what, const char *name)
{
	char text[160];

	(void)snprintf(text, sizeof(text), "keys.conf:%d: %s: %s", remap->line, name, what);
	remap->complain(remap->context, text);
}

static void remap_bind(const struct remap *remap, enum action action, const char *value)
{
	uint32_t keys[KEYS_A_ROW];
	const char *wrong = parse_keys(value, keys);
	enum action other = wrong ? ACTION_NONE : keymap_clash(remap->keymap, action, keys);
	char text[80];

	if (other != ACTION_NONE) {
		(void)snprintf(text, sizeof(text), "the key is taken by \"%s\"",
			       key_table[other].name);
		wrong = text;
	}
	if (wrong)
		remap_complain(remap, wrong, key_table[action].name);
	else
		memcpy(remap->keymap->keys[action], keys, sizeof(keys));
}

static void remap_line(const struct remap *remap, char *line)
{
	char *equals = strchr(line, '=');
	const char *left = line;
	char name[32];
	enum action action;

	left += strspn(left, " \t\r");
	if (*left == '\0' || *left == '#')
		return;
	if (!equals) {
		remap_complain(remap, "not \"action = keys\"", left);
		return;
	}
	*equals = '\0';
	if (!next_word(&left, name, sizeof(name)))
		name[0] = '\0';
	action = action_find(name);
	if (action == ACTION_NONE)
		remap_complain(remap, "no such action", name);
	else
		remap_bind(remap, action, equals + 1);
}

void keymap_read(struct keymap *keymap, const char *text,
		 void (*complain)(void *context, const char *line), void *context)
{
	struct remap remap = {keymap, complain, context, 0};
	char line[256];

	while (*text) {
		size_t length = strcspn(text, "\n");

		(void)snprintf(line, sizeof(line), "%.*s", (int)(length < 255 ? length : 255),
			       text);
		remap.line++;
		remap_line(&remap, line);
		text += length + (text[length] == '\n');
	}
}

char *keymap_show(const struct keymap *keymap, enum action action, enum glyph_set glyphs,
		  char *text, size_t size)
{
	size_t used = 0;
	char name[KEY_NAME_BYTES];

	text[0] = '\0';
	for (size_t i = 0; i < KEYS_A_ROW && keymap->keys[action][i] && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s", i ? " " : "",
					 key_show(keymap->keys[action][i], glyphs, name));
	return text;
}

/* mdoc wants words of punctuation escaped, and a leading dot or quote anywhere. */
static void write_mdoc_key(const char *name, bool first, FILE *file)
{
	bool escape = ispunct((unsigned char)name[0]) && !name[1];

	if (!first)
		(void)fputs(" , ", file);
	if (escape && name[0] == '\\')
		(void)fputs("\\e", file);
	else
		(void)fprintf(file, "%s%s", escape ? "\\&" : "", name);
}

static void write_mdoc_row(const struct key_row *row, FILE *file)
{
	const char *keys = row->keys;
	char word[KEY_NAME_BYTES];

	(void)fputs(".It Ic ", file);
	for (bool first = true; next_word(&keys, word, sizeof(word)); first = false)
		write_mdoc_key(word, first, file);
	(void)fprintf(file, "\n%c%s\n.Pq Cm %s\n", toupper((unsigned char)row->help[0]),
		      row->help + 1, row->name);
}

static void write_mdoc_group(enum key_group group, FILE *file)
{
	(void)fprintf(file, ".Ss Keys: %s\n.Bl -tag -width \"PgDn, Ctrl-F\" -compact\n",
		      key_group_names[group]);
	for (size_t i = 1; i < ACTION_COUNT; i++)
		if (key_table[i].group == group)
			write_mdoc_row(&key_table[i], file);
	(void)fputs(".El\n", file);
}

void keys_write_mdoc(FILE *file)
{
	for (unsigned group = 0; group < GROUP_COUNT; group++)
		write_mdoc_group((enum key_group)group, file);
}
