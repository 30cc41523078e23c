/* SPDX-License-Identifier: MIT */
/* Starting the program in a terminal, keys, waiting for frames, and its end. */
#include "tests/e2e/pty_session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/pty_shell.h"
#include "transports/unused.h"

struct session session;

void session_allow_time(void)
{
	(void)alarm(300 * test_slowness());
}

bool session_pump(int wait_ms)
{
	struct pollfd polled = {.fd = session.master, .events = POLLIN};
	char bytes[8192];
	ssize_t count;

	if (poll(&polled, 1, wait_ms) <= 0)
		return false;
	count = read(session.master, bytes, sizeof(bytes));
	if (count <= 0)
		return false;
	screen_feed(bytes, (size_t)count);
	return true;
}

bool session_report(struct report *one)
{
	struct pollfd polled[] = {
		{.fd = session.reports, .events = POLLIN},
		{.fd = session.master, .events = POLLIN},
	};

	while (poll(polled, 2, WAIT_MS) > 0) {
		if (polled[1].revents && !session_pump(0))
			polled[1].fd = -1;
		if (polled[0].revents)
			return read(session.reports, one, sizeof(*one)) == sizeof(*one);
	}
	return false;
}

int session_ended(void)
{
	struct report one = {.kind = REPORT_STARTED};

	while (one.kind != REPORT_ENDED)
		if (read(session.reports, &one, sizeof(one)) != sizeof(one))
			return -1;
	return one.status;
}

bool session_continue(void)
{
	return write(session.orders, "f", 1) == 1;
}

void session_hang_up(void)
{
	(void)close(session.master);
	(void)close(session.slave);
	session.master = session.slave = -1;
}

/* Starting. */

static void write_file(const char *name, const char *text)
{
	char path[120];
	FILE *file;

	(void)snprintf(path, sizeof(path), "%s/%s", session.directory, name);
	file = fopen(path, "w");
	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		abort();
}

static void make_directory(const struct start *how)
{
	static const char *const parts[] = {"config", "config/ipctop"};
	char path[120];

	(void)snprintf(session.directory, sizeof(session.directory), "/tmp/ipctop-pty-XXXXXX");
	if (!mkdtemp(session.directory))
		abort();
	for (size_t i = 0; i < 2 && how->keys; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", session.directory, parts[i]);
		(void)mkdir(path, 0700);
	}
	if (how->keys)
		write_file("config/ipctop/keys.conf", how->keys);
	if (how->pairs)
		write_file("pairs.json", how->pairs);
}

static void open_terminal(const struct start *how)
{
	struct winsize size = {.ws_col = (unsigned short)how->columns,
			       .ws_row = (unsigned short)how->rows};

	if (openpty(&session.master, &session.slave, NULL, NULL, &size) != 0)
		abort();
	(void)fcntl(session.master, F_SETFD, FD_CLOEXEC);
	(void)tcgetattr(session.slave, &session.modes_before);
	screen_open(how->columns, how->rows);
}

void session_start(const struct start *how)
{
	struct report one;

	memset(&session, 0, sizeof(session));
	session.plain = how->plain;
	make_directory(how);
	open_terminal(how);
	session.shell = shell_start(how, &session.reports, &session.orders);
	if (!session_report(&one) || one.kind != REPORT_STARTED)
		abort();
	session.pid = one.pid;
}

static void remove_tree(const char *path)
{
	pid_t pid = fork();

	if (pid == 0) {
		(void)execl("/bin/rm", "rm", "-rf", "--", path, (char *)NULL);
		_exit(127);
	}
	(void)waitpid(pid, NULL, 0);
}

void session_finish(void)
{
	if (!screen.vterm)
		return;
	(void)kill(session.pid, SIGKILL);
	(void)kill(session.shell, SIGKILL);
	(void)waitpid(session.shell, NULL, 0);
	(void)close(session.reports);
	(void)close(session.orders);
	(void)close(session.slave);
	if (session.master >= 0)
		(void)close(session.master);
	screen_close();
	remove_tree(session.directory);
}

/* Input and waiting. */

static void send_bytes(const char *bytes, size_t count)
{
	while (count > 0) {
		ssize_t written = write(session.master, bytes, count);

		if (written < 0 && errno != EINTR)
			return;
		bytes += written > 0 ? written : 0;
		count -= written > 0 ? (size_t)written : 0;
	}
}

void key(const char *bytes)
{
	send_bytes(bytes, strlen(bytes));
	session.sent++;
}

void keys(const char *letters)
{
	for (; *letters; letters++) {
		send_bytes(letters, 1);
		session.sent++;
	}
}

void resize(int columns, int rows)
{
	struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};

	screen_resize(columns, rows);
	(void)ioctl(session.master, TIOCSWINSZ, &size);
}

bool settle(void)
{
	while (screen.frames == 0 || screen.inputs < session.sent)
		if (!session_pump(WAIT_MS))
			return false;
	return true;
}

bool settle_size(int columns, int rows)
{
	while (screen.columns != columns || screen.rows != rows)
		if (!session_pump(WAIT_MS))
			return false;
	return settle();
}

bool wait_frames(unsigned long more)
{
	unsigned long until = screen.frames + more;

	while (screen.frames < until)
		if (!session_pump(WAIT_MS))
			return false;
	return true;
}

bool wait_for(const char *text)
{
	while (screen.frames == 0 || !screen_has(text))
		if (!session_pump(WAIT_MS))
			return false;
	return true;
}

bool wait_line(const char *text)
{
	while (!screen_raw_has(text))
		if (!session_pump(WAIT_MS))
			return false;
	return true;
}

/* A test that hangs ends the program, loudly. */
static void on_alarm(int number UNUSED)
{
	static const char text[] = "not ok the last of the tests: it hangs\n";

	if (write(STDOUT_FILENO, text, sizeof(text) - 1) < 0)
		_exit(2);
	(void)kill(session.pid, SIGKILL);
	(void)kill(session.shell, SIGKILL);
	_exit(1);
}

static const struct test *current;

static void run_current(void)
{
	session_allow_time();
	current->run();
	session_finish();
}

int session_main(const struct test *tests, size_t count, int argc, char **argv)
{
	const char *program = getenv("IPCTOP");
	char *path = realpath(program ? program : "./ipctop", NULL);
	int status = 0;

	if (path)
		(void)setenv("IPCTOP", path, 1);
	free(path);
	(void)signal(SIGALRM, on_alarm);
	(void)signal(SIGPIPE, SIG_IGN);
	for (current = tests; current < tests + count; current++) {
		const struct test one = {current->name, run_current};

		status |= test_main(&one, 1, argc, argv);
	}
	return status;
}
