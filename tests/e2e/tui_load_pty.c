/* SPDX-License-Identifier: MIT */
/* What is asked of it in a hurry: a thousand sizes, hundreds of cells, 64 clients. */
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/e2e/pty_check.h"
#include "transports/registry.h"

/* CPU time that the program has used so far, in seconds; its workers' is not in it. */
static double cpu_seconds(void)
{
	char path[64];
	char text[1024];
	unsigned long user = 0;
	unsigned long system = 0;
	size_t bytes;
	FILE *file;
	const char *at;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", session.pid);
	file = fopen(path, "r");
	if (!file)
		return -1;
	bytes = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[bytes] = '\0';
	at = strrchr(text, ')');
	if (!at || sscanf(at, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
			  &system) != 2)
		return -1;
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

static double wall_seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/*
 * Every millisecond another size, a thousand of them, while a run goes on: however long all of
 * it takes, it draws one in 30 ms at most (tui/app.c), and spends a part of the time on that.
 */
static void test_resize_storm(void)
{
	const struct timespec pace = {.tv_nsec = 1000000};
	unsigned long frames;
	double began;
	double cpu;
	double took;
	int samples;

	start_reply();
	if (test_why[0])
		return;
	samples = screen_number_before("/100000000");
	frames = screen.frames;
	cpu = cpu_seconds();
	began = wall_seconds();
	for (int i = 0; i < 1000; i++) {
		resize(60 + i % 60, 20 + i % 20);
		(void)clock_nanosleep(CLOCK_MONOTONIC, 0, &pace, NULL);
		while (session_pump(0))
			;
	}
	resize(81, 25);
	CHECK(settle_size(81, 25));
	frames = screen.frames - frames;
	took = wall_seconds() - began;
	cpu = cpu_seconds() - cpu;
	check_grid();
	while (screen_number_before("/100000000") <= samples)
		CHECK(session_pump(WAIT_MS));
	CHECK_MSG((double)frames < 10 + took / 0.03, "%lu frames in %.2f s", frames, took);
	CHECK_MSG(cpu >= 0 && cpu < 0.1 + took / 2, "%.2f s of CPU time in %.2f s", cpu, took);
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

/* Keys of every screen, each answered by what it asks for. */
static void press_round(const char *of)
{
	keys("4cjk]?");
	CHECK(settle());
	key("\033");
	check_grid();
	key("2");
	check_grid();
	CHECK(screen_has(of));
}

/* Whether so many cells have ended, and the clients of the next one are being served. */
static bool is_under_way(int ended)
{
	return screen_has("s skip") && screen_number_before("/6") == ended &&
	       screen_number_before("/100000000") >= 64;
}

/*
 * 64 clients with 1.2 MB each, on every carrier: keys are answered while they are served, which
 * ends by a key only.
 */
static void test_many_clients(void)
{
	static const char *const arguments[] = {
		"-t",        "http+bytes,ws+bytes,lws+bytes,mp+bytes,unix+bytes,tcp+bytes",
		"-s",        "1x3x224x224",
		"--clients", "64",
		"-n",        "100000000",
		"-b",        "600",
		"--blocks",  "1",
		"-w",        "1",
		NULL,
	};

	session_start(&(struct start){.arguments = arguments, .columns = 120, .rows = 40});
	CHECK(settle());
	key("r");
	for (int ended = 0; ended < 6 && !test_why[0]; ended++) {
		while (!is_under_way(ended))
			CHECK(session_pump(WAIT_MS));
		press_round("/6");
		press_round("/6");
		keys("fs"); /* follow what comes next */
	}
	CHECK(wait_for("6/6"));
	CHECK(wait_done(results_name, 6));
	CHECK(!screen_has("failed"));
	key("Q");
	CHECK(WIFEXITED(wait_end()));
	check_end();
}

/* Eight of each transport, which end many times a second: keys are answered on every screen. */
static void test_many_cells(void)
{
	static const char *const arguments[] = {
		"-t",        "all", "-s",   "1,2,3,4,5,6,7,8", "-n",
		"100000000", "-b",  "0.05", "--blocks",        "1",
		"-w",        "0",   NULL,
	};
	static const struct start many_start = {.arguments = arguments, .columns = 120, .rows = 40};

	struct transport transport;
	char of[16];
	int cells = 0;

	while (transport_at((size_t)cells / 8, &transport))
		cells += 8;
	(void)snprintf(of, sizeof(of), "/%d", cells);
	CHECK_MSG(cells >= 256, "%d cells", cells);
	session_start(&many_start);
	CHECK(settle());
	key("r");
	CHECK(wait_for(of));
	while (screen_number_before(of) < 8 && !test_why[0])
		press_round(of);
	CHECK(screen_number_before(of) < cells);
	(void)kill(session.pid, SIGTERM);
	CHECK(WEXITSTATUS(wait_end()) == 143);
	check_end();
}

static const struct test tests[] = {
	{"resize_storm", test_resize_storm},
	{"many_cells", test_many_cells},
	{"many_clients", test_many_clients},
};

SESSION_MAIN(tests)
