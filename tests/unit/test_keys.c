/* SPDX-License-Identifier: MIT */
/* The table of keys, and that footer, help, man page and dispatch say the same. */
#include "tests/support/drive_keymap.h"
#include "tests/support/golden_frame.h"
#include "tests/support/test.h"
#include "tui/ui/help_list.h"
#include "tui/ui/keys.h"
#include "tui/ui/ui_needs.h"

static struct ui ui;
static struct keymap keymap;
static char complaints[2048];

static void remap(const char *text)
{
	complaints[0] = '\0';
	drive_keymap(&keymap, text, complaints, sizeof(complaints));
}

/* drive_keymap sees that each action has a key, and that none has two meanings in one place. */
static void test_every_key_is_one(void)
{
	remap("");
	CHECK_STR(complaints, "");
	for (unsigned i = 1; i < ACTION_COUNT; i++) {
		for (size_t k = 0; k < KEYS_A_ROW && keymap.keys[i][k]; k++) {
			char name[KEY_NAME_BYTES];

			(void)key_format(keymap.keys[i][k], name);
			CHECK_MSG(strstr(key_table[i].keys, name), "%s: %s", key_table[i].name,
				  name);
		}
	}
}

static void test_names_and_texts(void)
{
	for (unsigned i = 1; i < ACTION_COUNT; i++) {
		CHECK(key_table[i].name && key_table[i].help && key_table[i].help[0]);
		CHECK_MSG(strlen(key_table[i].help) < 70, "%s", key_table[i].help);
		for (unsigned k = 1; k < i; k++)
			CHECK_MSG(strcmp(key_table[i].name, key_table[k].name) != 0, "%s",
				  key_table[i].name);
	}
}

/* h j k l g G move, n N / are kept free, wherever letters are not typed. */
static void test_reserved_letters(void)
{
	static const char moving[] = "hjklgG";
	static const char kept[] = "nN/";

	keymap_init(&keymap);
	for (unsigned context = IN_SETUP; context <= IN_DETAIL; context <<= 1) {
		for (const char *key = moving; *key; key++)
			CHECK(key_table[keymap_find(&keymap, context, (uint32_t)*key)].group ==
			      GROUP_MOVING);
		for (const char *key = kept; *key; key++)
			CHECK(keymap_find(&keymap, context, (uint32_t)*key) == ACTION_NONE);
	}
}

/* Every key of a screen is in that screen's help, with the words of the table, and works there. */
static void test_help_has_every_key(void)
{
	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		struct help_lines lines;
		unsigned expected = 0;

		fixture_ui(&ui, FIXTURE_RUNNING, screen);
		ui.help.open = true;
		help_find(&ui, &lines);
		for (unsigned i = 1; i < ACTION_COUNT; i++)
			expected += (key_table[i].contexts & ui_screen_context(screen)) != 0;
		CHECK_MSG((unsigned)lines.count == expected, "%d of %u", lines.count, expected);
	}
}

static char *frame_text(const struct grid *grid)
{
	static char text[100000];
	FILE *file = fmemopen(text, sizeof(text), "w");

	if (!file)
		abort();
	grid_to_text(grid, file);
	(void)fclose(file);
	return text;
}

/* A help that is filtered for a line shows its keys and its words. */
static void test_help_shows_the_table(void)
{
	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		for (unsigned i = 1; i < ACTION_COUNT; i++) {
			const char *text;
			char keys[64];

			if (!(key_table[i].contexts & ui_screen_context(screen)))
				continue;
			fixture_ui(&ui, FIXTURE_RUNNING, screen);
			ui.help.open = true;
			(void)snprintf(ui.help.filter, sizeof(ui.help.filter), "%.30s",
				       key_table[i].help);
			text = frame_text(golden_draw(fixture_model(FIXTURE_RUNNING), &ui, 200, 60,
						      GLYPHS_UTF8));
			CHECK_MSG(strstr(text, keymap_show(&ui.keymap, i, GLYPHS_UTF8, keys,
							   sizeof(keys))), "%s", key_table[i].name);
			CHECK_MSG(strstr(text, "type to filter"), "%s", key_table[i].name);
		}
	}
}

/* On a very wide screen every label that works is in the footer; on any, help is. */
static void test_footer(void)
{
	for (unsigned screen = 0; screen < SCREEN_COUNT; screen++) {
		const char *footer;

		fixture_ui(&ui, FIXTURE_RUNNING, screen);
		footer = strrchr(frame_text(golden_draw(fixture_model(FIXTURE_RUNNING), &ui, 300,
							60, GLYPHS_UTF8)),
				 '?');
		CHECK(footer);
		/* Keys that share a label stand together. */
		CHECK(screen == SCREEN_SETUP || strstr(footer, "[ ] shape"));
		for (unsigned i = 1; i < ACTION_COUNT; i++)
			if ((key_table[i].contexts & ui_screen_context(screen)) &&
			    key_table[i].label && ui_works(&ui, fixture_model(FIXTURE_RUNNING), i))
				CHECK_MSG(strstr(footer, key_table[i].label), "%s not in %s",
					  key_table[i].label, footer);
		for (int columns = 36; columns < 200; columns++)
			CHECK(strstr(frame_text(golden_draw(fixture_model(FIXTURE_RUNNING), &ui,
							    columns, 12, GLYPHS_ASCII)), "help"));
	}
}

static bool footer_has(enum fixture fixture, enum screen screen, enum cell_state state,
		       const char *hint)
{
	const struct model *fixed = fixture_model(fixture);

	fixture_ui(&ui, fixture, screen);
	for (ui.cell = 0; ui.cell + 1 < fixed->cell_count; ui.cell++)
		if (fixed->cells[ui.cell].state == state)
			break;
	ui.follow = false;
	return strstr(strrchr(frame_text(golden_draw(fixed, &ui, 200, 60, GLYPHS_UTF8)), '?'),
		      hint);
}

static void test_footer_follows_the_cell(void)
{
	CHECK(footer_has(FIXTURE_RUNNING, SCREEN_LIVE, CELL_DONE, "r retry"));
	CHECK(!footer_has(FIXTURE_RUNNING, SCREEN_LIVE, CELL_DONE, "x drop"));
	CHECK(footer_has(FIXTURE_RUNNING, SCREEN_LIVE, CELL_QUEUED, "x drop"));
	CHECK(!footer_has(FIXTURE_RUNNING, SCREEN_LIVE, CELL_QUEUED, "r retry"));
	CHECK(footer_has(FIXTURE_DONE, SCREEN_LIVE, CELL_DONE, "c compare"));
	CHECK(!footer_has(FIXTURE_DONE, SCREEN_COMPARE, CELL_DONE, "c compare"));
}

/* Keys that would do nothing now are not offered. */
static void test_footer_follows_the_state(void)
{
	fixture_ui(&ui, FIXTURE_DONE, SCREEN_LIVE);
	CHECK(!strstr(frame_text(golden_draw(fixture_model(FIXTURE_DONE), &ui, 200, 60,
					     GLYPHS_UTF8)), "p pause"));
	fixture_ui(&ui, FIXTURE_RUNNING, SCREEN_LIVE);
	CHECK(strstr(frame_text(golden_draw(fixture_model(FIXTURE_RUNNING), &ui, 200, 60,
					    GLYPHS_UTF8)), "p pause"));
}

static void test_man_section(void)
{
	static char text[65536];
	FILE *file = fmemopen(text, sizeof(text), "w");

	CHECK(file);
	keys_write_mdoc(file);
	(void)fclose(file);
	for (unsigned i = 1; i < ACTION_COUNT; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), ".Pq Cm %s\n", key_table[i].name);
		CHECK_MSG(strstr(text, name), "%s", name);
		CHECK_MSG(strstr(text, key_table[i].help + 1), "%s", key_table[i].help);
	}
	for (unsigned group = 0; group < GROUP_COUNT; group++)
		CHECK(strstr(text, key_group_names[group]));
}

static void test_remap(void)
{
	remap("# mine\n\n  export = w Ctrl-E\nhelp=F1\n");
	CHECK_STR(complaints, "");
	CHECK(keymap_find(&keymap, IN_LIVE, 'w') == ACTION_EXPORT);
	CHECK(keymap_find(&keymap, IN_LIVE, 5) == ACTION_EXPORT);
	CHECK(keymap_find(&keymap, IN_LIVE, 'e') == ACTION_NONE);
	CHECK(keymap_find(&keymap, IN_LIVE, '?') == ACTION_NONE);
}

static void test_remap_complains(void)
{
	remap("fly = f\nexport = q\nexport = Hyper-X\nexport =\nexport\n"
	      "export = a b c d e\nexport = j\nskip = w\n");
	CHECK_STR(complaints,
		  "keys.conf:1: fly: no such action\n"
		  "keys.conf:2: export: the key is taken by \"quit\"\n"
		  "keys.conf:3: export: not a key\n"
		  "keys.conf:4: export: no key\n"
		  "keys.conf:5: export: not \"action = keys\"\n"
		  "keys.conf:6: export: more than 4 keys\n"
		  "keys.conf:7: export: the key is taken by \"down\"\n");
	CHECK(keymap_find(&keymap, IN_LIVE, 'e') == ACTION_EXPORT);
	CHECK(keymap_find(&keymap, IN_LIVE, 'w') == ACTION_SKIP);
	CHECK(keymap_find(&keymap, IN_SETUP, 's') == ACTION_ADD_SHAPE);
}

/* A remapped key is what the footer and the help show. */
static void test_remap_shows(void)
{
	fixture_ui(&ui, FIXTURE_RUNNING, SCREEN_LIVE);
	remap("pause = w\n");
	ui.keymap = keymap;
	CHECK(strstr(frame_text(golden_draw(fixture_model(FIXTURE_RUNNING), &ui, 200, 60,
					    GLYPHS_UTF8)), "w pause"));
}

static void test_key_names(void)
{
	char text[KEY_NAME_BYTES];

	CHECK(key_parse("Ctrl-c") == 3 && key_parse("Ctrl-C") == 3);
	CHECK(key_parse("F1") == CODE_F1 && key_parse("F12") == CODE_F12);
	CHECK(key_parse("F") == 'F' && key_parse("F0") == CODE_NONE);
	CHECK(key_parse("F13") == CODE_NONE && key_parse("F1x") == CODE_NONE);
	CHECK(key_parse("") == CODE_NONE && key_parse("xx") == CODE_NONE);
	CHECK(key_parse("ä") == 0xe4);
	CHECK_STR(key_show(CODE_ENTER, GLYPHS_UTF8, text), "⏎");
	CHECK_STR(key_show(CODE_ENTER, GLYPHS_ASCII, text), "CR");
	CHECK_STR(key_show(12, GLYPHS_ASCII, text), "Ctrl-L");
}

static const struct test tests[] = {
	{"every_key_is_one", test_every_key_is_one},
	{"names_and_texts", test_names_and_texts},
	{"reserved_letters", test_reserved_letters},
	{"help_has_every_key", test_help_has_every_key},
	{"help_shows_the_table", test_help_shows_the_table},
	{"footer", test_footer},
	{"footer_follows_the_state", test_footer_follows_the_state},
	{"footer_follows_the_cell", test_footer_follows_the_cell},
	{"man_section", test_man_section},
	{"remap", test_remap},
	{"remap_complains", test_remap_complains},
	{"remap_shows", test_remap_shows},
	{"key_names", test_key_names},
};

TEST_MAIN(tests)
