/* SPDX-License-Identifier: MIT */
/* What is pasted into the dashboard: into a field, or where nothing is being typed. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tests/e2e/pty_check.h"

#define PASTED(text) "\033[200~" text "\033[201~"
#define BRACKETS 2004
#define MIB ((size_t)1 << 20)

static void start(void)
{
	/* A part of an escape sequence is no lone Esc here, however slow the machine. */
	session_start(&(struct start){.columns = 100, .rows = 30, .extra = "ESCDELAY=30000"});
	CHECK(settle());
	CHECK(screen.modes[BRACKETS]);
}

static void quit(void)
{
	key("Q");
	CHECK(wait_end() == 0);
	check_end();
}

/* Keys of every screen, none of which is carried out. */
static void test_outside(void)
{
	start();
	for (const char *screen_key = "1234"; *screen_key && !test_why[0]; screen_key++) {
		keys((char[]){*screen_key, '\0'});
		key(PASTED("rq\r1 \033Qy\003\032s"));
		CHECK(settle());
		CHECK_MSG(screen_has("pasted text ignored: \"rq"), "on screen %c", *screen_key);
		check_grid();
	}
	CHECK(!has_entry(session.directory, "state") && count_results() == 0);
	quit();
}

static void test_inside(void)
{
	start();
	key("s");
	key(PASTED("7x\0019\n"));
	CHECK(settle());
	CHECK(screen_has("7x9") && !screen_has("has a column"));
	key("\r");
	CHECK(settle());
	CHECK(screen_has("7x9 has a column"));
	key("?");
	key(PASTED("scre\ren"));
	CHECK(settle());
	CHECK(screen_has("find: scre en"));
	check_grid();
	keys("\b\b\b");
	CHECK(settle());
	CHECK(screen_has("screen 2"));
	key("\033OP");
	key("\033OP");
	quit();
}

/* Until the program has read all that is on its terminal. */
static bool taken_in(void)
{
	int waiting = 1;

	while (ioctl(session.slave, FIONREAD, &waiting) == 0 && waiting > 0)
		(void)session_pump(1);
	return true;
}

/* The pieces are read one by one, whatever lies between them; the last counts as one input. */
static void send_piece(const char *bytes, size_t count)
{
	CHECK(write(session.master, bytes, count) == (ssize_t)count);
	CHECK(taken_in());
}

static void test_split(void)
{
	static const char paste[] = PASTED("a\033[20\033[201b");
	size_t length = sizeof(paste) - 1;

	start();
	for (size_t at = 1; at < length && !test_why[0]; at++) {
		send_piece(paste, at);
		key(paste + at);
		CHECK(settle());
		CHECK_MSG(screen_has("ignored: \"a\\x1b[20\\x1b[201b\" (11 bytes)"), "at %zu", at);
		key("?"); /* what follows is a key again */
		key("\b");
		key(PASTED("\r"));
		CHECK(settle());
		CHECK_MSG(screen_has("find: "), "at %zu", at);
		key("\033OP"); /* F1 closes it */
	}
	for (size_t i = 0; i + 1 < length && !test_why[0]; i++)
		send_piece(paste + i, 1);
	key(paste + length - 1);
	CHECK(settle());
	CHECK(screen_has("(11 bytes)"));
	quit();
}

/* One that does not end is over when nothing comes any more. */
static void test_unterminated(void)
{
	start();
	key("\033[200~r\033[201");
	CHECK(wait_for("pasted text ignored"));
	key("2");
	CHECK(settle());
	check_grid();
	key(PASTED("r"));
	CHECK(settle());
	CHECK(screen_has("\"r\" (1 bytes)"));
	quit();
}

static void test_enormous(void)
{
	char *text = malloc(MIB + 32);

	CHECK(text);
	start();
	memcpy(text, "\033[200~", 6);
	for (size_t i = 0; i < MIB; i++)
		text[6 + i] = "q\rQy"[i % 4];
	memcpy(text + 6 + MIB, "\033[201~", 7);
	key(text);
	CHECK(settle());
	CHECK(screen_has("(1048576 bytes)"));
	key("s");
	key(text);
	CHECK(settle());
	CHECK(screen_has("1048576 bytes does not fit"));
	free(text);
	key("\003");
	check_grid();
	(void)kill(session.pid, SIGTERM);
	CHECK(wait_end() >= 0);
	check_end();
}

/* The shell gets a terminal that sends pastes as it likes them. */
static void test_stopped(void)
{
	struct report one;

	if (test_under_valgrind())
		SKIP("valgrind stops for no signal but SIGSTOP");
	start();
	key("\032");
	CHECK(session_report(&one) && one.kind == REPORT_STOPPED);
	CHECK(!screen.modes[BRACKETS]);
	CHECK(session_continue());
	CHECK(wait_frames(1));
	CHECK(screen.modes[BRACKETS]);
	quit();
}

/* A terminal that may not know the request is not sent it; what it sends as keys are keys. */
static void test_without(void)
{
	session_start(&(struct start){.term = "vt100", .columns = 80, .rows = 24, .plain = true});
	CHECK(settle());
	CHECK(!screen.modes[BRACKETS]);
	keys("2?");
	CHECK(settle());
	CHECK(screen_has("find:"));
}

static const struct test tests[] = {
	{"outside", test_outside},
	{"inside", test_inside},
	{"split", test_split},
	{"unterminated", test_unterminated},
	{"enormous", test_enormous},
	{"stopped", test_stopped},
	{"without", test_without},
};

SESSION_MAIN(tests)
