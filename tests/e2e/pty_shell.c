/* SPDX-License-Identifier: MIT */
/* The little shell with job control that runs the program in its terminal, and what it is told. */
#include "tests/e2e/pty_shell.h"

#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* Variables that the program gets; their text lies in `text`. */
struct environment {
	char *rows[20];
	size_t count;
	char text[4096];
	size_t used;
};

static void variable_add(struct environment *environment, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void variable_add(struct environment *environment, const char *format, ...)
{
	char *text = environment->text + environment->used;
	size_t room = sizeof(environment->text) - environment->used;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(text, room, format, args);
	va_end(args);
	if (length < 0 || (size_t)length >= room)
		abort();
	environment->used += (size_t)length + 1;
	environment->rows[environment->count++] = text;
}

static const char *told(const char *name)
{
	return getenv(name) ? getenv(name) : "";
}

/* What tests/run tells a sanitizer, and what the program is told besides. */
static void tell_sanitizers(struct environment *environment, const struct start *how)
{
	static const char *const names[] = {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS",
					    "UBSAN_OPTIONS"};
	/* With whole stacks, tests/lsan.supp can tell the libraries apart. */
	const char *more = how->crashes ? "handle_segv=0" : "fast_unwind_on_malloc=0";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		variable_add(environment, "%s=%s:%s", names[i], told(names[i]), more);
	variable_add(environment, "MEMCHECK_REPORTS=%s", told("MEMCHECK_REPORTS"));
}

static void make_environment(struct environment *environment, const struct start *how)
{
	const char *const home = session.directory;

	if (how->extra)
		variable_add(environment, "%s", how->extra); /* of two, the first counts */
	variable_add(environment, "PATH=/usr/bin:/bin");
	variable_add(environment, "IPCTOP_TEST_BARRIER=1");
	variable_add(environment, "TERM=%s", how->term ? how->term : "xterm-256color");
	variable_add(environment, "LC_ALL=%s", how->locale ? how->locale : "C.UTF-8");
	variable_add(environment, "HOME=%s", home);
	variable_add(environment, "IPCTOP_TEST_DUMP=%s/dump", home);
	variable_add(environment, "XDG_STATE_HOME=%s/state", home);
	variable_add(environment, "XDG_CONFIG_HOME=%s/config", home);
	tell_sanitizers(environment, how);
}

static void report(int fd, enum report_kind kind, int pid, int status)
{
	struct report one = {kind, pid, status};

	if (write(fd, &one, sizeof(one)) != sizeof(one))
		_exit(3);
}

static void become_foreground(pid_t group)
{
	(void)setpgid(group, group);
	(void)tcsetpgrp(STDIN_FILENO, group);
}

/* Waits for the program, and then for everything that it left behind. */
static void watch_program(pid_t pid, int reports, int orders)
{
	int status;
	pid_t ended;
	char order;

	while ((ended = waitpid(-1, &status, WUNTRACED)) > 0) {
		if (ended != pid)
			continue;
		if (!WIFSTOPPED(status)) {
			report(reports, REPORT_ENDED, pid, status);
			continue;
		}
		(void)tcsetpgrp(STDIN_FILENO, getpgrp());
		report(reports, REPORT_STOPPED, pid, status);
		if (read(orders, &order, 1) != 1)
			_exit(0);
		(void)tcsetpgrp(STDIN_FILENO, pid);
		(void)kill(-pid, SIGCONT);
	}
	report(reports, REPORT_ALL_GONE, 0, 0);
}

static void use_terminal(const struct start *how)
{
	if (chdir(session.directory) != 0)
		_exit(3);
	(void)setsid();
	(void)ioctl(session.slave, TIOCSCTTY, 0);
	for (int fd = 0; fd < 3; fd++)
		(void)dup2(session.slave, fd);
	if (!how->tells)
		(void)dup2(open("stderr", O_WRONLY | O_CREAT | O_APPEND, 0600), STDERR_FILENO);
	(void)close(session.slave);
	(void)close(session.master);
}

static void run_program(const struct start *how, char *const *environment)
{
	static const char *const none[] = {NULL};
	const char *const *arguments = how->arguments ? how->arguments : none;
	const char *argv[32] = {getenv("IPCTOP")};

	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	(void)execve(argv[0], (char *const *)argv, environment);
	_exit(127);
}

static void run_shell(const struct start *how, char *const *environment, int reports, int orders)
{
	pid_t pid;

	use_terminal(how);
	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	/* What the program leaves behind becomes ours, and is waited for. */
	(void)prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid == 0) {
		(void)signal(SIGTTOU, SIG_IGN);
		become_foreground(getpid());
		(void)signal(SIGTTOU, SIG_DFL);
		(void)signal(SIGHUP, SIG_DFL);
		run_program(how, environment);
	}
	become_foreground(pid);
	report(reports, REPORT_STARTED, pid, 0);
	watch_program(pid, reports, orders);
	_exit(0);
}

pid_t shell_start(const struct start *how, int *reports, int *orders)
{
	static struct environment environment;
	int said[2];
	int heard[2];
	pid_t shell;

	memset(&environment, 0, sizeof(environment));
	make_environment(&environment, how);
	if (pipe2(said, O_CLOEXEC) != 0 || pipe2(heard, O_CLOEXEC) != 0)
		abort();
	shell = fork();
	if (shell == 0) {
		(void)close(said[0]);
		(void)close(heard[1]);
		run_shell(how, environment.rows, said[1], heard[0]);
	}
	(void)close(said[1]);
	(void)close(heard[0]);
	*reports = said[0];
	*orders = heard[1];
	return shell;
}
