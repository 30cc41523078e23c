/* SPDX-License-Identifier: MIT */
/* What is done with a run: it is stopped, continued and begun again, duelled, exported, told of. */
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/e2e/pty_check.h"

/* A duel takes the place of a run under way, after a question; both are kept. */
static void test_duel(void)
{
	start_long_run();
	keys("DD");
	CHECK(settle());
	CHECK(screen_has("stop the run"));
	key("n");
	CHECK(settle());
	check_grid();
	keys("Dy");
	CHECK(wait_for("of at most 200"));
	CHECK(screen_has("duel"));
	check_grid();
	key("\003");
	CHECK(settle());
	CHECK(wait_for("stopped after"));
	CHECK(count_results() == 2);
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Two cells that last until a key ends them, ten samples a second. */
static const char *const slow_run[] = {
	"-t",       "unix+bytes,tcp+bytes",
	"-s",       "8",
	"-n",       "100000000",
	"-b",       "600",
	"--blocks", "1",
	"--rate",   "10",
	NULL,
};

static int samples_shown(void)
{
	return screen_number_before("/100000000");
}

/* Selects the cell that has ended, above or below the one under way, and has it measured again. */
static void retry_the_other(void)
{
	keys("kr");
	CHECK(settle());
	if (screen_has("not finished yet"))
		keys("jr");
	CHECK(wait_for("measuring it again"));
}

/* A cell measured again begins at nothing; one that waits can be taken out, and put back. */
static void test_retry_and_drop(void)
{
	session_start(&(struct start){.arguments = slow_run, .columns = 80, .rows = 24});
	CHECK(settle());
	key("r");
	while (samples_shown() < 3)
		CHECK(session_pump(WAIT_MS));
	key("s");
	CHECK(wait_for("1/2"));
	retry_the_other();
	CHECK(wait_for("0/2"));
	key("x");
	CHECK(wait_for("dropped"));
	CHECK(wait_for("1/2"));
	check_grid();
	CHECK(file_has(results_name(), "dropped by the user"));
	key("r");
	CHECK(wait_for("0/2"));
	while (!screen_has("s skip")) /* the one under way has samples by now, or gets some */
		CHECK(session_pump(WAIT_MS));
	keys("fs");
	CHECK(wait_for("1/2"));
	while (samples_shown() < 1 || screen_has("queued"))
		CHECK(session_pump(WAIT_MS));
	check_grid();
	key("\003");
	CHECK(wait_for("stopped, results kept"));
	CHECK(wait_for("2/2"));
	CHECK(count_results() == 1 && file_has(results_name(), ",interrupted,"));
	CHECK(!file_has(results_name(), "dropped by the user"));
	key("Q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/*
 * One block of each tells nothing; thirteen of each are more. Where the machine was so busy that
 * one alone has trust F, there is nothing to tell it from, and that is said.
 */
static void test_more(void)
{
	static const char *const arguments[] = {
		"-t", "unix+bytes,tcp+bytes", "-s", "8", "-n", "20", "--blocks", "1", NULL,
	};

	session_start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24});
	CHECK(settle());
	key("r");
	CHECK(wait_for("2/2"));
	key("3");
	CHECK(settle());
	check_grid();
	if (screen_has("B more")) {
		CHECK(screen_has("B measures 12 more blocks of 2 cells, about "));
		key("B");
		CHECK(wait_for("measuring 12 more blocks of 2 cells"));
		key("4");
		CHECK(wait_for("260 samples"));
		CHECK(wait_for("2/2"));
		CHECK(wait_for("by 13 blocks"));
		check_grid();
		CHECK(count_results() == 1 && !file_has(results_name(), ",interrupted,"));
	} else {
		key("B");
		CHECK(wait_for("nothing is undecided at this shape"));
	}
	key("Q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Where nothing can be kept the run goes on, and it is said. */
static void test_results_cannot_be_kept(void)
{
	static const char *const arguments[] = {
		"-t", "unix+bytes,tcp+bytes", "-s", "8", "-n", "20", "--blocks", "1", NULL,
	};

	session_start(&(struct start){.arguments = arguments,
				      .extra = "XDG_STATE_HOME=/dev/null/state",
				      .columns = 80,
				      .rows = 24});
	CHECK(settle());
	key("r");
	CHECK(wait_for("results are not saved: "));
	CHECK(wait_for("2/2"));
	check_grid();
	key("e");
	key("\025"); /* Ctrl-U */
	keys("out.csv\r");
	check_grid();
	CHECK(screen_has("written: out.csv") && file_has("out.csv", ",done,"));
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Nor are settings, and the old ones are not harmed. */
static void test_settings_cannot_be_kept(void)
{
	session_start(&(struct start){
		.extra = "XDG_CONFIG_HOME=/dev/null/config", .columns = 80, .rows = 24});
	CHECK(settle());
	key("\023"); /* Ctrl-S */
	CHECK(settle());
	CHECK(screen_has("settings not saved: "));
	check_grid();
	key("q");
	CHECK(wait_end() == 0);
	check_end();
}

static void test_suspend_and_resume(void)
{
	struct report one;

	if (test_under_valgrind())
		SKIP("valgrind stops for no signal but SIGSTOP");
	start_long_run();
	if (test_why[0])
		return;
	key("\032");
	CHECK(session_report(&one) && one.kind == REPORT_STOPPED);
	check_restored();
	if (test_why[0])
		return;
	resize(100, 30);
	CHECK(session_continue());
	CHECK(settle_size(100, 30));
	CHECK(screen.alternate);
	check_grid();
	key("Q");
	key("y");
	(void)wait_end();
	check_end();
}

/* CPU time that a process has used so far, in clock ticks. */
static unsigned long ticks_of(int pid)
{
	char path[40];
	unsigned long user = 0;
	unsigned long kernel = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return 0;
	if (fscanf(file,
		   "%*d %*s %*c" /* the fourth to the thirteenth: */
		   " %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %lu %lu",
		   &user, &kernel) != 2)
		user = kernel = 0;
	(void)fclose(file);
	return user + kernel;
}

static unsigned long worker_ticks(void)
{
	char path[80];
	unsigned long ticks = 0;
	int child;
	FILE *children;

	(void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", session.pid, session.pid);
	children = fopen(path, "r");
	while (children && fscanf(children, "%d", &child) == 1)
		ticks += ticks_of(child);
	if (children)
		(void)fclose(children);
	return ticks;
}

static bool wait_idle(void)
{
	unsigned long before = worker_ticks();

	for (int i = 0; i < WAIT_MS / 200; i++) {
		unsigned long now;

		(void)poll(NULL, 0, 200);
		now = worker_ticks();
		if (now == before)
			return true;
		before = now;
	}
	return false;
}

/* Ctrl-Z holds a run without a screen too, and nothing is measured meanwhile. */
static void test_suspend_headless(void)
{
	static const char *const arguments[] = {
		"run", "-t",  "unix+bytes", "-s", "8",     "-n",      "100000000",
		"-b",  "600", "--blocks",   "1",  "--csv", "out.csv", NULL,
	};
	struct report one;

	if (test_under_valgrind())
		SKIP("valgrind stops for no signal but SIGSTOP");
	session_start(
		&(struct start){.arguments = arguments, .columns = 80, .rows = 24, .tells = true});
	CHECK(wait_line("running"));
	key("\032");
	CHECK(session_report(&one) && one.kind == REPORT_STOPPED);
	CHECK_MSG(wait_idle(), "workers go on while the run is stopped");
	screen.raw_used = 0;
	CHECK(session_continue());
	CHECK(wait_line("running"));
	key("\003");
	CHECK(WEXITSTATUS(wait_end()) == 130);
	CHECK(file_has("out.csv", ",interrupted,"));
	check_leftovers();
}

/* SIGSTOP cannot be caught; what was drawn over must come back. */
static void test_stopped_by_force(void)
{
	struct report one;

	session_start(&(struct start){.columns = 80, .rows = 24});
	check_grid();
	(void)kill(session.pid, SIGSTOP);
	CHECK(session_report(&one) && one.kind == REPORT_STOPPED);
	screen_feed("\033[2J\033[Hgarbage", 14);
	CHECK(session_continue());
	CHECK(wait_frames(1));
	check_grid();
}

static void test_export_and_copy(void)
{
	char fifo[200];

	start_long_run();
	if (test_why[0])
		return;
	key("\003");
	CHECK(wait_for("6/6"));
	for (const char *name = "csvsvgtxt"; *name; name += 3) {
		key("e");
		key("\025"); /* Ctrl-U */
		keys("out.");
		keys((const char[]){name[0], name[1], name[2], '\0'});
		key("\r");
		check_grid();
		CHECK(screen_has("written: out."));
	}
	CHECK(file_has("out.csv", "run_id,started_utc,transport,"));
	CHECK(file_has("out.svg", "</svg>") && file_has("out.txt", "ipctop"));
	CHECK(!file_has("out.txt", "write to:"));
	(void)snprintf(fifo, sizeof(fifo), "%s/fifo.csv", session.directory);
	CHECK(mkfifo(fifo, 0600) == 0);
	key("e");
	key("\025"); /* Ctrl-U */
	keys("fifo.csv\r");
	check_grid();
	CHECK(screen_has("cannot write fifo.csv: it is not a file"));
	key("1");
	key("y");
	CHECK(settle());
	CHECK(screen_has("copied: the command"));
	CHECK(screen_raw_has("\033]52;c;"));
	key("\023"); /* Ctrl-S */
	CHECK(settle());
	CHECK(file_has("config/ipctop/settings", "theme = auto\n"));
	key("q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* What a foreign program writes is shown, and moves no cursor: not as a reason, not in the log. */
static void test_foreign_words(void)
{
	static const char *const arguments[] = {
		"--pairs",  "pairs.json", "-t", "bad-dies+bytes", "-s", "8", "-n", "1",
		"--blocks", "1",          NULL,
	};
	char pairs[2 * PATH_MAX + 200];
	char *program = realpath("tests/e2e/bad_pair.py", NULL);

	if (test_under_valgrind())
		SKIP("valgrind 3.19 knows no pidfd_open, by which foreign programs are watched");
	CHECK(program);
	(void)snprintf(
		pairs, sizeof(pairs),
		"{\"pairs\": [{\"name\": \"bad-dies+bytes\", \"server\": [\"/usr/bin/python3\", "
		"\"%s\", \"server\"], \"client\": [\"/usr/bin/python3\", \"%s\", \"dies\"]}]}",
		program, program);
	free(program);
	session_start(&(
		struct start){.arguments = arguments, .pairs = pairs, .columns = 200, .rows = 40});
	CHECK(settle());
	key("r");
	CHECK(wait_for("1/1"));
	key("4");
	CHECK(wait_for("the reason"));
	check_grid();
	key("L");
	CHECK(wait_for("first line"));
	CHECK(screen_has("the reason"));
	check_grid();
	CHECK(!screen_raw_has("\033]0;"));
	CHECK(!screen_raw_has("\033[2J\302"));
	key("Q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
	CHECK(!screen_raw_has("\033]0;"));
}

static const struct test tests[] = {
	{"duel", test_duel},
	{"retry_and_drop", test_retry_and_drop},
	{"more_of_what_is_undecided", test_more},
	{"results_cannot_be_kept", test_results_cannot_be_kept},
	{"settings_cannot_be_kept", test_settings_cannot_be_kept},
	{"suspend_and_resume", test_suspend_and_resume},
	{"suspend_headless", test_suspend_headless},
	{"stopped_by_force", test_stopped_by_force},
	{"export_and_copy", test_export_and_copy},
	{"foreign_words", test_foreign_words},
};

SESSION_MAIN(tests)
