/* SPDX-License-Identifier: MIT */
/* Bracketed pastes: where they end, however they are split, and what the interface does of them. */
#include "tui/term/paste.h"

#include "tests/support/golden_frame.h"
#include "tests/support/test.h"
#include "tui/ui/ui_update.h"

static struct paste paste;

/* Feeds at most step bytes at a time. Returns how many were taken. */
static size_t feed(const char *bytes, size_t count, size_t step)
{
	size_t used = 0;

	paste_begin(&paste, 1);
	while (paste.open && used < count) {
		size_t room = paste_room(&paste) < step ? paste_room(&paste) : step;
		size_t part = count - used < room ? count - used : room;

		paste_feed(&paste, bytes + used, part, 2);
		used += part;
	}
	return used;
}

static void test_end(void)
{
	static const char *const texts[] = {
		"", "a", "\033", "\033\033", "\033[201", "\033[20\033[200~", "a\033[2b\033[201\033",
		"~",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		for (size_t step = 1; step <= 6; step++) {
			char bytes[64];
			size_t length = strlen(texts[i]);

			(void)snprintf(bytes, sizeof(bytes), "%s" PASTE_END "more", texts[i]);
			CHECK(feed(bytes, strlen(bytes), step) == length + 6);
			CHECK(!paste.open && paste.kept == length && paste.bytes == length);
			CHECK(memcmp(paste.text, texts[i], length) == 0);
		}
}

/* What does not fit is counted; one without an end is over after a silence. */
static void test_limits(void)
{
	static char bytes[3 * PASTE_BYTES];

	CHECK(feed(bytes, sizeof(bytes), 6) == sizeof(bytes));
	CHECK(paste.open && paste.kept == PASTE_BYTES && paste.bytes == sizeof(bytes));
	CHECK(paste_left_ns(&paste, 2) == PASTE_SILENCE_NS);
	CHECK(paste_left_ns(&paste, 2 + PASTE_SILENCE_NS) == 0);
	CHECK(feed(PASTE_END, 6, 1) == 6 && paste_left_ns(&paste, 2) == UINT64_MAX);
}

static struct ui ui;

static struct command act(const struct event *event)
{
	return ui_update(&ui, fixture_model(FIXTURE_RUNNING), event);
}

static struct command press(uint32_t key)
{
	return act(&(struct event){.kind = EVENT_KEY, .key = key, .now_ns = 1});
}

static struct command put(const char *text, size_t bytes)
{
	return act(&(struct event){
		.kind = EVENT_PASTE, .now_ns = 1, .text = text, .kept = bytes, .bytes = bytes});
}

static void test_ignored(void)
{
	static const char text[] = "yq\r\033\003";

	for (enum screen screen = 0; screen < SCREEN_COUNT; screen++) {
		fixture_ui(&ui, FIXTURE_RUNNING, screen);
		CHECK(put(text, 5).kind == COMMAND_NONE && ui.screen == screen && !ui.help.open);
		CHECK(ui.ask == ASK_NOTHING && ui.prompt.kind == PROMPT_NONE && !ui.stopped_ns);
		CHECK_STR(ui.toast.text, "pasted text ignored: \"yq\\x0d\\x1b\\x03\" (5 bytes): no "
					 "field is open");
		CHECK(put("", 0).kind == COMMAND_NONE && ui.note_count == 1);
	}
	/* A question is not answered. */
	fixture_ui(&ui, FIXTURE_RUNNING, SCREEN_LIVE);
	(void)press('q');
	CHECK(ui.ask == ASK_QUIT && put("y", 1).kind == COMMAND_NONE && ui.ask == ASK_QUIT);
}

static const struct {
	const char *text;
	size_t bytes;
	const char *field; /* behind what was in it before */
} pastes[] = {
	{"3x4", 3, "3x4"},
	{"3x4\n", 4, "3x4"},
	{"\r\n3x4\r\n5\t6\n\n", 12, "3x4 5 6"},
	{"a\0b\033c\177d\302\205e", 10, "abcde"},
	{"\303\251\377\303?", 5, "\303\251?"},
	{"\n\n", 2, ""},
};

static void test_inserted(void)
{
	char text[PASTE_BYTES];

	for (size_t i = 0; i < sizeof(pastes) / sizeof(pastes[0]); i++) {
		fixture_ui(&ui, FIXTURE_RUNNING, SCREEN_SETUP);
		(void)press('s');
		CHECK(ui.prompt.kind == PROMPT_SHAPE);
		(void)press(0x15); /* Ctrl-U: nothing is in it */
		(void)put(pastes[i].text, pastes[i].bytes);
		CHECK(ui.prompt.kind == PROMPT_SHAPE && !ui.prompt.error[0]);
		CHECK_STR(ui.prompt.text, pastes[i].field);
		CHECK(ui.prompt.cursor == strlen(ui.prompt.text));
		(void)press('?');
	}
	memset(text, 'x', sizeof(text));
	(void)put(text, sizeof(text));
	CHECK(strlen(ui.prompt.text) == UI_TEXT_BYTES - 1);
	CHECK(strstr(ui.prompt.error, "1024 bytes does not fit"));
	fixture_ui(&ui, FIXTURE_RUNNING, SCREEN_SETUP);
	(void)press('?');
	(void)put("sc\nreen", 7);
	CHECK(ui.help.open && strcmp(ui.help.filter, "sc reen") == 0 && !ui.toast.text[0]);
	(void)put(text, 100);
	CHECK(strlen(ui.help.filter) == sizeof(ui.help.filter) - 1);
	CHECK_STR(ui.toast.text, "pasted text cut: 100 bytes do not fit");
}

static const struct test tests[] = {
	{"where it ends", test_end},
	{"limits", test_limits},
	{"where nothing is typed", test_ignored},
	{"into a field", test_inserted},
};

TEST_MAIN(tests)
