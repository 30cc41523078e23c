/* SPDX-License-Identifier: MIT */
/* What the terminal shows is what was drawn: any size, any terminal, theme and locale, any keys. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/e2e/pty_check.h"

/* The tests. */

static void press_screens(const char *letters)
{
	for (; *letters && !test_why[0]; letters++) {
		keys((const char[]){*letters, '\0'});
		check_grid();
	}
}

/* The usual sizes, and one in which nothing fits: the golden frames have all the others. */
static void test_every_size(void)
{
	static const int sizes[][2] = {{120, 40}, {200, 60}, {12, 2}, {80, 24}};

	session_start(&(struct start){.columns = 100, .rows = 30});
	check_grid();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) && !test_why[0]; i++) {
		resize(sizes[i][0], sizes[i][1]);
		CHECK(settle_size(sizes[i][0], sizes[i][1]));
		press_screens("1234?");
		key("\033");
		CHECK(settle());
	}
}

static void test_redraw(void)
{
	session_start(&(struct start){.columns = 80, .rows = 24});
	check_grid();
	screen_feed("\033[2J\033[Hgarbage", 14);
	key("\014");
	check_grid();
}

/* A remapped key works, every line that is wrong is told of. */
static void test_keys_conf(void)
{
	session_start(&(struct start){
		.keys = "export = w\nfly = f\nquit = 1 2 3 4 5\n", .columns = 80, .rows = 24});
	CHECK(settle());
	CHECK(screen_has("keys.conf:2: fly: no such action"));
	key("!");
	check_grid();
	CHECK(screen_has("keys.conf:2: fly: no such action") &&
	      screen_has("keys.conf:3: quit: more than 4 keys"));
	key("\033");
	key("w");
	check_grid();
	CHECK(screen_has("write to:"));
	key("\033");
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

/* What is asked for and cannot run is told of, before the run and in it. */
static void test_impossible(void)
{
	static const char *const arguments[] = {
		"-t", "unix+cjson,unix+bytes", "-s", "4,128x1024x1024", "-b", "0.05", NULL,
	};

	session_start(&(struct start){.arguments = arguments, .columns = 120, .rows = 40});
	CHECK(settle());
	CHECK(screen_has("unix+cjson of 128x1024x1024 cannot run here: cJSON cannot print"));
	CHECK(screen_has("1 more cannot run here"));
	check_grid();
	/* A shape of one's own is off, and it says so. */
	key("s");
	keys("8x8");
	key("\r");
	CHECK(settle());
	CHECK(screen_has("8x8 has a column, all off: Space turns it on"));
	key("P");
	CHECK(settle());
	CHECK(screen_has("ipctop run -p full"));
	check_grid();
}

static void test_themes(void)
{
	static const char *const themes[] = {"light", "mono"};

	for (size_t i = 0; i < 2 && !test_why[0]; i++) {
		const char *const arguments[] = {"--theme", themes[i], "--no-mouse", NULL};

		session_start(&(struct start){
			.arguments = arguments, .columns = 80, .rows = 24, .plain = true});
		check_grid();
		CHECK(screen_raw_has("38;5;") == (i == 0));
		key("q");
		CHECK(wait_end() == 0);
		check_end();
		session_finish();
	}
}

/* Terminals of all kinds show the same frame. */
static void test_terminals(void)
{
	static const char *const terms[] = {
		"xterm-256color", "tmux-256color", "screen",      "linux",
		"vt100",          "xterm",         "xterm-kitty",
	};

	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]) && !test_why[0]; i++) {
		session_start(&(
			struct start){.term = terms[i], .columns = 80, .rows = 24, .plain = i > 0});
		press_screens("12?");
		key("\033");
		key("1");
		key("q");
		if (!test_why[0])
			CHECK_MSG(wait_end() == 0, "%s", terms[i]);
		check_restored();
		session_finish();
	}
}

static void test_ascii_where_the_locale_is(void)
{
	static const char *const ascii[] = {"--ascii", NULL};

	for (int i = 0; i < 2 && !test_why[0]; i++) {
		session_start(&(struct start){.locale = i ? NULL : "C",
					      .arguments = i ? ascii : NULL,
					      .columns = 80,
					      .rows = 24,
					      .plain = true});
		press_screens("1234?");
		CHECK(screen_raw_is_ascii());
		session_finish();
	}
}

/* A UTF-8 locale that this machine does not have is none: tables know no better. */
static void test_locale_that_is_missing(void)
{
	session_start(&(struct start){
		.locale = "xx_YY.UTF-8", .columns = 80, .rows = 24, .plain = true});
	press_screens("1234?");
	CHECK(screen_raw_is_ascii());
}

static void test_no_color(void)
{
	session_start(
		&(struct start){.extra = "NO_COLOR=1", .columns = 80, .rows = 24, .plain = true});
	check_grid();
	CHECK(!screen_raw_has("38;5;"));
	session_finish();
	/* Set but empty counts as not set. */
	session_start(&(struct start){.extra = "NO_COLOR=", .columns = 80, .rows = 24});
	check_grid();
	CHECK(screen_raw_has("38;5;"));
}

static void test_mouse(void)
{
	session_start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	CHECK(screen.modes[1000]);
	key("M");
	CHECK(settle());
	CHECK(!screen.modes[1000] && !screen.modes[1006]);
	key("M");
	CHECK(settle());
	CHECK(screen.modes[1000]);
	key("\033[<65;10;10M"); /* wheel down */
	check_grid();
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

/* Without a screen to use it says so and runs without one. */
static void test_dumb_terminal(void)
{
	static const char *const one[] = {
		"-t", "unix+bytes", "-s", "8", "-n", "1", "--blocks", "1", NULL,
	};

	session_start(&(struct start){.term = "dumb", .arguments = one, .columns = 80, .rows = 24});
	CHECK(wait_end() == 0);
	CHECK(file_has("stderr", "cannot place its cursor"));
	CHECK(!screen.modes[1049]);
	check_restored();
}

/* Random keys and sizes: it lives, and shows what it drew. */

static uint64_t storm_state = 20261122;

static unsigned storm_random(unsigned below)
{
	storm_state = storm_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(storm_state >> 33) % below;
}

/* Not q, Q, ^C, ^Z, which leave, nor r, which may start something big: they have their tests. */
static const char *const storm_keys[] = {
	"1",    "2",    "3",      "4",        "\t",     "\033[Z", "?",       "\033",    "\r",
	" ",    "a",    "i",      "s",        "x",      "P",      "f",       "v",       "m",
	"X",    "Y",    "I",      "<",        ">",      "[",      "]",       "+",       "-",
	"0",    "L",    "e",      "y",        "M",      "h",      "j",       "k",       "l",
	"g",    "G",    "\033OA", "\033OB",   "\033OC", "\033OD", "\033[5~", "\033[6~", "\033[3~",
	"\006", "\002", "\004",   "\014",     "\177",   "n",      "N",       "/",       "\\",
	"z",    "7",    ",",      "\xc3\xa9",
	/* Pastes, of what would leave if it were typed. */
	"\033[200~q\r\033\033[201~",
	"\033[200~QyQ\003\032\033[20\033[201~",
	"\033[200~\033[201~",
};

static void storm_step(void)
{
	if (storm_random(8) == 0)
		resize(1 + (int)storm_random(220), 1 + (int)storm_random(70));
	else
		key(storm_keys[storm_random(sizeof(storm_keys) / sizeof(storm_keys[0]))]);
	/* A lone Esc is told from the beginning of another key by what follows. */
	(void)settle();
}

static void test_storm(void)
{
	start_long_run();
	for (int i = 0; i < 2000 && !test_why[0]; i++) {
		storm_step();
		if (i % 20 == 0) {
			resize(20 + (int)storm_random(200), 6 + (int)storm_random(60));
			key("\014");
			check_grid();
		}
		if (kill(session.pid, 0) != 0)
			TEST_FAIL("it ended at step %d", i);
	}
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

static const struct test tests[] = {
	{"every_size", test_every_size},
	{"redraw", test_redraw},
	{"keys_conf", test_keys_conf},
	{"impossible", test_impossible},
	{"themes", test_themes},
	{"terminals", test_terminals},
	{"ascii_where_the_locale_is", test_ascii_where_the_locale_is},
	{"locale_that_is_missing", test_locale_that_is_missing},
	{"no_color", test_no_color},
	{"mouse", test_mouse},
	{"dumb_terminal", test_dumb_terminal},
	{"storm", test_storm},
};

SESSION_MAIN(tests)
