/* SPDX-License-Identifier: MIT */
/* Terminals that do not read hold up neither a run nor a signal. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/pty_check.h"

/* Stopped as by Ctrl-S, or so full that not a byte more goes in. */
enum deaf { DEAF_STOPPED, DEAF_FULL, DEAF_KINDS };

static void deafen(enum deaf how)
{
	char path[64];
	char blanks[4096] = "";
	int fd;

	if (how == DEAF_STOPPED) {
		CHECK(tcflow(session.slave, TCOOFF) == 0);
		return;
	}
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", session.slave);
	fd = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY);
	CHECK(fd >= 0);
	/*
	 * NULs, which a terminal ignores. The kernel passes some on to where they are read from,
	 * and has room for as many again.
	 */
	for (int idle = 0; idle < 5; idle++) {
		for (size_t size = sizeof(blanks); size; size /= 2)
			while (write(fd, blanks, size) == (ssize_t)size)
				idle = 0;
		(void)poll(NULL, 0, 10);
	}
	(void)close(fd);
}

static void undeafen(enum deaf how)
{
	if (how == DEAF_STOPPED)
		(void)tcflow(session.slave, TCOON);
}

static const char *const short_run[] = {
	"-t", "unix+bytes,tcp+bytes", "-s", "8,16", "-n", "20", "-b", "0.2", "--blocks", "1", NULL,
};

/* The run goes on to its end, its results are on disk, and the screen is right afterwards. */
static void run_deaf(enum deaf how)
{
	session_start(&(struct start){.arguments = short_run, .columns = 80, .rows = 24});
	CHECK(settle());
	deafen(how);
	key("r");
	keys("1234?");
	key("\033");
	CHECK(wait_done(results_name, 4));
	undeafen(how);
	key("2");
	check_grid();
	CHECK(screen_has("4/4"));
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* The last frame that there is to draw comes when the terminal reads again, without a key. */
static void draw_deaf(enum deaf how)
{
	session_start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	deafen(how);
	key("2");
	CHECK(wait_input());
	undeafen(how);
	check_grid();
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Until it has taken every key, whether or not it draws. */
static bool wait_taken(void)
{
	int bytes = 1;

	for (int i = 0; i < WAIT_MS / 10 && bytes > 0; i++) {
		(void)poll(NULL, 0, 10);
		if (ioctl(session.slave, FIONREAD, &bytes) != 0)
			return false;
	}
	return bytes == 0;
}

/* What waits for the terminal has a maximum, however often something is to be copied. */
static void test_copy_is_not_read(void)
{
	session_start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	deafen(DEAF_STOPPED);
	key("2"); /* a frame that waits */
	CHECK(wait_input());
	keys("1yyy");
	CHECK(wait_taken());
	undeafen(DEAF_STOPPED);
	CHECK(wait_for("not copied: the terminal has not read"));
	CHECK(!screen_raw_has("\033]52;c;"));
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* It ends as it is told even if its output is not read. */
static void end_deaf(enum deaf how, int number)
{
	int status;

	start_reply();
	if (test_why[0])
		return;
	deafen(how);
	keys("1234?2");
	if (number == SIGHUP) { /* of the kernel: the terminal is gone as well */
		session_hang_up();
	} else {
		(void)kill(session.pid, number);
	}
	status = session_ended(); /* not wait_end: that reads */
	undeafen(how);
	/* The address sanitizer ends with a status of its own. */
	CHECK_MSG((WIFEXITED(status) &&
		   (WEXITSTATUS(status) == 128 + number || WEXITSTATUS(status) == 99)) ||
			  (WIFSIGNALED(status) && WTERMSIG(status) == number),
		  "ended with %x", (unsigned)status);
	(void)wait_end();
	check_leftovers();
}

static const char *headless_name(void)
{
	return "out.csv";
}

/* The same without a screen: neither progress nor the table holds anything up that matters. */
static void headless_deaf(enum deaf how)
{
	static const char *const arguments[] = {
		"run",      "-t",   "unix+bytes,tcp+bytes",
		"-s",       "8,16", "-n",
		"20",       "-b",   "0.2",
		"--blocks", "1",    "--csv",
		"out.csv",  NULL,
	};
	int status;

	session_start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24});
	deafen(how);
	if (test_why[0])
		return;
	CHECK(wait_done(headless_name, 4));
	(void)kill(session.pid, SIGTERM);
	status = session_ended();
	CHECK_MSG(WIFSIGNALED(status) || WEXITSTATUS(status) == 143, "ended with %x",
		  (unsigned)status);
	undeafen(how);
	(void)wait_end();
	check_leftovers();
}

/* More rows of a table than a terminal's way has room for, but that it is read. */
static const char *const table_run[] = {
	"-t",       "all", "-s", "1,2,3,4,5,6,7,8,9,10,11,12", "-n", "1", "-b", "0.05",
	"--blocks", "1",   NULL,
};

/* Takes so many bytes, all NULs, off a full terminal. */
static void take_blanks(size_t bytes)
{
	char blanks[1024];

	for (ssize_t got; bytes > 0; bytes -= (size_t)got) {
		got = read(session.master, blanks, bytes < sizeof(blanks) ? bytes : sizeof(blanks));
		CHECK(got > 0);
	}
}

/* Until the program has ended, with such a signal every so often. -1: it does not. */
static int end_by_repeated(int number, int every_ms)
{
	struct pollfd polled = {.fd = session.reports, .events = POLLIN};
	struct report one = {0};

	for (int i = 0; i < WAIT_MS / every_ms; i++) {
		(void)kill(session.pid, number);
		if (poll(&polled, 1, every_ms) == 1 &&
		    read(session.reports, &one, sizeof(one)) == sizeof(one) &&
		    one.kind == REPORT_ENDED)
			return one.status;
	}
	return -1;
}

/* Nor do its last words, where stderr is that terminal: one signal in the middle ends it. */
static void headless_deaf_told(enum deaf how)
{
	static const char *const arguments[] = {
		"run",
		"-t",
		"unix+bytes,tcp+bytes",
		"-s",
		"1,2,3,4,5,6,7,8,9,10,11,12",
		"-n",
		"1000000",
		"-b",
		"1",
		"--blocks",
		"1",
		"--csv",
		"out.csv",
		NULL,
	};
	int status;

	session_start(
		&(struct start){.arguments = arguments, .columns = 80, .rows = 24, .tells = true});
	deafen(how);
	if (test_why[0])
		return;
	CHECK(wait_done(headless_name, 1));
	status = end_by_repeated(SIGTERM, WAIT_MS);
	CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 143, "ended with %x",
		  (unsigned)status);
	undeafen(how);
	(void)wait_end();
	check_leftovers();
}

/* It takes the end of the screen and then reads no more: the table that follows can be ended. */
static void test_table_is_not_read(void)
{
	int status;

	session_start(&(struct start){.arguments = table_run, .columns = 80, .rows = 24});
	CHECK(settle());
	key("r");
	CHECK(wait_done(results_name, 1));
	key("\003");
	CHECK(wait_for("stopped"));
	deafen(DEAF_FULL);
	take_blanks(8192);
	keys("Q");
	status = end_by_repeated(SIGTERM, 10);
	CHECK_MSG(status != -1, "SIGTERM does not end it");
	CHECK_MSG(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM, "ended with %x",
		  (unsigned)status);
	(void)wait_end();
	check_leftovers();
}

/* The handler waits for a terminal that is stopped, and others come meanwhile: not too early. */
static void test_fatal_signals_come_twice(void)
{
	struct termios now;

	start_reply();
	if (test_why[0])
		return;
	deafen(DEAF_STOPPED);
	keys("1234?2");
	(void)kill(session.pid, SIGALRM);
	CHECK(WIFSIGNALED(end_by_repeated(SIGUSR1, 1)));
	CHECK(tcgetattr(session.slave, &now) == 0);
	CHECK(now.c_lflag == session.modes_before.c_lflag);
	undeafen(DEAF_STOPPED);
	(void)wait_end();
	check_leftovers();
}

static void test_terminal_does_not_read(void)
{
	static const int numbers[] = {SIGTERM, SIGSEGV, SIGHUP};

	for (int how = 0; how < DEAF_KINDS && !test_why[0]; how++) {
		run_deaf((enum deaf)how);
		session_finish();
		if (!test_why[0])
			draw_deaf((enum deaf)how);
		session_finish();
		if (!test_why[0])
			headless_deaf((enum deaf)how);
		session_finish();
		if (!test_why[0])
			headless_deaf_told((enum deaf)how);
		session_finish();
		for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]) && !test_why[0]; i++) {
			end_deaf((enum deaf)how, numbers[i]);
			session_finish();
		}
	}
}

static const struct test tests[] = {
	{"terminal_does_not_read", test_terminal_does_not_read},
	{"table_is_not_read", test_table_is_not_read},
	{"fatal_signals_come_twice", test_fatal_signals_come_twice},
	{"copy_is_not_read", test_copy_is_not_read},
};

SESSION_MAIN(tests)
