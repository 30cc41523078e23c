/* SPDX-License-Identifier: MIT */
/* Checks of a session: its screen, its end, its files; and the runs that they are made of. */
#include "tests/e2e/pty_check.h"

#include <dirent.h>
#include <poll.h>

/* What the program says it drew. */
static char drawn[1 << 19];

static bool read_file(const char *name, char *text, size_t size)
{
	char path[400];
	FILE *file;
	size_t bytes;

	(void)snprintf(path, sizeof(path), "%s/%s", session.directory, name);
	file = fopen(path, "r");
	if (!file)
		return false;
	bytes = fread(text, 1, size - 1, file);
	text[bytes] = '\0';
	(void)fclose(file);
	return true;
}

static bool read_drawn(void)
{
	return read_file("dump", drawn, sizeof(drawn));
}

void check_grid(void)
{
	char where[300] = "";

	CHECK(settle());
	CHECK(read_drawn());
	/* Frames that only data asked for may have come since. */
	while (!screen_shows_title(drawn)) {
		CHECK_MSG(session_pump(WAIT_MS), "shown: %s, drawn: %.40s", screen.title, drawn);
		CHECK(read_drawn());
	}
	CHECK_MSG(screen_shows(drawn, !session.plain, where, sizeof(where)), "%s", where);
}

bool wait_input(void)
{
	unsigned long inputs = 0;

	for (int i = 0; i < WAIT_MS / 10 && inputs < session.sent; i++) {
		(void)poll(NULL, 0, 10);
		if (!read_drawn() || sscanf(drawn, "ipctop %lu", &inputs) != 1)
			inputs = 0;
	}
	return inputs == session.sent;
}

/* Endings. */

/* How long what a program started may outlive it: what ARCHITECTURE.md promises. */
#define SURVIVE_MS (2000 * (int)test_slowness())

int wait_end(void)
{
	struct report one = {0};
	struct pollfd polled = {.fd = session.reports, .events = POLLIN};
	int status = -1;

	while (session_report(&one) && one.kind != REPORT_ALL_GONE) {
		if (one.kind != REPORT_ENDED)
			continue;
		status = one.status;
		if (poll(&polled, 1, SURVIVE_MS) != 1)
			TEST_FAIL("processes outlive it by more than %d ms", SURVIVE_MS);
	}
	return one.kind == REPORT_ALL_GONE ? status : -1;
}

bool has_entry(const char *directory, const char *prefix)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		found |= strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
	if (dir)
		(void)closedir(dir);
	return found;
}

void check_leftovers(void)
{
	char prefix[40];

	(void)snprintf(prefix, sizeof(prefix), "ipctop-%d-", session.pid);
	CHECK_MSG(!has_entry("/dev/shm", prefix), "%s in /dev/shm", prefix);
	CHECK_MSG(!has_entry("/tmp", prefix), "%s in /tmp", prefix);
}

void check_restored(void)
{
	static const int off[] = {
		1, 9, 47, 1000, 1002, 1003, 1005, 1006, 1015, 1047, 1049, 2004, 2026,
	};
	const struct termios *before = &session.modes_before;
	struct termios now;

	while (session_pump(0))
		;
	CHECK(!screen.alternate);
	CHECK(screen.cursor);
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		CHECK_MSG(!screen.modes[off[i]], "mode %d is still on", off[i]);
	CHECK(tcgetattr(session.slave, &now) == 0);
	CHECK(now.c_iflag == before->c_iflag && now.c_oflag == before->c_oflag);
	CHECK(now.c_cflag == before->c_cflag && now.c_lflag == before->c_lflag);
	CHECK(memcmp(now.c_cc, before->c_cc, sizeof(now.c_cc)) == 0);
}

void check_stderr(void)
{
	CHECK_MSG(!file_has("stderr", "Sanitizer"), "a sanitizer reported");
	CHECK_MSG(!file_has("stderr", "runtime error"), "a sanitizer reported");
}

void check_end(void)
{
	check_restored();
	check_leftovers();
	check_stderr();
}

/* Files. */

bool file_has(const char *name, const char *text)
{
	static char content[1 << 18];

	return read_file(name, content, sizeof(content)) && strstr(content, text);
}

/* The results in the session's folder: how many, and the name of one, NULL if there is none. */
static size_t find_results(const char **found)
{
	static char name[300];
	char path[100];
	size_t count = 0;
	DIR *dir;
	struct dirent *entry;

	*found = NULL;
	(void)snprintf(path, sizeof(path), "%s/state/ipctop/runs", session.directory);
	dir = opendir(path);
	while (dir && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length < 4 || strcmp(entry->d_name + length - 4, ".csv") != 0)
			continue;
		(void)snprintf(name, sizeof(name), "state/ipctop/runs/%.200s", entry->d_name);
		*found = name;
		count++;
	}
	if (dir)
		(void)closedir(dir);
	return count;
}

size_t count_results(void)
{
	const char *name;

	return find_results(&name);
}

const char *results_name(void)
{
	const char *name;

	(void)find_results(&name);
	return name;
}

/* How many cells a CSV says are done. */
static size_t cells_done(const char *name)
{
	static char text[1 << 16];
	size_t count = 0;

	if (!read_file(name, text, sizeof(text)))
		return 0;
	for (const char *at = text; (at = strstr(at, ",done,")); at++)
		count++;
	return count;
}

bool wait_done(const char *(*name)(void), size_t cells)
{
	for (int i = 0; i < WAIT_MS / 10; i++) {
		const char *csv = name();

		if (csv && cells_done(csv) >= cells)
			return true;
		(void)poll(NULL, 0, 10);
	}
	return false;
}

/* Runs. */

void start_long_run(void)
{
	static const char *const arguments[] = {
		"-t",       "unix+bytes,ws+shm,http+json",
		"-s",       "64x64,128x128",
		"-b",       "600",
		"-n",       "100000000",
		"--blocks", "3",
		NULL,
	};

	session_start(&(struct start){.arguments = arguments, .columns = 80, .rows = 24});
	CHECK(settle());
	key("r");
	CHECK(settle());
	CHECK(wait_for("0/6"));
	CHECK(wait_frames(8));
	check_grid();
}

static void start_reply_of(const char *transport)
{
	const char *const arguments[] = {
		"-t",        transport,  "-s", "2x1024x16x16", "-b", "600", "-n",
		"100000000", "--blocks", "1",  NULL,
	};

	session_start(&(
		struct start){.arguments = arguments, .columns = 80, .rows = 24, .crashes = true});
	CHECK(settle());
	key("r");
	CHECK(settle());
	while (screen_number_before("/100000000") < 1)
		CHECK(session_pump(WAIT_MS));
}

void start_reply(void)
{
	start_reply_of("http+json");
}

void start_reply_named(void)
{
	start_reply_of("unix+shm");
}
