/* SPDX-License-Identifier: MIT */
/*
 * How it ends: by keys, by every kind of signal, with its terminal gone; and what it leaves.
 * Runs alone: another run would sweep what it leaves, and two seconds are promised.
 */
#include <signal.h>
#include <sys/wait.h>

#include "tests/e2e/pty_check.h"

static void test_quit(void)
{
	session_start(&(struct start){.columns = 80, .rows = 24});
	CHECK(settle());
	CHECK(screen.alternate && !screen.cursor);
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

static void test_quit_while_running(void)
{
	start_long_run();
	key("q");
	CHECK(settle());
	CHECK(screen_has("stop the run and quit?"));
	key("y");
	CHECK(WIFEXITED(wait_end()));
	check_end();
	CHECK(file_has("stderr", "") && has_entry(session.directory, "state"));
}

static void test_ctrl_c(void)
{
	start_long_run();
	key("\003");
	CHECK(settle());
	CHECK(screen_has("Ctrl-C again quits"));
	key("\003");
	CHECK(WEXITSTATUS(wait_end()) == 130);
	check_end();
}

/* From outside it is what Ctrl-C is, which the terminal does not make a signal of here. */
static void test_sigint(void)
{
	start_long_run();
	if (test_why[0])
		return;
	(void)kill(session.pid, SIGINT);
	CHECK(wait_for("Ctrl-C again quits"));
	(void)kill(session.pid, SIGINT);
	CHECK(WEXITSTATUS(wait_end()) == 130);
	check_end();
}

static void end_by_signal(int number, int status)
{
	int ended;

	start_long_run();
	if (test_why[0])
		return;
	(void)kill(session.pid, number);
	ended = wait_end();
	CHECK_MSG(WIFEXITED(ended) && WEXITSTATUS(ended) == status, "ended with %x",
		  (unsigned)ended);
	check_end();
}

static void test_sigterm(void)
{
	end_by_signal(SIGTERM, 143);
}

static void test_sighup(void)
{
	end_by_signal(SIGHUP, 129);
}

/* The results so far are on disk, whole. */
static void test_results_are_kept(void)
{
	const char *name;

	end_by_signal(SIGTERM, 143);
	if (test_why[0])
		return;
	name = results_name();
	CHECK(name);
	CHECK(file_has(name, "run_id,started_utc,transport,"));
	CHECK(file_has(name, "interrupted"));
}

static void die_by(int number, bool named)
{
	char prefix[40];
	int status;

	if (named)
		start_reply_named();
	else
		start_reply();
	if (test_why[0])
		return;
	(void)snprintf(prefix, sizeof(prefix), "ipctop-%d-", session.pid);
	if (named)
		CHECK_MSG(has_entry("/dev/shm", prefix) && has_entry("/tmp", prefix),
			  "there is no %s to be left", prefix);
	CHECK_MSG(kill(session.pid, number) == 0, "signal %d cannot be sent", number);
	status = wait_end();
	CHECK_MSG(WIFSIGNALED(status) && WTERMSIG(status) == number, "signal %d: ended with %x",
		  number, (unsigned)status);
	check_leftovers();
	if (number != SIGKILL)
		check_restored();
	if (test_why[0])
		TEST_FAIL("signal %d: see above", number);
}

/* Valgrind keeps one for itself. */
static int last_signal(void)
{
	return test_under_valgrind() ? SIGRTMAX - 1 : SIGRTMAX;
}

/*
 * Those that end a program which does nothing about them; SIGTERM, SIGHUP and SIGINT have
 * their tests. Of the real-time signals, of which the C library keeps two, the first and last.
 */
static bool kills(int number)
{
	static const int spared[] = {
		SIGTERM,  SIGHUP,  SIGINT,  SIGPIPE, SIGXFSZ, SIGCHLD, SIGURG,
		SIGWINCH, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
	};

	for (size_t i = 0; i < sizeof(spared) / sizeof(spared[0]); i++)
		if (number == spared[i])
			return false;
	return number < 32 || number == SIGRTMIN || number == last_signal();
}

/* One of each kind, or with FAULTS=all every one. */
static bool is_chosen(int number)
{
	static const int few[] = {SIGKILL, SIGSEGV, SIGABRT, SIGALRM, SIGXCPU};
	const char *faults = getenv("FAULTS");

	for (size_t i = 0; i < sizeof(few) / sizeof(few[0]); i++)
		if (number == few[i])
			return true;
	return number == last_signal() || (faults && strcmp(faults, "all") == 0);
}

static void test_fatal_signals(void)
{
	for (int number = 1; number <= SIGRTMAX && !test_why[0]; number++) {
		if (!kills(number) || !is_chosen(number))
			continue;
		session_allow_time();
		die_by(number, false);
		session_finish();
		if (!test_why[0])
			die_by(number, true);
		session_finish();
	}
}

/* Two are nothing to us: what was not written is noticed where it is written. */
static void test_failed_writes(void)
{
	start_reply();
	if (test_why[0])
		return;
	(void)kill(session.pid, SIGPIPE);
	(void)kill(session.pid, SIGXFSZ);
	key("4");
	check_grid();
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

static void test_terminal_closed(void)
{
	int status;

	start_long_run();
	if (test_why[0])
		return;
	session_hang_up();
	status = wait_end();
	CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 129, "ended with %x",
		  (unsigned)status);
	check_leftovers();
	check_stderr();
}

static const struct test tests[] = {
	{"quit", test_quit},
	{"quit_while_running", test_quit_while_running},
	{"ctrl_c", test_ctrl_c},
	{"sigint", test_sigint},
	{"sigterm", test_sigterm},
	{"sighup", test_sighup},
	{"results_are_kept", test_results_are_kept},
	{"fatal_signals", test_fatal_signals},
	{"failed_writes", test_failed_writes},
	{"terminal_closed", test_terminal_closed},
};

SESSION_MAIN(tests)
